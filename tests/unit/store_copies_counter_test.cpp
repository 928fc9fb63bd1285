// Counting copies for many at once, against a primary that answers as told.
#include "store/copies_counter.hpp"

#include "core/wait.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

namespace manent::store
{

namespace
{

rows one_row(const std::vector<std::string>& values)
{
    PGresult* const made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
    std::vector<PGresAttDesc> columns(values.size());
    for (auto& each : columns) each.name = const_cast<char*>("column");
    PQsetResultAttrs(made, static_cast<int>(columns.size()), columns.data());
    for (int i = 0; i < static_cast<int>(values.size()); ++i)
    {
        auto value = values[static_cast<std::size_t>(i)];
        PQsetvalue(made, 0, i, value.data(), static_cast<int>(value.size()));
    }
    return rows{made};
}

// One standby, sender 7. Each standing is told once, the last one again and again.
struct primary
{
    struct standing
    {
        std::string server_start;
        int own;
        int flushed_to;
        bool synchronous = true;
        int commit = 0;  // where the newest commit of origin 3 ends; 0: the server does not tell
    };

    task<std::optional<std::vector<rows>>> answer(unit asked)
    {
        const auto name = asked.statements().front().what.name;
        std::vector<rows> told;
        if (name == "store.standbys")
        {
            told.push_back(one_row({"7", "manent_standby", "127.0.0.1"}));
            co_return told;
        }
        ++asked_for;
        if (standings.empty()) co_return std::nullopt;
        const auto now = standings.front();
        if (standings.size() > 1) standings.pop_front();
        told.push_back(
            one_row({now.server_start, std::to_string(now.own), "{7}", "{" + std::to_string(now.flushed_to) + "}",
                     now.synchronous ? "{1}" : "{0}", now.commit == 0 ? "{}" : "{3}",
                     now.commit == 0 ? "{}" : "{" + std::to_string(now.commit) + "}"}));
        co_return told;
    }

    std::deque<standing> standings;
    int asked_for = 0;
};

class counting : public testing::Test
{
protected:
    copies count(const std::string& server_start, std::optional<int> commit_origin = std::nullopt)
    {
        const auto counter = std::make_shared<copies_counter>(
            on.get_executor(), [this](unit asked) { return there.answer(std::move(asked)); }, true);
        return wait_for(on, counter->count(server_start, commit_origin));
    }

    boost::asio::io_context on;
    primary there;
};

}  // namespace

TEST_F(counting, one_question_is_enough_when_the_standby_has_all)
{
    there.standings = {{"monday", 100, 100}};
    EXPECT_EQ(count("monday").count, 2);
    EXPECT_EQ(there.asked_for, 1);
}

TEST_F(counting, waits_for_what_was_there_at_the_first_question_and_for_nothing_later)
{
    there.standings = {{"monday", 100, 90}, {"monday", 200, 99}, {"monday", 300, 100}};
    EXPECT_EQ(count("monday").count, 2);
    EXPECT_EQ(there.asked_for, 3);
}

TEST_F(counting, a_commit_of_known_place_waits_for_nothing_that_others_wrote_since)
{
    there.standings = {{"monday", 200, 100, true, 100}};
    EXPECT_EQ(count("monday", 3).count, 2);
    EXPECT_EQ(there.asked_for, 1);
}

TEST_F(counting, a_commit_of_known_place_is_no_second_copy_before_the_standby_has_it)
{
    there.standings = {{"monday", 200, 99, true, 100}};
    EXPECT_EQ(count("monday", 3).count, 1);
}

TEST_F(counting, a_later_commit_of_the_same_connection_is_not_waited_for)
{
    there.standings = {{"monday", 200, 99, true, 100}, {"monday", 300, 100, true, 300}};
    EXPECT_EQ(count("monday", 3).count, 2);
    EXPECT_EQ(there.asked_for, 2);
}

TEST_F(counting, where_the_server_does_not_tell_a_commits_place_its_present_one_stands_in)
{
    there.standings = {{"monday", 200, 100}, {"monday", 300, 200}};
    EXPECT_EQ(count("monday", 3).count, 2);
    EXPECT_EQ(there.asked_for, 2);
}

TEST_F(counting, a_standby_that_stays_behind_is_no_copy)
{
    there.standings = {{"monday", 100, 99}};
    EXPECT_EQ(count("monday").count, 1);
    EXPECT_GT(there.asked_for, 1);
}

TEST_F(counting, a_standby_that_no_commit_waits_for_counts_by_what_it_has)
{
    there.standings = {{"monday", 100, 99, false}, {"monday", 120, 100, false}};
    EXPECT_EQ(count("monday").count, 2);
}

TEST_F(counting, the_server_that_took_the_place_of_the_first_says_nothing_of_its_commits)
{
    there.standings = {{"tuesday", 100, 100}};
    EXPECT_EQ(count("monday").count, 1);
}

TEST_F(counting, a_server_that_is_replaced_while_one_waits_is_not_believed)
{
    there.standings = {{"monday", 100, 90}, {"tuesday", 500, 500}};
    EXPECT_EQ(count("monday").count, 1);
}

TEST_F(counting, no_answer_is_one_copy)
{
    EXPECT_EQ(count("monday").count, 1);
}

TEST_F(counting, who_comes_during_a_question_is_answered_by_the_next)
{
    there.standings = {{"monday", 100, 100}, {"monday", 100, 60}, {"monday", 100, 100}};
    std::shared_ptr<copies_counter> counter;
    std::optional<copies> second;
    bool begun = false;
    counter = std::make_shared<copies_counter>(
        on.get_executor(),
        [&](unit asked) -> task<std::optional<std::vector<rows>>>
        {
            if (!std::exchange(begun, true))
            {
                boost::asio::co_spawn(on, counter->count("monday", std::nullopt),
                                      [&](const std::exception_ptr&, const copies& counted) { second = counted; });
                // The second one is waiting before the first one's answer comes.
                for (int turn = 0; turn < 3; ++turn) co_await boost::asio::post(on, boost::asio::use_awaitable);
            }
            co_return co_await there.answer(std::move(asked));
        },
        true);
    EXPECT_EQ(wait_for(on, counter->count("monday", std::nullopt)).count, 2);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->count, 2);
    EXPECT_EQ(there.asked_for, 3);
}

}  // namespace manent::store
