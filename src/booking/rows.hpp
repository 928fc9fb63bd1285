// How the words of booking lie in rows, where more than one statement reads them. `first` is the column of the first
// member, in the order of types.hpp.
#pragma once

#include "booking/types.hpp"
#include "directory/admission.hpp"
#include "store/rows.hpp"

#include <string_view>

namespace manent::booking
{

// motive_id, label, duration, modality, admits, earliest, latest, cancel, repeatable, tint, sign, instructions, public
motive read_motive(const store::row& from, int first);
// opening_id, weekday, on_date, starts, ends, valid_from, valid_until, audience, capacity, step, prefers, motive_ids
opening read_opening(const store::row& from, int first);
// appointment_id, starts_at, ends_at, lane, state, hold_expires_at
taken read_taken(const store::row& from, int first);

// Texts of the schema. A text that is none of them is a fault and throws std::logic_error.
state state_of(std::string_view text);
std::string_view text_of(state one);
modality modality_of(std::string_view text);
std::string_view text_of(modality one);
using directory::admission_of;
using directory::text_of;
audience audience_of(std::string_view text);
std::string_view text_of(audience one);

}  // namespace manent::booking
