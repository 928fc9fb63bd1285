#include "booking_model.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

namespace manent::booking::test
{

namespace
{

// Runs repeat unless somebody asks for a fresh seed by setting RC_PARAMS.
const int seeded = ::setenv("RC_PARAMS", "seed=20261126 max_success=500", 0);

// One minute of the walk, told both ways.
struct moment
{
    instant at;
    local_date day;
    int local_minute;
};

std::vector<moment> walk(time_zone zone, local_date from, local_date to)
{
    std::vector<moment> all;
    const instant first{date::sys_days{add_days(from, -2)}.time_since_epoch()};
    const instant last{date::sys_days{add_days(to, 3)}.time_since_epoch()};
    for (instant at = first; at < last; at += minutes{1})
    {
        const auto local = date::make_zoned(zone, at).get_local_time();
        const auto midnight = date::floor<date::days>(local);
        all.push_back({at, local_date{midnight}, static_cast<int>(date::floor<minutes>(local - midnight).count())});
    }
    return all;
}

// The index of the first minute at which a wall clock shows that time of that day, or any later one.
std::size_t first_minute(const std::vector<moment>& all, local_date day, local_time at)
{
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        if (all[i].day > day || (all[i].day == day && all[i].local_minute >= at.minute)) return i;
    }
    return all.size();
}

bool names_day(const opening& one, local_date day)
{
    if (one.on_date) return day == *one.on_date;
    const auto weekday = date::weekday{date::sys_days{day}};
    const bool begun = !one.valid_from || *one.valid_from <= day;
    const bool going_on = !one.valid_until || day <= *one.valid_until;
    return weekday == date::weekday{static_cast<unsigned>(*one.weekday % 7)} && begun && going_on;
}

bool is_there(const taken& one, const wish& wanted, instant now)
{
    const bool expired = one.state == state::held && *one.hold_expires_at <= now;
    return !expired && one.appointment_id != wanted.ignoring && one.state != state::cancelled;
}

// Whether nobody can be seen in that lane during that minute.
bool is_blocked(const trial& of, const opening& in, int lane, instant minute)
{
    int present = 0;
    for (const auto& one : of.agenda.taken)
    {
        if (!is_there(one, of.wanted, of.now) || one.starts_at > minute || one.ends_at <= minute) continue;
        ++present;
        if (one.lane == lane) return true;
    }
    if (present >= in.capacity) return true;
    for (const auto& away : of.agenda.schedule->absences)
    {
        if (away.starts_at <= minute && minute < away.ends_at) return true;
    }
    return false;
}

// The free stretches of one lane: minutes that touch, as [first, end) indices.
struct gap
{
    std::size_t first;
    std::size_t end;
};

std::vector<gap> gaps_of(const trial& of, const std::vector<moment>& all, const opening& in, gap stretch, int lane)
{
    std::vector<gap> found;
    for (std::size_t i = stretch.first; i < stretch.end; ++i)
    {
        if (is_blocked(of, in, lane, all[i].at)) continue;
        if (found.empty() || found.back().end != i) found.push_back({i, i});
        found.back().end = i + 1;
    }
    return found;
}

std::vector<std::size_t> starts_in(const opening& in, gap stretch, gap free, std::size_t visit, std::size_t shortest,
                                   const std::vector<moment>& all, instant earliest)
{
    const auto step = static_cast<std::size_t>(in.step_min.value_or(static_cast<int>(visit)));
    std::vector<std::size_t> every;
    std::vector<std::size_t> thrifty;
    for (std::size_t i = free.first; i + visit <= free.end; ++i)
    {
        const bool touches = i == free.first || i + visit == free.end;
        const bool on_step = (i - stretch.first) % step == 0;
        if (all[i].at < earliest || !(on_step || (in.prefers_neighbours && touches))) continue;
        every.push_back(i);
        const std::size_t before = i - free.first;
        const std::size_t after = free.end - i - visit;
        if ((before == 0 || before >= shortest) && (after == 0 || after >= shortest)) thrifty.push_back(i);
    }
    return in.prefers_neighbours && !thrifty.empty() ? thrifty : every;
}

const motive* motive_for(const trial& of)
{
    for (const auto& one : of.agenda.schedule->motives)
    {
        if (one.motive_id != of.wanted.motive_id) continue;
        const bool seen = one.is_public || of.wanted.audience != audience::everyone;
        const bool admitted =
            one.admits == admission::both || (one.admits == admission::known_patients) == of.wanted.known;
        return seen && admitted ? &one : nullptr;
    }
    return nullptr;
}

bool may_use(const opening& one, const wish& wanted)
{
    return std::count(one.motive_ids.begin(), one.motive_ids.end(), wanted.motive_id) > 0 &&
           static_cast<int>(one.audience) <= static_cast<int>(wanted.audience);
}

}  // namespace

