// Every practitioner who can be found, in memory: searched by specialty, words and filters, nearest first. An immutable
// snapshot, safe from every thread; the database stays the truth, and service reads it again when it changes.
#pragma once

#include "core/id.hpp"
#include "directory/places.hpp"
#include "directory/types.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace manent::directory
{

// A motive that patients can book, as far as search needs it.
struct listed_motive
{
    uuid motive_id;
    directory::modality modality = directory::modality::in_practice;
    bool admits_new = true;
    bool admits_known = true;
};

struct listed_site
{
    uuid site_id;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::optional<point> position;
    std::string time_zone;
};

// One agenda at one site.
struct listed_agenda
{
    uuid agenda_id;
    uuid practice_id;
    std::string practice_name;
    listed_site site;
    // In the order in which they are shown.
    std::vector<listed_motive> motives;
};

// Whom patients look for: a practitioner, or a practice whose agendas belong to no single one (SOS Médecins).
struct listed_practitioner
{
    uuid practitioner_id;  // of an organisation: its practice's
    bool is_organisation = false;
    std::string title;
    std::string given_name;
    std::string family_name;  // of an organisation: its name
    std::string specialty;    // slug, the one shown
    std::vector<std::string> specialties;
    std::optional<convention_sector> sector;
    std::vector<std::string> languages;
    std::vector<listed_agenda> agendas;
};

// What somebody looks for. Whatever is absent does not matter to them.
struct search_wish
{
    std::optional<std::string> specialty;  // slug
    // Each word must begin a word of the practitioner's, the practice's or the site's name.
    std::string words;
    // Nearest first; otherwise by name.
    std::optional<point> near;
    std::optional<directory::modality> modality;
    std::optional<bool> known;  // whether the practice already knows the patient
    std::optional<std::string> language;
    std::optional<convention_sector> sector;
    std::size_t offset = 0;
    std::size_t limit = 20;
};

struct found_agenda
{
    std::shared_ptr<const listed_practitioner> who;
    // Index into who->agendas: of those that fit, the nearest.
    std::size_t agenda = 0;
    // The first that fits; nullopt when the agenda has none and none was asked for.
    std::optional<uuid> motive_id;
    std::optional<double> distance_km;

    [[nodiscard]] const listed_agenda& where() const { return who->agendas[agenda]; }
};

struct search_result
{
    std::size_t total = 0;  // practitioners that fit
    std::vector<found_agenda> found;
};

class listing
{
public:
    explicit listing(std::vector<std::shared_ptr<const listed_practitioner>> all);

    [[nodiscard]] search_result search(const search_wish& wish) const;
    [[nodiscard]] const std::vector<std::shared_ptr<const listed_practitioner>>& all() const { return all_; }

private:
    using index = std::uint32_t;
    // One agenda, flat, so that a pass over a hundred thousand of them stays within these.
    struct row
    {
        index practitioner = 0;
        index agenda = 0;
        std::array<float, 3> direction{};  // on the unit sphere
        bool has_position = false;
        std::uint8_t offers = 0;  // a bit for each modality and kind of patient that some motive takes
    };
    struct word
    {
        std::string text;
        std::vector<index> practitioners;  // ascending
    };
    struct candidate
    {
        float distance = 0;  // square of the chord; beyond any when the site has no position
        index row = 0;
    };

    void sort_by_name();
    void add_rows(index of);
    void add_words(index of, std::unordered_map<std::string, std::vector<index>>& words) const;
    // nullopt: every practitioner. Otherwise ascending.
    [[nodiscard]] std::optional<std::vector<index>> with_words(std::string_view words) const;
    [[nodiscard]] std::vector<index> beginning_with(std::string_view prefix) const;
    // Calls `visit` with each row that the words and the specialty leave, those of one practitioner together.
    template <class Visit>
    void each_row(const search_wish& wish, Visit visit) const;
    [[nodiscard]] std::vector<candidate> candidates(const search_wish& wish) const;

    // By family name, given name.
    std::vector<std::shared_ptr<const listed_practitioner>> all_;
    std::vector<row> rows_;
    // Where each practitioner's rows begin; one more at the end.
    std::vector<index> first_row_;
    std::unordered_map<std::string, std::vector<index>> rows_by_specialty_;
    // By text.
    std::vector<word> words_;
};

}  // namespace manent::directory
