// What is put into the directory at once: a practice with its sites, agendas, motives and openings, and practitioners.
// The import, the demonstration and the administrator's first command fill these; identifiers are made by whoever fills
// them, so that the parts can refer to each other.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "directory/places.hpp"
#include "directory/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::directory
{

struct new_practitioner
{
    uuid practitioner_id;
    // SAS form: 8 and the RPPS number, or 0 and the ADELI number.
    std::optional<std::string> national_number;
    std::string title;
    std::string given_name;
    std::string family_name;
    // Slugs of data/specialties.csv; the first is the one shown. Never empty.
    std::vector<std::string> specialties;
    // TRE_R38 codes, as a registry gave them.
    std::vector<std::string> specialty_codes;
    std::optional<std::string> sector;  // c1, c2, c3, nc
    std::vector<std::string> languages{"fr"};
    std::string presentation;
};

struct new_practice
{
    std::string name;
    std::optional<std::string> phone;
    // SAS form: 1 and FINESS, or 3 and SIRET.
    std::optional<std::string> national_identifier;
};

struct new_site
{
    uuid site_id;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::optional<std::string> insee;
    std::optional<point> position;
    std::string time_zone = "Europe/Paris";
    std::string access;
    std::optional<std::string> phone;
    // What an import knows it by, so that a second import finds it; unique in its practice.
    std::optional<std::string> source_identifier;
};

struct new_agenda
{
    uuid agenda_id;
    uuid site_id;
    std::optional<uuid> practitioner_id;
    std::string name;
    int tint = 1;
    // What an agenda without a practitioner is found under; empty for a room or a device, which nobody looks for.
    std::vector<std::string> specialties;
    std::optional<std::string> source_identifier;
};

struct new_motive
{
    uuid motive_id;
    std::string label;
    int duration_min = 20;
    directory::modality modality = directory::modality::in_practice;
    std::string admits = "both";  // new, known, both
    int earliest_min = 60;
    int latest_days = 90;
    int cancel_min = 1440;
    bool repeatable = false;
    int tint = 1;
    std::string sign;
    std::string instructions;
    bool is_public = true;
    std::optional<std::string> source_identifier;
};

struct agenda_motive
{
    uuid agenda_id;
    uuid motive_id;
};

// In the wall-clock time of the agenda's site: every week, or on one date.
struct new_opening
{
    uuid opening_id;
    uuid agenda_id;
    std::optional<int> weekday;  // ISO 8601, Monday 1; or
    std::optional<local_date> on_date;
    local_time starts;
    local_time ends;
    std::optional<local_date> valid_from;
    std::optional<local_date> valid_until;
    directory::audience audience = directory::audience::everyone;
    int capacity = 1;
    std::optional<int> step_min;
    std::vector<uuid> motive_ids;
};

// Additions to one practice, which is itself new when `practice` is there.
struct practice_setup
{
    uuid practice_id;
    std::optional<new_practice> practice;
    std::vector<new_site> sites;
    std::vector<new_agenda> agendas;
    std::vector<new_motive> motives;
    std::vector<agenda_motive> links;
    std::vector<new_opening> openings;

    [[nodiscard]] bool adds_nothing() const
    {
        return !practice && sites.empty() && agendas.empty() && motives.empty() && links.empty() && openings.empty();
    }
};

}  // namespace manent::directory
