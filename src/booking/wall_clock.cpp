#include "booking/wall_clock.hpp"

namespace manent::booking
{

namespace
{

// No zone's offset reaches this far, so a wall-clock time that is this far from both changes is unambiguous.
constexpr std::chrono::hours furthest_offset{26};

}  // namespace

std::chrono::seconds wall_clock::offset_at(instant at)
{
    if (at < info_.begin || at >= info_.end) info_ = zone_->get_info(at);
    return info_.offset;
}

local_date wall_clock::date_of(instant at)
{
    return local_date{date::floor<date::days>(at + offset_at(at))};
}

instant wall_clock::instant_of(local_date day, local_time at)
{
    const auto as_if_utc = instant{date::sys_days{day}.time_since_epoch() + minutes{at.minute}};
    const bool unambiguous = as_if_utc - info_.begin > furthest_offset && info_.end - as_if_utc > furthest_offset;
    if (unambiguous) return as_if_utc - info_.offset;
    const auto found = manent::instant_of(zone_, day, at);
    offset_at(found);  // the next question will most likely be answered from here
    return found;
}

span wall_clock::stretch(local_date day, local_time starts, local_time ends)
{
    return {instant_of(day, starts), instant_of(day, ends)};
}

}  // namespace manent::booking
