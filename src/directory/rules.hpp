// What the directory takes from those who add to it.
#pragma once

#include "core/result.hpp"
#include "directory/setup.hpp"
#include "directory/specialties.hpp"

#include <vector>

namespace manent::directory
{

enum class number_origin
{
    typed,    // a wrong key is refused
    imported  // a wrong key is kept; the import lists it
};

// Refuses with every error at once: /practitioners/N/national_number (not_a_national_number, wrong_key),
// /practitioners/N/specialties (required, unknown_value).
result<void> check(const std::vector<new_practitioner>& added, const specialties& known, number_origin numbers);

}  // namespace manent::directory
