// What the directory answers: the JSON of its routes, described once for output and for the OpenAPI document.
#pragma once

#include "core/id.hpp"
#include "core/json.hpp"
#include "directory/admission.hpp"
#include "directory/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::directory
{

struct specialty_answer
{
    std::string specialty;
    std::string label;
    bool common = false;
    int tint = 1;
    std::string title;  // before the names of those who have it: "Dr" or nothing
};
BOOST_DESCRIBE_STRUCT(specialty_answer, (), (specialty, label, common, tint, title))

struct specialties_answer
{
    std::vector<specialty_answer> items;
};
BOOST_DESCRIBE_STRUCT(specialties_answer, (), (items))

struct place_answer
{
    std::string insee;
    std::string name;
    std::string postal_code;
    std::string departement;
    // Absent overseas where no commune of the département is located.
    std::optional<double> latitude;
    std::optional<double> longitude;
};
BOOST_DESCRIBE_STRUCT(place_answer, (), (insee, name, postal_code, departement, latitude, longitude))

struct places_answer
{
    std::vector<place_answer> items;
};
BOOST_DESCRIBE_STRUCT(places_answer, (), (items))

struct site_answer
{
    uuid site_id;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(site_answer, (), (site_id, name, lines, postal_code, city, latitude, longitude, time_zone))

struct site_page_answer : site_answer
{
    std::string access;
    std::string phone;
};
BOOST_DESCRIBE_STRUCT(site_page_answer, (site_answer), (access, phone))

struct found_answer
{
    std::optional<uuid> practitioner_id;  // absent: the practice as a whole, an organisation such as SOS Médecins
    uuid practice_id;
    std::string name;
    std::string specialty;
    std::string specialty_label;
    uuid agenda_id;
    std::string practice_name;
    site_answer site;
    std::optional<double> distance_km;
    std::optional<convention_sector> sector;
    std::vector<std::string> languages;
    std::vector<modality> modalities;
    std::optional<uuid> motive_id;
    std::vector<local_instant> next_slots;
};
BOOST_DESCRIBE_STRUCT(found_answer, (),
                      (practitioner_id, practice_id, name, specialty, specialty_label, agenda_id, practice_name, site,
                       distance_km, sector, languages, modalities, motive_id, next_slots))

struct search_answer
{
    std::size_t total = 0;
    std::optional<place_answer> place;
    std::vector<found_answer> items;
};
BOOST_DESCRIBE_STRUCT(search_answer, (), (total, place, items))

struct motive_answer
{
    uuid motive_id;
    std::string label;
    int duration_min = 0;
    directory::modality modality = directory::modality::in_practice;
    admission admits = admission::both;
    int earliest_min = 0;
    int latest_days = 0;
    int cancel_min = 0;
    int tint = 1;
    std::string sign;
    std::string instructions;
};
BOOST_DESCRIBE_STRUCT(motive_answer, (),
                      (motive_id, label, duration_min, modality, admits, earliest_min, latest_days, cancel_min, tint,
                       sign, instructions))

struct agenda_answer
{
    uuid agenda_id;
    uuid practice_id;
    std::string practice_name;
    site_page_answer site;
    std::vector<motive_answer> motives;
};
BOOST_DESCRIBE_STRUCT(agenda_answer, (), (agenda_id, practice_id, practice_name, site, motives))

// Of an organisation as well: then without a practitioner.
struct practitioner_answer
{
    std::optional<uuid> practitioner_id;
    std::string name;
    std::string specialty;
    std::string specialty_label;
    std::optional<convention_sector> sector;
    std::optional<std::string> sector_label;
    std::vector<std::string> languages;
    std::string presentation;
    std::vector<agenda_answer> agendas;
};
BOOST_DESCRIBE_STRUCT(practitioner_answer, (),
                      (practitioner_id, name, specialty, specialty_label, sector, sector_label, languages, presentation,
                       agendas))

}  // namespace manent::directory
