// What is checked of a practice's, a site's and a practitioner's wish, and what becomes of it. Pure.
#pragma once

#include "core/result.hpp"
#include "directory/administration_wire.hpp"
#include "directory/reference_data.hpp"
#include "directory/setup.hpp"

namespace manent::directory
{

// As it will be stored, with its present version. /phone: not_a_phone.
result<own_practice> plan_practice(const practice_change_wish& wanted);

// Without an identifier. /insee and /time_zone: unknown_value; /postal_code: not_a_postal_code.
result<new_site> plan_site(const site_wish& wanted, const reference_data& data);

// The same of an entry, without an identifier. /national_number: not_a_national_number, wrong_key; /specialties:
// required, unknown_value, duplicate; /languages: required, unknown_value, duplicate.
result<new_practitioner> plan_entry(const entry_wish& wanted, const reference_data& data);

// "10 10005 0078" → "810100050078"; what is no number of its kind stays, for check_typed to refuse.
std::string with_prefix(std::string_view typed);

}  // namespace manent::directory
