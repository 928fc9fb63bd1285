// The index's snapshots by example: what a day read again replaces, and what a reader keeps.
#include "booking/availability.hpp"
#include "booking_model.hpp"

#include <gtest/gtest.h>

namespace manent::booking
{

namespace
{

using test::booked;
using test::numbered;

const instant midnight = parse_instant("2026-11-24T00:00:00Z").value();
const span tuesday{midnight, midnight + std::chrono::hours{24}};
const auto agenda = numbered(1);

schedule of_agenda()
{
    schedule made;
    made.agenda_id = agenda;
    made.zone = find_zone("Europe/Paris");
    return made;
}

}  // namespace

TEST(booking_availability, a_day_read_again_replaces_what_starts_in_it_and_nothing_else)
{
    availability index;
    index.put(of_agenda(),
              {booked(3, tuesday.until, 20), booked(2, tuesday.from, 20), booked(1, tuesday.from - minutes{1}, 20)});
    index.put_taken(agenda, tuesday, {booked(4, tuesday.from + minutes{60}, 20)});
    const auto known = index.find(agenda);
    ASSERT_EQ(known->taken.size(), 3U);
    EXPECT_EQ(known->taken[0].appointment_id, numbered(1));
    EXPECT_EQ(known->taken[1].appointment_id, numbered(4));
    EXPECT_EQ(known->taken[2].appointment_id, numbered(3));
}

TEST(booking_availability, a_new_schedule_keeps_the_times)
{
    availability index;
    index.put(of_agenda(), {booked(1, tuesday.from, 20)});
    auto changed = of_agenda();
    changed.version = 7;
    changed.absences = {{numbered(9), tuesday.until, tuesday.until + minutes{1}},
                        {numbered(8), tuesday.from, tuesday.until}};
    index.put_schedule(changed);
    const auto known = index.find(agenda);
    EXPECT_EQ(known->schedule->version, 7);
    EXPECT_EQ(known->schedule->absences[0].absence_id, numbered(8));
    EXPECT_EQ(known->taken.size(), 1U);
}

TEST(booking_availability, a_reader_keeps_its_snapshot)
{
    availability index;
    index.put(of_agenda(), {booked(1, tuesday.from, 20)});
    const auto before = index.find(agenda);
    index.put_taken(agenda, tuesday, {});
    EXPECT_EQ(before->taken.size(), 1U);
    EXPECT_TRUE(index.find(agenda)->taken.empty());
}

TEST(booking_availability, an_unknown_agenda_stays_unknown_until_its_schedule_comes)
{
    availability index;
    index.put_taken(agenda, tuesday, {booked(1, tuesday.from, 20)});
    EXPECT_EQ(index.find(agenda), nullptr);
    index.put_schedule(of_agenda());
    ASSERT_NE(index.find(agenda), nullptr);
    EXPECT_EQ(index.size(), 1U);
    index.forget(agenda);
    EXPECT_EQ(index.find(agenda), nullptr);
}

}  // namespace manent::booking
