// Free time and its rules against the minute-by-minute model, over random agendas with fixed seeds.
#include "booking/availability.hpp"
#include "booking/rules.hpp"
#include "booking/slots_json.hpp"
#include "booking_model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>

#include <set>

namespace manent::booking::test
{

namespace
{

std::vector<free_start> enumerate(const trial& of)
{
    free_time free{of.agenda, of.wanted, of.now};
    std::vector<free_start> starts;
    for (auto day = of.from; day <= of.to; day = add_days(day, 1)) free.of_day(day, starts);
    return starts;
}

std::string told(const trial& of, const std::vector<model_start>& starts)
{
    std::string text;
    for (const auto& one : starts)
        text += format_in(of.agenda.schedule->zone, one.starts_at) + " lane " + std::to_string(one.lane) + "\n";
    return text;
}

std::vector<model_start> as_model(const std::vector<free_start>& starts)
{
    std::vector<model_start> all;
    for (const auto& one : starts) all.push_back({one.starts_at, one.lane});
    return all;
}

bool overlap(const taken& a, const taken& b)
{
    return a.starts_at < b.ends_at && b.starts_at < a.ends_at;
}

}  // namespace

RC_GTEST_PROP(booking_rules, free_starts_are_those_of_the_model, ())
{
    const auto of = random_trial();
    const auto expected = model_starts(of.agenda, of.wanted, of.from, of.to, of.now);
    const auto found = as_model(enumerate(of));
    RC_CLASSIFY(expected.empty(), "nothing free");
    RC_LOG() << of.agenda.schedule->zone->name() << " from " << format_date(of.from) << "\nmodel\n"
             << told(of, expected) << "rules\n"
             << told(of, found);
    RC_ASSERT(found == expected);
}

RC_GTEST_PROP(booking_rules, a_start_is_offered_exactly_when_check_accepts_it, ())
{
    const auto of = random_trial();
    std::set<instant> offered;
    for (const auto& one : enumerate(of)) offered.insert(one.starts_at);
    const auto first = instant_of(of.agenda.schedule->zone, of.from, {0});
    const auto last = instant_of(of.agenda.schedule->zone, of.to, {1440});
    for (auto at = first; at < last; at += minutes{1})
    {
        const auto verdict = check(of.agenda, of.wanted, at, of.now);
        RC_ASSERT(std::holds_alternative<free_start>(verdict) == (offered.count(at) > 0));
        if (const auto* const start = std::get_if<free_start>(&verdict)) RC_ASSERT(start->starts_at == at);
        const auto just_after = check(of.agenda, of.wanted, at + std::chrono::microseconds{1}, of.now);
        RC_ASSERT(!std::holds_alternative<free_start>(just_after));
    }
}

RC_GTEST_PROP(booking_rules, patients_who_book_what_is_offered_never_exceed_the_lanes, ())
{
    auto of = random_trial();
    of.agenda.taken.clear();
    of.wanted.ignoring.reset();
    int most = 0;
    for (const auto& one : of.agenda.schedule->openings) most = std::max(most, one.capacity);
    for (int number = 500; number < 530; ++number)
    {
        const auto starts = enumerate(of);
        if (starts.empty()) break;
        const auto& chosen = starts[static_cast<std::size_t>(between(0, static_cast<int>(starts.size()) - 1))];
        auto made = booked(number, chosen.starts_at, 0, chosen.lane);
        made.ends_at = chosen.ends_at;
        int at_once = 1;
        for (const auto& other : of.agenda.taken)
        {
            RC_ASSERT(!(overlap(made, other) && made.lane == other.lane));
            at_once += overlap(made, other) && other.starts_at <= made.starts_at ? 1 : 0;
        }
        RC_ASSERT(at_once <= most);
        of.agenda.taken.push_back(made);
        std::sort(of.agenda.taken.begin(), of.agenda.taken.end(),
                  [](const taken& a, const taken& b) { return a.starts_at < b.starts_at; });
    }
}

RC_GTEST_PROP(booking_rules, each_start_lies_on_the_local_day_it_is_listed_under, ())
{
    const auto of = random_trial();
    free_time free{of.agenda, of.wanted, of.now};
    for (auto day = of.from; day <= of.to; day = add_days(day, 1))
    {
        std::vector<free_start> starts;
        free.of_day(day, starts);
        for (const auto& one : starts) RC_ASSERT(date_in(of.agenda.schedule->zone, one.starts_at) == day);
    }
}

RC_GTEST_PROP(booking_rules, the_nearest_times_are_the_nearest_of_all, ())
{
    const auto of = random_trial();
    const auto zone = of.agenda.schedule->zone;
    const auto wished = instant_of(zone, of.from, {0}) + minutes{between(-3000, 6000)};
    const auto count = static_cast<std::size_t>(between(1, 4));
    auto whole = of;
    whole.from = date_in(zone, of.now);
    whole.to = add_days(whole.from, 95);
    auto all = enumerate(whole);
    const auto away = [&](const free_start& one)
    { return one.starts_at < wished ? wished - one.starts_at : one.starts_at - wished; };
    std::sort(all.begin(), all.end(),
              [&](const free_start& a, const free_start& b)
              { return away(a) != away(b) ? away(a) < away(b) : a.starts_at > b.starts_at; });
    std::vector<instant> expected;
    for (const auto& one : all)
    {
        if (expected.size() < count) expected.push_back(one.starts_at);
    }
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(nearest_free(of.agenda, of.wanted, wished, count, of.now) == expected);
}

RC_GTEST_PROP(booking_rules, the_written_answer_holds_the_starts_and_the_next_day, ())
{
    auto of = random_trial();
    const auto zone = of.agenda.schedule->zone;
    of.to = add_days(of.to, between(-2, 0));
    const auto answer = boost::json::parse(slots_json(of.agenda, of.wanted, of.from, of.to, of.now));
    std::vector<instant> written;
    for (const auto& day : answer.at("days").as_array())
    {
        RC_ASSERT(!day.at("slots").as_array().empty());
        for (const auto& slot : day.at("slots").as_array())
        {
            const auto at = parse_instant(std::string_view{slot.as_string()});
            RC_ASSERT(at.has_value());
            RC_ASSERT(format_in(zone, *at) == std::string_view{slot.as_string()});
            RC_ASSERT(format_date(date_in(zone, *at)) == std::string_view{day.at("date").as_string()});
            written.push_back(*at);
        }
    }
    std::vector<instant> expected;
    for (const auto& one : enumerate(of)) expected.push_back(one.starts_at);
    RC_ASSERT(written == expected);
    auto later = of;
    later.from = add_days(of.to, 1);
    later.to = add_days(of.to, 95);
    const auto after = enumerate(later);
    const auto& next = answer.at("next_date");
    RC_ASSERT(next.is_null() == after.empty());
    if (!after.empty())
        RC_ASSERT(format_date(date_in(zone, after.front().starts_at)) == std::string_view{next.as_string()});
}

RC_GTEST_PROP(booking_wall_clock, agrees_with_the_zone_whatever_is_asked_before, ())
{
    const auto zone = random_trial().agenda.schedule->zone;
    wall_clock clock{zone};
    for (int i = 0; i < 50; ++i)
    {
        const auto day = add_days(date::year{2026} / 1 / 1, between(0, 800));
        const local_time at{between(0, 1440)};
        const auto expected = instant_of(zone, day, at);
        RC_ASSERT(clock.instant_of(day, at) == expected);
        RC_ASSERT(clock.date_of(expected) == date_in(zone, expected));
    }
}

RC_GTEST_PROP(booking_availability, days_read_again_in_any_order_give_what_is_there, ())
{
    const auto before = random_trial();
    const auto after = random_trial();
    availability index;
    auto schedule = *before.agenda.schedule;
    schedule.agenda_id = numbered(1);
    index.put(schedule, before.agenda.taken);
    // Hints name days; each is read again as it stands by then, twice over.
    std::set<instant> days;
    for (const auto* const trial : {&before, &after})
    {
        for (const auto& one : trial->agenda.taken) days.insert(date::floor<date::days>(one.starts_at));
    }
    for (int round = 0; round < 2; ++round)
    {
        std::vector<instant> order(days.begin(), days.end());
        if (round == 1) std::reverse(order.begin(), order.end());
        for (const auto day : order)
        {
            const span window{day, day + date::days{1}};
            std::vector<taken> there;
            for (const auto& one : after.agenda.taken)
            {
                if (one.starts_at >= window.from && one.starts_at < window.until) there.push_back(one);
            }
            index.put_taken(numbered(1), window, there);
        }
    }
    const auto known = index.find(numbered(1));
    RC_ASSERT(known != nullptr);
    std::multiset<instant> expected;
    std::multiset<instant> found;
    for (const auto& one : after.agenda.taken) expected.insert(one.starts_at);
    for (const auto& one : known->taken) found.insert(one.starts_at);
    RC_ASSERT(found == expected);
    RC_ASSERT(std::is_sorted(known->taken.begin(), known->taken.end(),
                             [](const taken& a, const taken& b) { return a.starts_at < b.starts_at; }));
}

}  // namespace manent::booking::test
