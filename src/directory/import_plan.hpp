// What an SAS bundle adds to the directory that is already there: pure, so that importing the same bundle twice can be
// seen to add nothing.
#pragma once

#include "directory/reference_data.hpp"
#include "directory/sas_bundle.hpp"
#include "directory/setup.hpp"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace manent::directory
{

// What the database already holds of a bundle's people, places and times.
struct known_directory
{
    std::map<std::string, uuid> practices;      // by national identifier
    std::map<std::string, uuid> practitioners;  // by national number
    // By practice and source identifier.
    std::map<std::pair<uuid, std::string>, uuid> sites;
    std::map<std::pair<uuid, std::string>, uuid> agendas;
    std::map<std::pair<uuid, std::string>, uuid> motives;
    std::set<std::pair<uuid, uuid>> links;                      // agenda, motive
    std::set<std::tuple<uuid, local_date, int, int>> openings;  // agenda, date, first and last minute
};

struct import_plan
{
    std::vector<new_practitioner> practitioners;
    // Only of practices to which something is added.
    std::vector<practice_setup> practices;
    // The bundle's own findings, and what the import adds to them, in the bundle's order.
    std::vector<sas::finding> findings;
};

import_plan plan_import(const sas::bundle& from, const reference_data& data, const known_directory& known);

// The identifiers by which the plan looks for what is known.
std::vector<std::string> practice_identifiers(const sas::bundle& from);
std::vector<std::string> practitioner_numbers(const sas::bundle& from);

// IANA name of the zone in which a département lives; Europe/Paris for all of metropolitan France and for unknown ones.
std::string time_zone_of(std::string_view departement_code);

}  // namespace manent::directory