std::vector<model_start> model_starts(const agenda_times& agenda, const wish& wanted, local_date from, local_date to,
                                      instant now)
{
    const trial of{agenda, wanted, from, to, now};
    const auto* const wished = motive_for(of);
    if (wished == nullptr) return {};
    const auto all = walk(agenda.schedule->zone, from, to);
    const auto today =
        local_date{date::floor<date::days>(date::make_zoned(agenda.schedule->zone, now).get_local_time())};
    int shortest = 480;
    for (const auto& one : agenda.schedule->motives) shortest = std::min(shortest, one.duration_min);

    std::set<instant> seen;
    std::vector<model_start> found;
    for (int lane = 0; lane < 20; ++lane)
    {
        for (auto day = from; day <= to && days_between(today, day) <= wished->latest_days; day = add_days(day, 1))
        {
            for (const auto& in : agenda.schedule->openings)
            {
                if (lane >= in.capacity || !may_use(in, wanted) || !names_day(in, day)) continue;
                const gap stretch{first_minute(all, day, in.starts), first_minute(all, day, in.ends)};
                for (const auto free : gaps_of(of, all, in, stretch, lane))
                {
                    for (const auto i :
                         starts_in(in, stretch, free, static_cast<std::size_t>(wished->duration_min),
                                   static_cast<std::size_t>(shortest), all, now + minutes{wished->earliest_min}))
                    {
                        if (seen.insert(all[i].at).second) found.push_back({all[i].at, lane});
                    }
                }
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

uuid numbered(int number)
{
    uuid id;
    id.bytes[14] = static_cast<std::uint8_t>(number / 256);
    id.bytes[15] = static_cast<std::uint8_t>(number % 256);
    return id;
}

opening weekly(int number, int weekday, int from_minute, int until_minute, std::vector<uuid> motive_ids)
{
    opening made;
    made.opening_id = numbered(number);
    made.weekday = weekday;
    made.starts = {from_minute};
    made.ends = {until_minute};
    made.motive_ids = std::move(motive_ids);
    return made;
}

taken booked(int number, instant from, int duration_min, int lane)
{
    taken made;
    made.appointment_id = numbered(number);
    made.starts_at = from;
    made.ends_at = from + minutes{duration_min};
    made.lane = lane;
    return made;
}

int between(int low, int high)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

namespace
{

bool chance(int percent)
{
    return between(0, 99) < percent;
}

local_date random_day(time_zone zone)
{
    const auto in_2026 = instant{date::sys_days{date::year{2026} / 1 / 1}.time_since_epoch()};
    if (chance(50))
    {
        // The day on which the offset next changes after some day of these years; a zone without changes has none.
        const auto info = zone->get_info(in_2026 + date::days{between(0, 900)});
        if (info.end < in_2026 + date::days{2000}) return add_days(date_in(zone, info.end), between(-1, 0));
    }
    static constexpr std::array<std::array<int, 3>, 5> odd_days{
        {{2028, 2, 28}, {2028, 2, 29}, {2026, 12, 31}, {2027, 1, 1}, {2026, 2, 28}}};
    if (chance(40))
    {
        const auto& odd = odd_days[static_cast<std::size_t>(between(0, 4))];
        return date::year{odd[0]} / odd[1] / odd[2];
    }
    return add_days(date::year{2026} / 1 / 1, between(0, 800));
}

motive random_motive(int number)
{
    motive made;
    made.motive_id = numbered(number);
    made.duration_min = *rc::gen::element(5, 7, 12, 15, 20, 30, 45, 60, 90);
    made.admits = *rc::gen::element(admission::both, admission::both, admission::both, admission::both,
                                    admission::known_patients, admission::new_patients);
    made.earliest_min = *rc::gen::element(0, 0, 0, 1, 60, 60, 720);
    made.latest_days = *rc::gen::element(1, 2, 30, 90, 90);
    made.is_public = chance(85);
    return made;
}

opening random_opening(int number, local_date from, int days, int motives)
{
    std::vector<uuid> admitted;
    for (int i = 0; i < motives; ++i)
    {
        if (i == 0 || chance(60)) admitted.push_back(numbered(i));
    }
    // Small hours are where clocks change.
    const int starts = chance(50) ? between(0, 240) : between(0, 1430);
    const int ends = std::min(1440, starts + between(1, 600));
    const auto day = add_days(from, between(0, days - 1));
    auto made = weekly(number, iso_weekday(day), starts, ends, std::move(admitted));
    if (chance(20))
    {
        made.weekday.reset();
        made.on_date = day;
    }
    if (chance(10)) made.valid_from = add_days(day, between(-1, 1));
    if (chance(10)) made.valid_until = add_days(day, between(-1, 1));
    if (chance(25)) made.audience = static_cast<audience>(between(0, 2));
    if (chance(30)) made.capacity = between(2, 3);
    if (chance(40)) made.step_min = *rc::gen::element(5, 10, 15, 20, 25, 60);
    made.prefers_neighbours = chance(30);
    return made;
}

taken random_taken(int number, instant around, instant now)
{
    auto made = booked(number, around + minutes{between(-60, 600)}, between(1, 120), chance(65) ? 0 : between(1, 3));
    if (chance(25))
    {
        made.state = state::held;
        made.hold_expires_at = now + minutes{between(-2, 2)};
    }
    return made;
}

}  // namespace

trial random_trial()
{
    trial made;
    auto schedule = std::make_shared<booking::schedule>();
    schedule->zone = find_zone(*rc::gen::element<std::string>("Europe/Paris", "Europe/Paris", "Europe/Paris",
                                                              "Asia/Beirut", "America/Havana", "Australia/Lord_Howe",
                                                              "Indian/Reunion", "America/St_Johns", "Europe/London"));
    const int days = between(1, 3);
    made.from = random_day(schedule->zone);
    made.to = add_days(made.from, days - 1);
    made.now =
        instant_of(schedule->zone, made.from, {0}) - minutes{between(-300, 2000)} + std::chrono::seconds{between(0, 1)};
    const int motives = between(1, 3);
    for (int i = 0; i < motives; ++i) schedule->motives.push_back(random_motive(i));
    const int openings = between(1, 4);
    for (int i = 0; i < openings; ++i) schedule->openings.push_back(random_opening(100 + i, made.from, days, motives));
    const auto around = [&]
    {
        const auto& near = schedule->openings[static_cast<std::size_t>(between(0, openings - 1))];
        return instant_of(schedule->zone, add_days(made.from, between(0, days - 1)), near.starts);
    };
    for (int i = between(0, 2); i > 0; --i)
    {
        const auto from = around() + minutes{between(-120, 300)};
        schedule->absences.push_back({numbered(200 + i), from, from + minutes{between(1, 240)}});
    }
    for (int i = between(0, 8); i > 0; --i) made.agenda.taken.push_back(random_taken(300 + i, around(), made.now));
    const auto by_start = [](const auto& a, const auto& b) { return a.starts_at < b.starts_at; };
    std::sort(schedule->absences.begin(), schedule->absences.end(), by_start);
    std::sort(made.agenda.taken.begin(), made.agenda.taken.end(), by_start);
    made.agenda.schedule = std::move(schedule);
    made.wanted.motive_id = numbered(chance(5) ? motives : between(0, motives - 1));
    made.wanted.known = chance(50);
    made.wanted.audience = chance(70) ? audience::everyone : static_cast<audience>(between(1, 2));
    if (!made.agenda.taken.empty() && chance(20)) made.wanted.ignoring = made.agenda.taken.front().appointment_id;
    return made;
}

}  // namespace manent::booking::test
