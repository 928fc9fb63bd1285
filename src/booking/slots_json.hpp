// The answer to "which times are free between these days", written straight into text: a month of slots is built some
// thousand times a second, and a tree of JSON values would cost several times what finding the slots does.
#pragma once

#include "booking/types.hpp"

#include <string>

namespace manent::booking
{

// {"time_zone":…,"days":[{"date":…,"slots":[…]}],"next_date":…}: local dates `from` to `to`, both included, those with
// a slot; next_date is the first local day with one after `to`, or null.
std::string slots_json(const agenda_times& agenda, const wish& wanted, local_date from, local_date to, instant now);

}  // namespace manent::booking
