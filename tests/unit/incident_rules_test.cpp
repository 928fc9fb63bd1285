// What a device's report breaks, how many reports an account may send, and what one comparison opens.
#include "incident/rules.hpp"
#include "record/comparison.hpp"

#include <gtest/gtest.h>

namespace manent::incident
{
namespace
{

using std::chrono::seconds;

bytes digest_of(std::uint8_t first)
{
    bytes made(32, 0);
    made[0] = first;
    return made;
}

record::held_revision held(const uuid& id, std::uint8_t first)
{
    return {id, digest_of(first)};
}

device_report said(const std::vector<record::held_revision>& all)
{
    device_report made;
    for (const auto& each : all) made.revisions.items.push_back({each.revision, {to_base64url(each.digest)}});
    return made;
}

TEST(comparison, opens_first_what_differs_and_no_more_than_the_bound)
{
    const std::vector ids{new_uuid(), new_uuid(), new_uuid(), new_uuid()};
    const std::vector all{held(ids[0], 1), held(ids[1], 1), held(ids[2], 1), held(ids[3], 1)};
    const std::vector<record::listed_revision> stored{
        {ids[0], digest_of(1), 60}, {ids[1], digest_of(1), 50}, {ids[2], digest_of(2), 40}, {ids[3], digest_of(1), 10}};
    EXPECT_EQ(record::choose_to_open(all, stored, 100), (std::vector{ids[2], ids[0]}));
    EXPECT_EQ(record::choose_to_open(all, stored, 99), (std::vector{ids[2], ids[1]}));
    EXPECT_EQ(record::choose_to_open(all, stored, 1000).size(), 4U);
    // A text that is longer than the bound has its turn too.
    EXPECT_EQ(record::choose_to_open(all, {stored[0]}, 1), std::vector{ids[0]});
    EXPECT_TRUE(record::choose_to_open(all, {}, 100).empty());
}

TEST(comparison, tells_a_changed_digest_from_a_changed_text)
{
    const auto a = digest_of(1);
    const auto b = digest_of(2);
    const auto c = digest_of(3);
    EXPECT_EQ(record::judge(a, a, a), std::nullopt);
    EXPECT_EQ(record::judge(a, b, a), record::difference::digest_changed);
    // Whoever changes the text, its salt and its digest together is betrayed by the device.
    EXPECT_EQ(record::judge(a, b, b), record::difference::text_changed);
    EXPECT_EQ(record::judge(a, a, b), record::difference::text_changed);
    EXPECT_EQ(record::judge(a, b, c), record::difference::text_changed);
}

TEST(findings, what_is_gone_breaks_one_promise_and_what_changed_another)
{
    const auto practice = new_uuid();
    const auto account = new_uuid();
    const auto gone = new_uuid();
    const auto changed = new_uuid();
    const auto report = said({held(gone, 1), held(changed, 2)});
    record::comparison compared;
    EXPECT_TRUE(findings_of(compared, report, practice, account, {}).empty());
    compared.missing = {{gone, true}};
    compared.different = {{changed, record::difference::text_changed, std::nullopt}};
    const auto found = findings_of(compared, report, practice, account, {});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].promise, promise::I1);
    EXPECT_EQ(found[0].revisions, std::vector{gone});
    EXPECT_EQ(found[1].promise, promise::I2);
    EXPECT_EQ(found[1].revisions, std::vector{changed});
    for (const auto& each : found) EXPECT_EQ(each.practice, practice);
    const auto& first = found[0].evidence.at("missing").as_array().at(0).as_object();
    EXPECT_EQ(first.at("digest").as_string(), to_base64url(digest_of(1)));
    EXPECT_TRUE(first.at("acknowledged").as_bool());
}

TEST(findings, what_was_never_issued_by_this_program_makes_none)
{
    auto invented = new_uuid();
    EXPECT_TRUE(may_have_been_issued(invented));
    invented.bytes[6] = 0x40;
    EXPECT_FALSE(may_have_been_issued(invented));
    record::comparison compared;
    compared.missing = {{invented, false}};
    EXPECT_TRUE(findings_of(compared, said({held(invented, 1)}), new_uuid(), new_uuid(), {}).empty());
}

TEST(allowance, a_month_of_reports_at_once_and_then_one_every_few_seconds)
{
    report_allowance allowance;
    const auto account = new_uuid();
    const report_allowance::clock::time_point start{seconds{1000}};
    for (int i = 0; i < report_allowance::at_once_max; ++i) EXPECT_EQ(allowance.take(account, start), seconds{0}) << i;
    EXPECT_EQ(allowance.take(account, start), report_allowance::one_every);
    EXPECT_EQ(allowance.take(new_uuid(), start), seconds{0});
    // Being refused costs nothing.
    EXPECT_EQ(allowance.take(account, start + report_allowance::one_every), seconds{0});
    EXPECT_GT(allowance.take(account, start + report_allowance::one_every), seconds{0});
    const auto much_later = start + std::chrono::hours{1};
    for (int i = 0; i < report_allowance::at_once_max; ++i)
        EXPECT_EQ(allowance.take(account, much_later), seconds{0}) << i;
    EXPECT_GT(allowance.take(account, much_later), seconds{0});
}

TEST(lasting, begins_after_its_bound_and_ends_once_it_was_away_for_long_enough)
{
    using change = lasting::change;
    const lasting::clock::time_point start{seconds{1000}};
    const auto at = [&](int second) { return start + seconds{second}; };
    lasting away{seconds{60}, seconds{3}};
    EXPECT_EQ(away.look(at(0), true), change::none);
    EXPECT_EQ(away.look(at(59), true), change::none);
    EXPECT_EQ(away.look(at(60), true), change::began);
    EXPECT_EQ(away.since(), at(0));
    // Until it is written down it is due.
    EXPECT_EQ(away.look(at(61), true), change::began);
    away.done(change::began);
    EXPECT_EQ(away.look(at(62), true), change::none);
    EXPECT_EQ(away.look(at(63), false), change::none);
    // It went again before it had stayed.
    EXPECT_EQ(away.look(at(65), true), change::none);
    EXPECT_EQ(away.look(at(66), false), change::none);
    EXPECT_EQ(away.look(at(69), false), change::ended);
    away.done(change::ended);
    EXPECT_EQ(away.look(at(70), false), change::none);
}

TEST(lasting, ends_at_its_start_what_a_former_process_may_have_left_open)
{
    const lasting::clock::time_point start{seconds{1000}};
    lasting away{seconds{60}, seconds{3}};
    EXPECT_EQ(away.look(start, false), lasting::change::none);
    EXPECT_EQ(away.look(start + seconds{3}, false), lasting::change::ended);
}

TEST(mended, only_incidents_all_of_whose_claims_hold_and_only_when_all_were_opened)
{
    const auto first = new_uuid();
    const auto second = new_uuid();
    const auto a = new_uuid();
    const auto b = new_uuid();
    const auto c = new_uuid();
    const std::vector<claim> claims{{first, held(a, 1)}, {first, held(b, 1)}, {second, held(c, 1)}};
    record::comparison compared;
    compared.opened = 3;
    EXPECT_EQ(mended(claims, compared).size(), 2U);
    compared.opened = 2;
    EXPECT_TRUE(mended(claims, compared).empty());
    compared.missing = {{b, false}};
    EXPECT_EQ(mended(claims, compared), std::vector{second});
    compared.opened = 3;
    compared.missing.clear();
    compared.different = {{c, record::difference::text_changed, std::nullopt}};
    EXPECT_EQ(mended(claims, compared), std::vector{first});
}

}  // namespace
}  // namespace manent::incident
