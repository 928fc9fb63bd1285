#include "booking/rules.hpp"

#include <algorithm>

namespace manent::booking
{

namespace
{

bool overlaps(const taken& one, span during)
{
    return one.starts_at < during.until && during.from < one.ends_at;
}

instant::duration distance(instant a, instant b)
{
    return a < b ? b - a : a - b;
}

std::vector<const taken*> occupying(const agenda_times& agenda, span during, const std::optional<uuid>& ignoring,
                                    instant now)
{
    std::vector<const taken*> found;
    for (const auto& one : agenda.taken)
    {
        if (overlaps(one, during) && occupies(one, ignoring, now)) found.push_back(&one);
    }
    return found;
}

bool lane_is_free(const std::vector<const taken*>& there, int lane)
{
    return std::none_of(there.begin(), there.end(), [&](const taken* one) { return one->lane == lane; });
}

// How many are there at the same moment, at most.
int most_at_once(const std::vector<const taken*>& there)
{
    std::ptrdiff_t most = 0;
    for (const auto* const one : there)
    {
        const auto present = std::count_if(
            there.begin(), there.end(),
            [&](const taken* other) { return other->starts_at <= one->starts_at && one->starts_at < other->ends_at; });
        most = std::max(most, present);
    }
    return static_cast<int>(most);
}

// How many patients the openings around a time admit at once; one where there is no opening.
int capacity_around(const schedule& of, span during)
{
    wall_clock clock{of.zone};
    const auto day = clock.date_of(during.from);
    int capacity = 1;
    for (const auto& one : of.openings)
    {
        if (!falls_on(one, day)) continue;
        const auto stretch = clock.stretch(day, one.starts, one.ends);
        if (stretch.from <= during.from && during.until <= stretch.until) capacity = std::max(capacity, one.capacity);
    }
    return capacity;
}

// Whether the openings, whoever they are for, and no absence cover a time.
bool is_open_for_staff(const schedule& of, span during)
{
    const auto day = date_in(of.zone, during.from);
    const auto stretches = open_stretches(of, day, day);
    const bool open = std::any_of(stretches.begin(), stretches.end(),
                                  [&](span s) { return s.from <= during.from && during.until <= s.until; });
    const bool away =
        std::any_of(of.absences.begin(), of.absences.end(),
                    [&](const absence& a) { return a.starts_at < during.until && during.from < a.ends_at; });
    return open && !away;
}

}  // namespace

std::variant<free_start, obstacle> check(const agenda_times& agenda, const wish& wanted, instant starts_at, instant now)
{
    free_time free{agenda, wanted, now};
    if (!free.is_bookable()) return obstacle::motive_not_bookable;
    if (starts_at < free.earliest()) return obstacle::too_early;
    const auto day = free.clock().date_of(starts_at);
    if (day > free.last_day()) return obstacle::too_late;
    std::vector<free_start> starts;
    free.of_day(day, starts);
    const auto found =
        std::find_if(starts.begin(), starts.end(), [&](const free_start& one) { return one.starts_at == starts_at; });
    if (found != starts.end()) return *found;
    return free.is_open_at(starts_at) ? obstacle::taken : obstacle::outside_openings;
}

problem refuse(obstacle why)
{
    switch (why)
    {
        case obstacle::motive_not_bookable:
            return refusal(problem_kind::conflict, "motive_not_bookable");
        case obstacle::too_early:
            return refusal(problem_kind::conflict, "too_early");
        case obstacle::too_late:
            return refusal(problem_kind::conflict, "too_late");
        case obstacle::outside_openings:
            return refusal(problem_kind::conflict, "outside_openings");
        case obstacle::taken:
            return refusal(problem_kind::conflict, "slot_taken");
    }
    throw std::logic_error("an obstacle without a code");
}

std::vector<instant> nearest_free(const agenda_times& agenda, const wish& wanted, instant starts_at, std::size_t count,
                                  instant now)
{
    free_time free{agenda, wanted, now};
    if (!free.is_bookable() || count == 0) return {};
    const auto first_day = free.clock().date_of(free.earliest());
    const auto wished_day = std::clamp(free.clock().date_of(starts_at), first_day, free.last_day());
    const auto nearer = [&](const free_start& a, const free_start& b)
    {
        const auto to_a = distance(a.starts_at, starts_at);
        const auto to_b = distance(b.starts_at, starts_at);
        return to_a != to_b ? to_a < to_b : a.starts_at > b.starts_at;
    };
    const int days_before = days_between(first_day, wished_day);
    const int days_after = days_between(wished_day, free.last_day());
    std::vector<free_start> found;
    for (int away = 0; away <= std::max(days_before, days_after); ++away)
    {
        if (away <= days_after) free.of_day(add_days(wished_day, away), found);
        if (away > 0 && away <= days_before) free.of_day(add_days(wished_day, -away), found);
        std::sort(found.begin(), found.end(), nearer);
        if (found.size() > count) found.resize(count);
        // Whatever the days beyond hold is at least this far: all of the days between, less a jump of the clock.
        const auto beyond = date::days{away} - std::chrono::hours{3};
        if (found.size() == count && distance(found.back().starts_at, starts_at) < beyond) break;
    }
    std::vector<instant> starts;
    for (const auto& one : found) starts.push_back(one.starts_at);
    std::sort(starts.begin(), starts.end());
    return starts;
}

std::vector<instant> next_free(const agenda_times& agenda, const wish& wanted, std::size_t count, instant now)
{
    free_time free{agenda, wanted, now};
    if (!free.is_bookable()) return {};
    std::vector<free_start> found;
    for (auto day = free.clock().date_of(free.earliest()); day <= free.last_day() && found.size() < count;
         day = add_days(day, 1))
    {
        free.of_day(day, found);
    }
    std::vector<instant> starts;
    for (const auto& one : found)
    {
        if (starts.size() < count) starts.push_back(one.starts_at);
    }
    return starts;
}

std::optional<local_date> next_free_day(free_time& free, local_date after)
{
    if (!free.is_bookable()) return std::nullopt;
    std::vector<free_start> found;
    const auto first = std::max(add_days(after, 1), free.clock().date_of(free.earliest()));
    for (auto day = first; day <= free.last_day(); day = add_days(day, 1))
    {
        free.of_day(day, found);
        if (!found.empty()) return day;
    }
    return std::nullopt;
}

instant change_until(instant starts_at, int cancel_min)
{
    return starts_at - minutes{cancel_min};
}

bool patient_may_change(state now_in, instant starts_at, int cancel_min, instant now)
{
    return now_in == state::booked && now <= change_until(starts_at, cancel_min) && now < starts_at;
}

bool may_become(state from, state into)
{
    if (from == into || into == state::held) return false;
    switch (from)
    {
        case state::held:
            return into == state::booked;
        case state::booked:
        case state::arrived:
            return true;
        case state::fulfilled:
            return into == state::arrived || into == state::booked;
        case state::noshow:
            return into == state::booked || into == state::arrived;
        case state::cancelled:
            return into == state::booked;
    }
    return false;
}

std::variant<int, obstacle> staff_lane(const agenda_times& agenda, span during, tolerance of,
                                       const std::optional<uuid>& ignoring, instant now)
{
    if (of == tolerance::nothing && !is_open_for_staff(*agenda.schedule, during)) return obstacle::outside_openings;
    const auto there = occupying(agenda, during, ignoring, now);
    const bool overbook = of == tolerance::everything;
    const int capacity = capacity_around(*agenda.schedule, during);
    if (!overbook && most_at_once(there) >= capacity) return obstacle::taken;
    for (int lane = 0; lane < (overbook ? lanes_max : capacity); ++lane)
    {
        if (lane_is_free(there, lane)) return lane;
    }
    return obstacle::taken;
}

}  // namespace manent::booking
