// For which standbys a commit waits, look by look.
#include "store/standby_health.hpp"

#include <gtest/gtest.h>

namespace manent::store
{

using namespace std::chrono_literals;
using names = std::vector<std::string>;

const std::chrono::steady_clock::time_point start{std::chrono::hours{1}};

TEST(standby_health, one_is_there_from_its_second_word_on_and_away_when_it_falls_silent)
{
    standby_health health;
    EXPECT_EQ(health.look({{"a", 0, 500.0}}, start), names{});
    EXPECT_EQ(health.look({{"a", 0, 501.0}}, start + 1s), names{"a"});
    EXPECT_EQ(health.look({{"a", 50, 501.0}}, start + 2s), names{"a"});
    EXPECT_EQ(health.look({{"a", 50, 501.0}}, start + 4s), names{});
    EXPECT_EQ(health.look({{"a", 0, 505.0}}, start + 5s), names{"a"});
}

TEST(standby_health, a_clock_that_is_set_back_is_a_word_like_others)
{
    standby_health health;
    health.look({{"a", 0, 500.0}}, start);
    EXPECT_EQ(health.look({{"a", 0, 20.0}}, start + 1s), names{"a"});
}

TEST(standby_health, one_that_is_far_behind_is_away_though_it_speaks)
{
    standby_health health;
    health.look({{"a", 2'000'000, 1.0}, {"b", 10, 1.0}}, start);
    EXPECT_EQ(health.look({{"a", 1'900'000, 2.0}, {"b", 10, 2.0}}, start + 1s), names{"b"});
}

TEST(standby_health, who_does_not_stream_is_away)
{
    standby_health health;
    health.look({{"a", 0, 1.0}}, start);
    health.look({{"a", 0, 2.0}}, start + 1s);
    EXPECT_EQ(health.look({}, start + 2s), names{});
}

TEST(standby_names, travel_through_the_setting)
{
    for (const auto& each : {names{}, names{"manent_standby"}, names{"manent_standby", "manent_distant_1"}})
        EXPECT_EQ(names_in(to_setting(each)), each);
    // A commit waits for each of them.
    EXPECT_EQ(to_setting({"a", "b"}), "FIRST 2 (a, b)");
}

}  // namespace manent::store
