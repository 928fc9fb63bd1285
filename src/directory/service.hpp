// The directory's acts: finding practitioners, places and specialties; a practitioner's page; what the command line
// adds. The only thing of the directory that other capabilities call.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "core/words.hpp"
#include "directory/answers.hpp"
#include "directory/listing.hpp"
#include "directory/reference_data.hpp"
#include "directory/rules.hpp"
#include "directory/setup.hpp"
#include "store/database.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace manent::directory
{

struct stored_practitioner;

// The next free starts of an agenda for a motive, at most `limit`: booking knows them, and is above.
using next_starts =
    std::function<std::vector<instant>(const uuid& agenda, const uuid& motive, bool known, std::size_t limit)>;

class service
{
public:
    // `app` must outlive the service; its thread is the only one that may call what returns a task.
    service(store::database& app, reference_data data);

    // Reads everyone who can be found; until then nobody is. Refuses as the database does.
    task<result<void>> read_everyone();
    // Reads one practice's practitioners again, whenever a hint of the outbox says that its agendas, motives or names
    // changed. A search from then on finds them as they are, at the latest after ten times as long as it takes to put
    // everyone in order: an import of a whole region must not keep the program busy with that.
    task<result<void>> read_again(uuid practice);

    // Thread-safe. When the words of the wish name a specialty ("kiné"), it is searched instead; when they name nobody
    // but begin one ("cardiolog"), as well.
    [[nodiscard]] search_result search(search_wish wish) const;
    // The same as the API answers it. `around` is the place that was asked for, if any.
    [[nodiscard]] search_answer answer_search(const search_wish& wish, const place* around, language in,
                                              const next_starts& free) const;

    // not_found when there is no such practitioner.
    task<result<practitioner_answer>> practitioner(uuid id, language in);
    // A practice of whose agendas some belong to no practitioner and can be found; not_found otherwise.
    task<result<practitioner_answer>> organisation(uuid practice, language in);

    [[nodiscard]] std::vector<specialty_answer> specialties(language in) const;
    // At most eight.
    [[nodiscard]] std::vector<place_answer> places(std::string_view text) const;

    [[nodiscard]] const reference_data& data() const { return data_; }

private:
    // Everyone as last read; takes in what changed when it is time to.
    [[nodiscard]] std::shared_ptr<const listing> current() const;
    void take_in_changes() const;
    [[nodiscard]] practitioner_answer page_of(stored_practitioner read, language in) const;

    using clock = std::chrono::steady_clock;
    using practitioners = std::vector<std::shared_ptr<const listed_practitioner>>;

    store::database& app_;
    reference_data data_;
    mutable std::shared_mutex mutex_;
    mutable std::shared_ptr<const listing> listing_;
    // Read again and not yet in the listing.
    mutable std::unordered_map<uuid, std::shared_ptr<const listed_practitioner>> changed_;
    mutable clock::time_point take_in_from_{};
};

// Acts of the command line. `as_owner` is connected as the owner of the schema: no session may make a practice.

// Refuses as rules' check() does, before anything is written.
task<result<void>> add_practitioners(store::database& as_owner, const reference_data& data,
                                     std::vector<new_practitioner> added, number_origin numbers);
// One transaction; an agenda's practitioner must be there already.
task<result<void>> set_up(store::database& as_owner, practice_setup added);

}  // namespace manent::directory
