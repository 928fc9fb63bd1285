// The trail against a database that can be away, slow to come back, or refuse: what is noted is written once, and what
// is given up is counted.
#include "audit/queued_trail.hpp"
#include "store/problems.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

namespace manent::audit
{

namespace
{

namespace asio = boost::asio;

enum class mood
{
    well,
    away,
    faulty
};

// Counts the events of each batch by the commas of its first array.
class recording_database final : public store::database
{
public:
    std::deque<mood> moods;  // one a write, then well
    std::vector<std::size_t> batches;

    task<result<std::vector<store::rows>>> read(const store::unit&) override { co_return std::vector<store::rows>{}; }

    task<result<store::written>> write(const store::unit& asked) override
    {
        const auto now_is = moods.empty() ? mood::well : moods.front();
        if (!moods.empty()) moods.pop_front();
        if (now_is == mood::away) co_return refusal(problem_kind::unavailable, "unavailable");
        if (now_is == mood::faulty) throw store::database_fault{"23514"};
        EXPECT_TRUE(asked.is_repeatable());
        const auto& ids = *asked.statements().front().parameters.at(1).value;
        batches.push_back(static_cast<std::size_t>(std::ranges::count(ids, ',')) + 1);
        co_return store::written{};
    }

    task<store::copies> count_copies(const store::written&) override { co_return store::copies{}; }
    task<store::copies> count_copies_of_seen(const store::written&) override { co_return store::copies{}; }
    task<store::copies> count_copies_of_all() override { co_return store::copies{}; }

    [[nodiscard]] std::size_t written() const
    {
        std::size_t sum = 0;
        for (const auto each : batches) sum += each;
        return sum;
    }
};

access some_access()
{
    return {new_uuid(), new_uuid(), new_uuid(), action::read, subject::record, std::nullopt, "request"};
}

class Trail : public testing::Test
{
protected:
    void flush()
    {
        asio::co_spawn(on, trail->flush(), asio::detached);
        on.restart();
        on.run();
    }

    asio::io_context on{1};
    recording_database db;
    std::unique_ptr<queued_trail> trail = make_trail(db);
};

}  // namespace

TEST_F(Trail, WritesInBatches)
{
    for (int i = 0; i < 2500; ++i) trail->note(some_access());
    flush();
    EXPECT_EQ(db.batches, (std::vector<std::size_t>{1000, 1000, 500}));
    EXPECT_EQ(trail->lost(), 0U);
}

TEST_F(Trail, OneRequestTouchesAThingOnce)
{
    const auto once = some_access();
    trail->note(once);
    trail->note(once);
    auto other = once;
    other.request_id = "another";
    trail->note(other);
    flush();
    EXPECT_EQ(db.written(), 2U);
}

TEST_F(Trail, WaitsWhileTheDatabaseIsAway)
{
    db.moods = {mood::away, mood::away, mood::away};
    for (int i = 0; i < 10; ++i) trail->note(some_access());
    flush();
    EXPECT_EQ(db.written(), 10U);
    EXPECT_EQ(trail->lost(), 0U);
}

TEST_F(Trail, FlushingEndsEvenWhenTheDatabaseStaysAway)
{
    db.moods.assign(1000, mood::away);
    trail->note(some_access());
    flush();
    EXPECT_EQ(db.written(), 0U);
    db.moods.clear();
    flush();
    EXPECT_EQ(db.written(), 1U);
}

TEST_F(Trail, ABatchThatTheDatabaseRefusesIsCountedAndDoesNotBlockTheNext)
{
    db.moods = {mood::faulty};
    for (int i = 0; i < 1001; ++i) trail->note(some_access());
    flush();
    EXPECT_EQ(db.batches, std::vector<std::size_t>{1});
    EXPECT_EQ(trail->lost(), 1000U);
}

TEST_F(Trail, WhatIsBeyondTheBoundIsCounted)
{
    trail = make_trail(db, 5);
    for (int i = 0; i < 8; ++i) trail->note(some_access());
    EXPECT_EQ(trail->lost(), 3U);
    flush();
    EXPECT_EQ(db.written(), 5U);
}

TEST_F(Trail, WritesByItselfWithinASecondAndTheRestAtTheEnd)
{
    asio::co_spawn(on, trail->run(), asio::detached);
    trail->note(some_access());
    on.run_for(std::chrono::milliseconds{900});
    EXPECT_EQ(db.written(), 1U);
    trail->note(some_access());
    trail->stop();
    on.run_for(std::chrono::milliseconds{100});
    EXPECT_EQ(db.written(), 2U);
}

}  // namespace manent::audit
