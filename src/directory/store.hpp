// The directory's SQL: binds and reads its statements. Reads are of the public class, in nobody's scope; what is added
// here is added by the command line, as the schema's owner, for no session may make a practice.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "directory/answers.hpp"
#include "directory/import_plan.hpp"
#include "directory/listing.hpp"
#include "directory/setup.hpp"
#include "store/database.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace manent::directory
{

// Everyone, or those with an agenda in one practice (with all of their agendas).
task<result<std::vector<std::shared_ptr<const listed_practitioner>>>> read_listed(store::database& from,
                                                                                  std::optional<uuid> practice);

// A practitioner as stored: slugs and codes, not yet in anybody's language.
struct stored_practitioner
{
    listed_practitioner who;  // without agendas
    std::string presentation;
    std::vector<agenda_answer> agendas;
};

// not_found when there is none.
task<result<stored_practitioner>> read_practitioner(store::database& from, uuid practitioner);

// The same of a practice whose agendas belong to no practitioner; not_found when it has none that can be found.
task<result<stored_practitioner>> read_organisation(store::database& from, uuid practice);

// What is known of a bundle's people and places; of openings from `first_day` on.
task<result<known_directory>> read_known(store::database& from, const std::vector<std::string>& practices,
                                         const std::vector<std::string>& practitioners, local_date first_day);

task<result<void>> write_practitioners(store::database& as_owner, const std::vector<new_practitioner>& added);
// One transaction. Raises the schedule version of each agenda whose openings or motives change, and tells readers.
task<result<void>> write_setup(store::database& as_owner, const practice_setup& added);

}  // namespace manent::directory
