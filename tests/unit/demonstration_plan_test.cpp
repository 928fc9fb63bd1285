// The demonstration's plan: 300 patients, the same for the same seed, and nothing that the program itself would refuse.
#include "demonstration/plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace manent::demonstration
{

namespace
{

plan planned(std::uint64_t seed)
{
    const auto from = read_content(std::filesystem::path{MANENT_DATA_FOLDER} / "demonstration.json");
    return make_plan(from, seed, parse_instant("2026-11-24T10:00:00+01:00").value(), find_zone("Europe/Paris"));
}

TEST(demonstration_plan, counts_three_hundred_patients_and_is_the_same_for_the_same_seed)
{
    const auto one = planned(7);
    const auto again = planned(7);
    EXPECT_EQ(one.patients.size(), 300U);
    ASSERT_EQ(one.appointments.size(), again.appointments.size());
    for (std::size_t i = 0; i < one.appointments.size(); ++i)
    {
        EXPECT_EQ(one.appointments[i].id, again.appointments[i].id);
        EXPECT_EQ(one.appointments[i].patient, again.appointments[i].patient);
    }
    EXPECT_NE(planned(8).patients.front().id, one.patients.front().id);
}

TEST(demonstration_plan, nobody_comes_twice_a_day_and_no_account_waits_twice_for_one_motive)
{
    const auto made = planned(7);
    const auto now = parse_instant("2026-11-24T10:00:00+01:00").value();
    std::set<std::pair<std::size_t, local_date>> days;
    std::set<std::tuple<std::size_t, std::size_t, std::size_t>> waiting;
    for (const auto& each : made.appointments)
    {
        EXPECT_TRUE(days.emplace(each.patient, date_in(find_zone("Europe/Paris"), each.starts_at)).second);
        if (made.patients[each.patient].account && each.ends_at > now)
            EXPECT_TRUE(waiting.emplace(each.patient, each.agenda, each.motive).second);
    }
}

TEST(demonstration_plan, an_observation_suits_the_age_of_whom_it_is_written_of)
{
    const auto from = read_content(std::filesystem::path{MANENT_DATA_FOLDER} / "demonstration.json");
    const auto made = planned(7);
    EXPECT_GT(made.consultations.size(), 100U);
    for (const auto& each : made.consultations)
    {
        const auto& visit = made.appointments[each.appointment];
        const auto birth = made.patients[visit.patient].birth_date;
        const auto day = date_in(find_zone("Europe/Paris"), visit.starts_at);
        const auto had_birthday = [&](int age) {
            return day >= local_date{birth.year() + date::years{age}, birth.month(), birth.day()};
        };
        const auto& specialty = from.practitioners[made.agendas[visit.agenda].practitioner].specialty;
        EXPECT_TRUE(std::ranges::any_of(
            from.observations.at(specialty), [&](const auto& one)
            { return one.texts == each.texts && had_birthday(one.from_age) && !had_birthday(one.to_age + 1); }))
            << each.texts[0] << ", born " << format_date(birth);
    }
}

TEST(demonstration_plan, the_next_working_day_is_nearly_full)
{
    const auto made = planned(7);
    std::map<std::size_t, int> today;
    for (const auto& each : made.appointments)
    {
        if (date_in(find_zone("Europe/Paris"), each.starts_at) == parse_date("2026-11-24").value())
            ++today[each.agenda];
    }
    EXPECT_EQ(today.size(), made.agendas.size());
    for (const auto& [agenda, count] : today) EXPECT_GE(count, 7) << agenda;
}

}  // namespace

}  // namespace manent::demonstration
