// What travels while a practice is set up on its own screens: what it says of itself, its sites and its practitioners'
// entries in the directory.
#pragma once

#include "core/id.hpp"
#include "core/json.hpp"
#include "directory/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::directory
{

struct practice_change_wish
{
    text<1, 200> name;
    // Patients read it where a site has none of its own.
    std::optional<text<0, 30>> phone;
    integer<5, 1440> session_minutes;  // how long staff stay signed in
    integer<1, 2147483647> version;
};
BOOST_DESCRIBE_STRUCT(practice_change_wish, (), (name, phone, session_minutes, version))

// The practice as its members see it.
struct own_practice
{
    uuid practice_id;
    std::string name;
    std::string phone;
    int session_minutes = 0;
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(own_practice, (), (practice_id, name, phone, session_minutes, version))

struct site_wish
{
    text<1, 200> name;
    list<text<1, 100>, 4> lines;
    text<5, 5> postal_code;
    text<5, 5> insee;  // of GET /places
    std::optional<text<0, 1000>> access;
    std::optional<text<0, 30>> phone;
    // The commune's own when absent.
    std::optional<text<1, 60>> time_zone;
};
BOOST_DESCRIBE_STRUCT(site_wish, (), (name, lines, postal_code, insee, access, phone, time_zone))

struct site_change_wish : site_wish
{
    integer<1, 2147483647> version;
};
BOOST_DESCRIBE_STRUCT(site_change_wish, (site_wish), (version))

// A site as the practice sees its own.
struct own_site
{
    uuid site_id;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::optional<std::string> insee;  // absent where an import did not recognise the commune
    std::string access;
    std::string phone;
    std::string time_zone;
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(own_site, (), (site_id, name, lines, postal_code, city, insee, access, phone, time_zone, version))

struct own_sites
{
    std::vector<own_site> items;
};
BOOST_DESCRIBE_STRUCT(own_sites, (), (items))

// Who a practitioner is, as the directory tells everyone.
struct entry_wish
{
    // RPPS (11 digits) or ADELI (9 characters), spaces allowed; absent for those who have none.
    std::optional<text<0, 20>> national_number;
    text<0, 20> title;
    text<1, 100> given_name;
    text<1, 100> family_name;
    list<text<1, 60>, 5> specialties;  // slugs; the first is the one shown
    std::optional<convention_sector> sector;
    list<text<2, 3>, 12> languages;  // ISO 639
};
BOOST_DESCRIBE_STRUCT(entry_wish, (), (national_number, title, given_name, family_name, specialties, sector, languages))

// With the agenda that is opened at once.
struct practitioner_wish : entry_wish
{
    uuid site_id;
    std::optional<text<0, 200>> agenda_name;  // the practitioner's when absent or empty
    integer<1, 8> tint;
};
BOOST_DESCRIBE_STRUCT(practitioner_wish, (entry_wish), (site_id, agenda_name, tint))

struct entry_change_wish : entry_wish
{
    integer<1, 2147483647> version;
    std::optional<text<0, 4000>> presentation;
};
BOOST_DESCRIBE_STRUCT(entry_change_wish, (entry_wish), (version, presentation))

// A practitioner of the practice, as its administrator sees them.
struct own_practitioner
{
    uuid practitioner_id;
    std::string name;
    std::optional<std::string> national_number;  // without the prefix of the SAS
    std::string title;
    std::string given_name;
    std::string family_name;
    std::vector<std::string> specialties;
    std::string specialty_label;
    std::optional<convention_sector> sector;
    std::vector<std::string> languages;
    std::string presentation;
    int version = 1;
    bool may_change = false;           // whether the one asking may
    std::vector<std::string> kept_by;  // the names of the practices that answer for the entry
};
BOOST_DESCRIBE_STRUCT(own_practitioner, (),
                      (practitioner_id, name, national_number, title, given_name, family_name, specialties,
                       specialty_label, sector, languages, presentation, version, may_change, kept_by))

struct own_practitioners
{
    std::vector<own_practitioner> items;
};
BOOST_DESCRIBE_STRUCT(own_practitioners, (), (items))

struct added_practitioner
{
    uuid practitioner_id;
    uuid agenda_id;
};
BOOST_DESCRIBE_STRUCT(added_practitioner, (), (practitioner_id, agenda_id))

}  // namespace manent::directory
