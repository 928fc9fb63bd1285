// National numbers: practitioners (RPPS, ADELI) and organisations (FINESS, SIREN, SIRET), bare as people type them and
// with the one-digit prefix under which the health directories and the SAS exchange them.
#pragma once

#include <string>
#include <string_view>

namespace manent::directory
{

enum class number_check
{
    valid,
    // The right shape with a wrong key: a typed number is refused, an imported one is kept with a warning.
    wrong_key,
    // Not a number of its kind at all.
    malformed
};

// Digits only, 1 to 32 of them, whose Luhn sum (ISO/IEC 7812-1) ends in 0.
bool luhn_holds(std::string_view digits);

// An RPPS number: 11 digits, the last of which is the Luhn key. Spaces are not removed here.
number_check check_rpps(std::string_view number);

enum class practitioner_number_kind
{
    rpps,   // prefix 8, 11 digits
    adeli,  // prefix 0, 9 characters; has no key that is published for every profession
    unknown
};

struct practitioner_number
{
    practitioner_number_kind kind = practitioner_number_kind::unknown;
    // Without the prefix.
    std::string number;
    number_check check = number_check::malformed;
};

// Reads "8" + RPPS or "0" + ADELI.
practitioner_number read_practitioner_number(std::string_view prefixed);

enum class organisation_number_kind
{
    adeli_practice,  // prefix 0
    finess,          // prefix 1, 9 characters
    siren,           // prefix 2, 9 digits
    siret,           // prefix 3, 14 digits
    rpps_practice,   // prefix 4, RPPS number and rank
    unknown
};

struct organisation_number
{
    organisation_number_kind kind = organisation_number_kind::unknown;
    // Without the prefix.
    std::string number;
    bool well_formed = false;
};

// Reads an organisation's identifier (type IDNST) with its prefix. Its shape is looked at, never its key:
// establishments of one national operator carry SIRET numbers without one, and published FINESS examples have none that
// holds.
organisation_number read_organisation_number(std::string_view prefixed);

}  // namespace manent::directory
