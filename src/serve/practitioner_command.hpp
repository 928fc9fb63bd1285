// `manent admin practitioner`: adds a practitioner with an agenda to a practice, so that a new installation can begin
// without importing anything. Opening hours and further motives are set on the practice's own screens.
#pragma once

#include "core/config.hpp"

#include <string>
#include <vector>

namespace manent::serve
{

struct practitioner_wish
{
    std::string practice;  // identifier or exact name
    std::string number;    // RPPS (11 digits) or ADELI (9); may be empty
    std::string title;
    std::string given_name;
    std::string family_name;
    std::string specialty;  // slug of data/specialties.csv
    std::string sector;     // c1, c2, c3, nc; may be empty
    // Of a new site; all empty takes the practice's only one.
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::string email;  // of the account that is theirs; may be empty
};

// Throws std::runtime_error that names the option, the rule and the way on. What is typed is checked before anything is
// added; practitioner, agenda and account are then written one after the other.
int add_practitioner(const config& settings, const practitioner_wish& wish);

}  // namespace manent::serve
