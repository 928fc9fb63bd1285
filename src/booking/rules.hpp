// What may be booked, moved and cancelled, and why not. Pure: no I/O, no clock, no SQL. Every answer is as good as the
// agenda it was given; races are decided by the database.
#pragma once

#include "booking/free_time.hpp"
#include "booking/types.hpp"
#include "core/result.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace manent::booking
{

// Why a wished start cannot be had, in the order in which a person should hear it: what no other time would cure first.
enum class obstacle
{
    motive_not_bookable,
    too_early,
    too_late,
    outside_openings,
    taken
};

// The free start that a wish gets, or what stands in its way. Accepts exactly what free_time enumerates.
std::variant<free_start, obstacle> check(const agenda_times& agenda, const wish& wanted, instant starts_at,
                                         instant now);

// The refusal as clients see it: a conflict with its stable code.
problem refuse(obstacle why);

// At most `count` free starts nearest to a wished one, ascending; of two equally near ones the later.
std::vector<instant> nearest_free(const agenda_times& agenda, const wish& wanted, instant starts_at, std::size_t count,
                                  instant now);

// The first free starts from `now` on, ascending, at most `count`; what search results show.
std::vector<instant> next_free(const agenda_times& agenda, const wish& wanted, std::size_t count, instant now);

// The first local day after `after` that has a free start.
std::optional<local_date> next_free_day(free_time& free, local_date after);

// Until when a patient may move or cancel.
instant change_until(instant starts_at, int cancel_min);
bool patient_may_change(state now_in, instant starts_at, int cancel_min, instant now);

// Which states staff may set after which. Marks set by mistake can be taken back; a cancelled appointment may return
// while its time is still free.
bool may_become(state from, state into);

// What staff were told of and book all the same.
enum class tolerance
{
    nothing,
    closed_time,  // outside the openings, in an absence
    everything    // and more patients than the openings admit
};

// The lane for an appointment made by staff, or what they should be told of: it lies outside the openings or in an
// absence, or there are as many patients as the openings around it admit (one at least).
std::variant<int, obstacle> staff_lane(const agenda_times& agenda, span during, tolerance of,
                                       const std::optional<uuid>& ignoring, instant now);

}  // namespace manent::booking
