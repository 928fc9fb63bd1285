// What store decides without a database: how many copies may be claimed, how SQLSTATE becomes a refusal, and values
// that travel as text.
#include "store/copies.hpp"
#include "store/problems.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

namespace manent::store
{

enum class season
{
    summer,
    winter
};
BOOST_DESCRIBE_ENUM(season, summer, winter)

const standbys_by_sender here{{1, {"one", std::nullopt}}, {2, {"other", std::nullopt}}};

TEST(copies, only_a_standby_that_reached_the_position_counts)
{
    const std::vector<flushed_position> flushed{{1, 100}, {2, 99}};
    EXPECT_EQ(count_copies(flushed, here, 100, true).count, 2);
    EXPECT_EQ(count_copies(flushed, here, 101, true).count, 1);
    EXPECT_EQ(count_copies(flushed, here, 99, true).count, 3);
}

TEST(copies, an_unknown_position_counts_the_primary_alone)
{
    EXPECT_EQ(count_copies({{1, 100}}, here, 0, true).count, 1);
}

TEST(copies, a_sender_that_nobody_knows_counts_for_nothing)
{
    EXPECT_EQ(count_copies({{7, 100}}, here, 100, true).count, 1);
}

TEST(copies, machines_are_told_by_address_and_disks_by_device)
{
    EXPECT_EQ(count_copies({{1, 5}}, here, 5, true).where, copies_where::same_disk);
    EXPECT_EQ(count_copies({{1, 5}}, here, 5, false).where, copies_where::same_machine);
    EXPECT_EQ(count_copies({{1, 5}}, {{1, {"one", "127.0.0.1"}}}, 5, true).machines, 1);
    const standbys_by_sender away{{1, {"one", "10.0.0.2"}}, {2, {"other", "10.0.0.2"}}};
    const auto far = count_copies({{1, 5}, {2, 5}}, away, 5, true);
    EXPECT_EQ(far.count, 3);
    EXPECT_EQ(far.machines, 2);
    EXPECT_EQ(far.where, copies_where::two_machines);
}

TEST(problems, sqlstate_decides)
{
    EXPECT_EQ(to_problem({"23P01", "", ""}).code, "slot_taken");
    EXPECT_EQ(to_problem({"42501", "", ""}).kind, problem_kind::not_found);
    EXPECT_EQ(to_problem({"53100", "", ""}).kind, problem_kind::storage_full);
    EXPECT_THROW(to_problem({"42P01", "relation x", ""}), database_fault);
    EXPECT_TRUE(may_retry({"40P01", "", ""}));
}

TEST(problems, a_refusal_raised_in_sql_keeps_its_code_and_details)
{
    const auto raised = to_problem({"MN409", "too_late", R"({"cancel_until":"2026-11-22T10:00:00Z"})"});
    EXPECT_EQ(raised.kind, problem_kind::conflict);
    EXPECT_EQ(raised.code, "too_late");
    EXPECT_EQ(raised.details.at("cancel_until"), "2026-11-22T10:00:00Z");
}

TEST(problems, a_fault_never_carries_the_servers_text)
{
    try
    {
        to_problem({"XX000", "row of Louise Martin", ""});
        FAIL();
    }
    catch (const database_fault& fault)
    {
        EXPECT_EQ(std::string{fault.what()}, "SQLSTATE XX000");
    }
}

TEST(rows, arrays_of_any_text_survive)
{
    rc::check("an array literal reads back", [](const std::vector<std::string>& items)
              { RC_ASSERT(detail::read_array(*as_parameter(items).value) == items); });
}

TEST(rows, refuse_what_they_do_not_hold)
{
    EXPECT_THROW(detail::read_integer("4x"), std::runtime_error);
    EXPECT_THROW(detail::read_bytea("\\x0"), std::runtime_error);
    EXPECT_EQ(detail::read_bytea("\\x00ff"), (bytes{0, 255}));
    EXPECT_EQ(format_utc(detail::read_timestamptz("2026-11-22 03:51:28.123456+00")), "2026-11-22T03:51:28.123456Z");
}

TEST(rows, an_enumeration_is_kept_as_its_enumerators_name)
{
    std::array<PGresAttDesc, 3> columns{};
    std::array<std::string, 3> texts{"winter", "spring", ""};
    auto* const made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
    PQsetResultAttrs(made, 3, columns.data());
    PQsetvalue(made, 0, 0, texts[0].data(), 6);
    PQsetvalue(made, 0, 1, texts[1].data(), 6);
    PQsetvalue(made, 0, 2, nullptr, -1);
    const rows found{made};
    EXPECT_EQ(found[0].get<season>(0), season::winter);
    EXPECT_EQ(found[0].get<std::optional<season>>(2), std::nullopt);
    EXPECT_THROW((void)found[0].get<season>(1), std::runtime_error);
    EXPECT_THROW((void)found[0].get<season>(2), std::runtime_error);
}

}  // namespace manent::store
