// Calendar arithmetic of core/time: what daylight saving skips and repeats, and what is no instant at all.
#include "core/time.hpp"

#include <gtest/gtest.h>

namespace manent
{

TEST(time, reads_and_writes_rfc_3339)
{
    const auto at = parse_instant("2026-11-26T14:00:00+01:00");
    ASSERT_TRUE(at);
    EXPECT_EQ(format_utc(*at), "2026-11-26T13:00:00Z");
    EXPECT_EQ(format_in(find_zone("Europe/Paris"), *at), "2026-11-26T14:00:00+01:00");
    EXPECT_EQ(format_utc(*parse_instant("2026-11-26T13:00:00.25Z")), "2026-11-26T13:00:00.250Z");
}

TEST(time, refuses_impossible_instants)
{
    for (const auto* text : {"2026-02-30T10:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T10:60:00Z", "2026-11-26",
                             "2026-11-26T10:00:00", "2026-11-26T10:00:00+1:00", "2026-11-26T10:00:00.Z", ""})
    {
        EXPECT_FALSE(parse_instant(text)) << text;
    }
}

TEST(time, a_skipped_wall_clock_time_moves_behind_the_gap)
{
    const auto* const paris = find_zone("Europe/Paris");
    const local_date spring{date::year{2026} / 3 / 29};
    EXPECT_EQ(format_in(paris, instant_of(paris, spring, {150})), "2026-03-29T03:00:00+02:00");
}

TEST(time, a_repeated_wall_clock_time_means_its_first_occurrence)
{
    const auto* const paris = find_zone("Europe/Paris");
    const local_date autumn{date::year{2026} / 10 / 25};
    EXPECT_EQ(format_in(paris, instant_of(paris, autumn, {150})), "2026-10-25T02:30:00+02:00");
}

TEST(time, an_unknown_zone_is_no_zone)
{
    EXPECT_EQ(find_zone("Europe/Atlantis"), nullptr);
}

}  // namespace manent
