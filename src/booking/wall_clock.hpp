// Openings are wall-clock rules, bookings are instants: this turns one into the other for a range of days, asking the
// time-zone database once per change of offset instead of once per time.
#pragma once

#include "core/time.hpp"

#include <date/tz.h>

namespace manent::booking
{

// Half-open: the end belongs to what comes after.
struct span
{
    instant from;
    instant until;

    [[nodiscard]] bool empty() const { return until <= from; }
    bool operator==(const span&) const = default;
};

// Remembers the offset in force around the last question. Cheap when questions come in order; not to be shared between
// threads.
class wall_clock
{
public:
    explicit wall_clock(time_zone zone) : zone_(zone) {}

    // As manent::instant_of: behind the gap for a skipped time, the first occurrence of a repeated one.
    instant instant_of(local_date day, local_time at);
    // The offset from UTC in force at an instant.
    std::chrono::seconds offset_at(instant at);
    local_date date_of(instant at);

    // From the first instant of a wall-clock stretch of one day to the first instant of its end. A stretch that
    // daylight saving skips is empty; one across a repeated hour is an hour longer than its wall-clock times say.
    span stretch(local_date day, local_time starts, local_time ends);

private:
    time_zone zone_;
    date::sys_info info_{};  // empty until the first question
};

}  // namespace manent::booking
