#include "booking/free_time.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace manent::booking
{

namespace
{

bool overlap(instant from, instant until, span other)
{
    return from < other.until && other.from < until;
}

bool contains(const std::vector<uuid>& ids, const uuid& id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Sorts spans and unites those that overlap or touch.
void unite(std::vector<span>& spans)
{
    std::sort(spans.begin(), spans.end(), [](span a, span b) { return a.from < b.from; });
    std::size_t kept = 0;
    for (const span one : spans)
    {
        if (kept > 0 && one.from <= spans[kept - 1].until)
            spans[kept - 1].until = std::max(spans[kept - 1].until, one.until);
        else spans[kept++] = one;
    }
    spans.resize(kept);
}

int shortest_visit(const schedule& of)
{
    int shortest = visit_min_max;
    for (const auto& one : of.motives) shortest = std::min(shortest, one.duration_min);
    return shortest;
}

}  // namespace

bool falls_on(const opening& one, local_date day)
{
    if (one.on_date) return *one.on_date == day;
    if (one.valid_from && day < *one.valid_from) return false;
    if (one.valid_until && day > *one.valid_until) return false;
    return one.weekday == iso_weekday(day);
}

std::vector<span> open_stretches(const schedule& of, local_date from, local_date to)
{
    wall_clock clock{of.zone};
    std::vector<span> stretches;
    for (auto day = from; day <= to; day = add_days(day, 1))
    {
        for (const auto& one : of.openings)
        {
            if (!falls_on(one, day)) continue;
            const auto stretch = clock.stretch(day, one.starts, one.ends);
            if (!stretch.empty()) stretches.push_back(stretch);
        }
    }
    unite(stretches);
    return stretches;
}

const motive* bookable_motive(const schedule& of, const wish& wanted)
{
    const auto found = std::find_if(of.motives.begin(), of.motives.end(),
                                    [&](const motive& one) { return one.motive_id == wanted.motive_id; });
    if (found == of.motives.end()) return nullptr;
    if (!found->is_public && wanted.audience == audience::everyone) return nullptr;
    if (found->admits == admission::new_patients && wanted.known) return nullptr;
    if (found->admits == admission::known_patients && !wanted.known) return nullptr;
    return &*found;
}

bool occupies(const taken& one, const std::optional<uuid>& ignoring, instant now)
{
    if (one.state == state::cancelled || one.appointment_id == ignoring) return false;
    return one.state != state::held || !one.hold_expires_at || *one.hold_expires_at > now;
}

free_time::free_time(const agenda_times& agenda, const wish& wanted, instant now)
    : agenda_(agenda),
      wanted_(wanted),
      now_(now),
      motive_(bookable_motive(*agenda.schedule, wanted)),
      clock_(agenda.schedule->zone)
{
    const auto& schedule = *agenda.schedule;
    last_day_ = clock_.date_of(now);
    earliest_ = now;
    if (motive_ == nullptr) return;
    duration_ = minutes{motive_->duration_min};
    shortest_ = minutes{shortest_visit(schedule)};
    earliest_ = now + minutes{motive_->earliest_min};
    last_day_ = add_days(last_day_, motive_->latest_days);
    for (const auto& one : schedule.openings)
    {
        if (one.audience <= wanted_.audience && contains(one.motive_ids, wanted_.motive_id)) openings_.push_back(&one);
    }
}

template <class Visit>
void free_time::each_opening(local_date day, Visit visit)
{
    for (const auto* const one : openings_)
    {
        if (!falls_on(*one, day)) continue;
        const auto stretch = clock_.stretch(day, one->starts, one->ends);
        if (!stretch.empty()) visit(*one, stretch);
    }
}

minutes free_time::step_of(const opening& in) const
{
    return in.step_min ? minutes{*in.step_min} : duration_;
}

// Fills overlapping_ and closed_ with what concerns a stretch.
void free_time::collect_busy(span within, int capacity)
{
    overlapping_.clear();
    closed_.clear();
    const auto& all = agenda_.taken;
    auto one = std::lower_bound(all.begin(), all.end(), within.from - visit_max,
                                [](const taken& t, instant at) { return t.starts_at < at; });
    for (; one != all.end() && one->starts_at < within.until; ++one)
    {
        if (one->ends_at > within.from && occupies(*one, wanted_.ignoring, now_)) overlapping_.push_back(&*one);
    }
    for (const auto& away : agenda_.schedule->absences)
    {
        if (away.starts_at >= within.until) break;
        if (away.ends_at > within.from) closed_.push_back({away.starts_at, away.ends_at});
    }
    add_crowded(capacity);
}

// Closes the time during which as many patients as the opening admits are there already, whatever lanes they have: a
// lane that staff overbooked counts, so that cancelling a lower one does not let two people meet.
void free_time::add_crowded(int capacity)
{
    if (capacity == 1)
    {
        for (const auto* const one : overlapping_) closed_.push_back({one->starts_at, one->ends_at});
        return;
    }
    // The instants at which those who have begun will have left; never more than are there at once.
    ends_.clear();
    for (const auto* const one : overlapping_)
    {
        std::erase_if(ends_, [&](instant end) { return end <= one->starts_at; });
        ends_.push_back(one->ends_at);
        if (std::cmp_less(ends_.size(), capacity)) continue;
        // From here until enough of them have left.
        std::sort(ends_.begin(), ends_.end());
        closed_.push_back({one->starts_at, ends_[ends_.size() - static_cast<std::size_t>(capacity)]});
    }
}

void free_time::busy_of_lane(int lane, int capacity)
{
    busy_ = closed_;
    if (capacity > 1)
    {
        for (const auto* const one : overlapping_)
        {
            if (one->lane == lane) busy_.push_back({one->starts_at, one->ends_at});
        }
    }
    unite(busy_);
}

// The starts within one free gap of a stretch, ascending. `gap` lies between two busy times or the stretch's ends.
void free_time::starts_between(span gap, const opening& in, span stretch, int lane, std::vector<free_start>& into)
{
    if (gap.until - gap.from < duration_) return;
    const auto add = [&](instant at)
    {
        if (at >= earliest_) into.push_back({at, at + duration_, lane});
    };
    const auto first_kept = static_cast<std::ptrdiff_t>(into.size());
    const instant last = gap.until - duration_;
    const instant::duration step = step_of(in);
    const auto steps_before = (gap.from - stretch.from + step - instant::duration{1}) / step;
    if (in.prefers_neighbours) add(gap.from);
    for (instant at = stretch.from + steps_before * step; at <= last; at += step)
    {
        if (!in.prefers_neighbours || (at != gap.from && at != last)) add(at);
    }
    if (!in.prefers_neighbours) return;
    if (last != gap.from) add(last);

    const auto is_useful = [&](instant::duration rest) { return rest == minutes{0} || rest >= shortest_; };
    const auto wastes_nothing = [&](const free_start& start)
    { return is_useful(start.starts_at - gap.from) && is_useful(gap.until - start.ends_at); };
    const auto first = into.begin() + first_kept;
    if (std::any_of(first, into.end(), wastes_nothing))
        into.erase(std::remove_if(first, into.end(), std::not_fn(wastes_nothing)), into.end());
}

void free_time::of_day(local_date day, std::vector<free_start>& into)
{
    if (motive_ == nullptr || day > last_day_) return;
    const auto first = static_cast<std::ptrdiff_t>(into.size());
    each_opening(day,
                 [&](const opening& in, span stretch)
                 {
                     if (stretch.until <= earliest_) return;
                     collect_busy(stretch, in.capacity);
                     for (int lane = 0; lane < in.capacity; ++lane)
                     {
                         busy_of_lane(lane, in.capacity);
                         instant from = stretch.from;
                         for (const span busy : busy_)
                         {
                             starts_between({from, std::min(busy.from, stretch.until)}, in, stretch, lane, into);
                             from = busy.until;
                         }
                         starts_between({from, stretch.until}, in, stretch, lane, into);
                     }
                 });
    // Lanes and overlapping openings give the same start more than once, and out of order.
    const auto by_start_and_lane = [](const free_start& a, const free_start& b)
    { return a.starts_at != b.starts_at ? a.starts_at < b.starts_at : a.lane < b.lane; };
    const auto by_start = [](const free_start& a, const free_start& b) { return a.starts_at == b.starts_at; };
    if (!std::is_sorted(into.begin() + first, into.end(), by_start_and_lane))
        std::sort(into.begin() + first, into.end(), by_start_and_lane);
    into.erase(std::unique(into.begin() + first, into.end(), by_start), into.end());
}

bool free_time::is_open_at(instant starts_at)
{
    if (motive_ == nullptr) return false;
    const instant ends_at = starts_at + duration_;
    const auto& absences = agenda_.schedule->absences;
    const bool away = std::any_of(absences.begin(), absences.end(),
                                  [&](const absence& a) {
                                      return overlap(starts_at, ends_at, {a.starts_at, a.ends_at});
                                  });
    if (away) return false;
    bool open = false;
    each_opening(clock_.date_of(starts_at),
                 [&](const opening& in, span stretch)
                 {
                     if (starts_at < stretch.from || ends_at > stretch.until) return;
                     const instant::duration step = step_of(in);
                     open = open || in.prefers_neighbours || (starts_at - stretch.from) % step == minutes{0};
                 });
    return open;
}

}  // namespace manent::booking
