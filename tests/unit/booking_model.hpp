// The slow and obvious model of free time, minute by minute, that the rules of booking are held against, and the
// random agendas that both are tried on. It shares no arithmetic with the program.
#pragma once

#include "booking/types.hpp"

#include <vector>

namespace manent::booking::test
{

struct model_start
{
    instant starts_at;
    int lane;

    auto operator<=>(const model_start&) const = default;
};

// The free starts between two local dates, found by walking every minute.
std::vector<model_start> model_starts(const agenda_times& agenda, const wish& wanted, local_date from, local_date to,
                                      instant now);

// One trial: an agenda around some days, what is wished, and the present.
struct trial
{
    agenda_times agenda;
    wish wanted;
    local_date from;
    local_date to;
    instant now;
};

// A random trial, for rapidcheck; days lie around changes of offset, leap days and turns of the year more often than
// not, in zones that change at midnight, by half an hour, or never.
trial random_trial();

// A random number of a trial, both ends included; the whole range from the first trial on, where rapidcheck would begin
// with small numbers.
int between(int low, int high);

uuid numbered(int number);
opening weekly(int number, int weekday, int from_minute, int until_minute, std::vector<uuid> motive_ids);
taken booked(int number, instant from, int duration_min, int lane = 0);

}  // namespace manent::booking::test
