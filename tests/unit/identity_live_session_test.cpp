// The few seconds for which a session is remembered, and that no change is ever answered with what was before it.
#include "identity/live_session.hpp"

#include <gtest/gtest.h>

namespace manent::identity
{

namespace
{

using std::chrono::seconds;

class SessionCache : public testing::Test
{
protected:
    known_session session(seconds expires_after = seconds{3600}) const
    {
        auto made = std::make_shared<live_session>();
        made->expires_at = begin + expires_after;
        return made;
    }

    const instant begin{seconds{1'000'000}};
    const digest token{1, 2, 3};
    session_cache cache;
};

}  // namespace

TEST_F(SessionCache, RemembersForThreeSeconds)
{
    const auto kept = session();
    cache.keep(token, kept, cache.reading_began(), begin);
    EXPECT_EQ(cache.find(token, begin + seconds{2}), kept);
    EXPECT_EQ(cache.find(token, begin + seconds{3}), nullptr);
    EXPECT_EQ(cache.find(digest{9}, begin), nullptr);
}

TEST_F(SessionCache, AnExpiredSessionIsNone)
{
    cache.keep(token, session(seconds{1}), cache.reading_began(), begin);
    EXPECT_NE(cache.find(token, begin), nullptr);
    EXPECT_EQ(cache.find(token, begin + seconds{1}), nullptr);
}

TEST_F(SessionCache, AChangeIsSeenAtOnce)
{
    cache.keep(token, session(), cache.reading_began(), begin);
    cache.forget_all();
    EXPECT_EQ(cache.find(token, begin), nullptr);
}

TEST_F(SessionCache, WhatWasReadBeforeAChangeIsNotKeptAfterIt)
{
    const auto began = cache.reading_began();
    cache.forget_all();
    cache.keep(token, session(), began, begin);
    EXPECT_EQ(cache.find(token, begin), nullptr);
}

}  // namespace manent::identity
