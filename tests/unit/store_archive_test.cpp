// The archive without its program: when a backup is due, what the repository's description says, places in the log.
#include "core/crypto.hpp"
#include "core/derive.hpp"
#include "store/archive.hpp"
#include "store/archive_plan.hpp"
#include "store/archive_state.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace manent::store
{

namespace
{

instant at(std::string_view text)
{
    return parse_instant(text).value();
}

backup_kind due(const std::optional<std::string>& full, const std::optional<std::string>& newest, std::string_view now,
                bool gap = false)
{
    backups_taken taken;
    if (full) taken.newest_full = at(*full);
    if (newest) taken.newest = at(*newest);
    taken.archive_has_gap = gap;
    return due_backup(taken, {3, 7, find_zone("Europe/Paris")}, at(now));
}

constexpr std::string_view described = R"([{"archive":[{"database":{"id":1,"repo-key":1},"id":"15-1",
"max":"000000010000000000000003","min":"000000010000000000000001"}],"backup":[{"archive":{"start":"000000010000000000000002",
"stop":"000000010000000000000002"},"info":{"delta":22992558,"repository":{"delta":2840432,"size":2840432},"size":22992558},
"label":"20261125-195837F","timestamp":{"start":1795636717,"stop":1795636719},"type":"full"}],"name":"manent",
"repo":[{"key":1,"status":{"code":0,"message":"ok"}}],"status":{"code":0,"message":"ok"}}])";

}  // namespace

TEST(store_archive, the_first_backup_is_whole_and_due_at_once)
{
    EXPECT_EQ(due({}, {}, "2026-11-25T12:00:00+01:00"), backup_kind::full);
    // What is left of a repository whose whole backup went away.
    EXPECT_EQ(due({}, "2026-11-25T03:00:05+01:00", "2026-11-25T12:00:00+01:00"), backup_kind::full);
}

TEST(store_archive, one_a_night_and_a_missed_night_later)
{
    const std::string full = "2026-11-24T03:00:05+01:00";
    EXPECT_EQ(due(full, full, "2026-11-25T02:59:59+01:00"), backup_kind::none);
    EXPECT_EQ(due(full, full, "2026-11-25T03:00:00+01:00"), backup_kind::incremental);
    EXPECT_EQ(due(full, "2026-11-25T03:00:01+01:00", "2026-11-25T23:00:00+01:00"), backup_kind::none);
    EXPECT_EQ(due(full, full, "2026-11-27T19:00:00+01:00"), backup_kind::incremental);
}

TEST(store_archive, a_week_after_the_last_whole_one_comes_the_next)
{
    const std::string full = "2026-11-18T03:00:05+01:00";
    EXPECT_EQ(due(full, "2026-11-24T03:00:01+01:00", "2026-11-25T03:00:00+01:00"), backup_kind::full);
    EXPECT_EQ(due(full, "2026-11-23T03:00:01+01:00", "2026-11-24T03:00:00+01:00"), backup_kind::incremental);
}

TEST(store_archive, a_gap_asks_for_a_backup_by_day)
{
    const std::string full = "2026-11-25T03:00:05+01:00";
    EXPECT_EQ(due(full, full, "2026-11-25T12:00:00+01:00", true), backup_kind::incremental);
}

TEST(store_archive, the_night_stands_on_the_wall_clock)
{
    // 29 March 2026: 03:00 comes an hour after 01:59:59.
    const std::string full = "2026-03-28T03:00:05+01:00";
    EXPECT_EQ(due(full, full, "2026-03-29T01:59:59+01:00"), backup_kind::none);
    EXPECT_EQ(due(full, full, "2026-03-29T03:00:00+02:00"), backup_kind::incremental);
}

TEST(store_archive, a_description_is_read)
{
    const auto kept = read_info(described);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].name, "manent");
    EXPECT_EQ(kept[0].trouble, "");
    EXPECT_EQ(kept[0].newest_segment, "000000010000000000000003");
    ASSERT_EQ(kept[0].backups.size(), 1U);
    EXPECT_EQ(format_utc(kept[0].backups[0].finished), "2026-11-25T19:58:39Z");
    EXPECT_EQ(kept[0].backups[0].size_bytes, 22992558);
}

TEST(store_archive, a_description_under_another_key_is_trouble_and_no_crash)
{
    const std::string garbage =
        "[{\"archive\":[],\"backup\":[],\"name\":\"manent\",\"repo\":[{\"status\":{\"code\":99,\"message\":\"["
        "FormatError] unable to load info file "
        "\xff\xd0\x01\"}}],"
        "\"status\":{\"code\":99,\"message\":\"other\"}}]";
    EXPECT_EQ(read_info(garbage).at(0).trouble, "it does not open with this key, or its index is damaged");
    EXPECT_THROW(read_info("{}"), std::runtime_error);
    EXPECT_THROW(read_info(""), std::runtime_error);
}

TEST(store_archive, places_in_the_log_compare)
{
    EXPECT_EQ(place_in_log("16/B374D848"), 0x16B374D848U);
    EXPECT_EQ(begin_of_segment("0000000100000016000000B3"), 0x16B3000000U);
    EXPECT_EQ(begin_of_segment("0000000200000016000000B3"), 0x16B3000000U);
    for (const auto* wrong : {"", "16", "/", "G/1", "123456789/0", "1/"}) EXPECT_FALSE(place_in_log(wrong)) << wrong;
    EXPECT_FALSE(begin_of_segment("00000001000000160000B3"));
}

TEST(store_archive, progress_is_found_in_a_line)
{
    EXPECT_EQ(percent_in("DETAIL: backup file /d/base/1/2 (bundle 1/0, 8KB, 42.31%) checksum 00"), 42.31);
    EXPECT_FALSE(percent_in("INFO: nothing (8KB)"));
    EXPECT_FALSE(percent_in("%)"));
    EXPECT_FALSE(percent_in("(x%)"));
}

TEST(store_archive, the_state_comes_back_as_it_was_written)
{
    const auto file = std::filesystem::path{testing::TempDir()} / "archive_state_test.json";
    archive_state state;
    state.stanza = "manent";
    state.is_set_up = true;
    state.failing_since = at("2026-11-25T12:00:00Z");
    state.waiting_segments = 3;
    state.timeline = "00000002";
    state.has_gap = true;
    state.trouble = "a \"quoted\" sentence";
    write_archive_state(file, state);
    const auto read = read_archive_state(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->failing_since, state.failing_since);
    EXPECT_EQ(read->newest_backup, std::nullopt);
    EXPECT_EQ(read->waiting_segments, 3);
    EXPECT_EQ(read->timeline, "00000002");
    EXPECT_TRUE(read->has_gap && read->is_set_up);
    EXPECT_EQ(read->trouble, state.trouble);
    std::filesystem::remove(file);
    EXPECT_FALSE(read_archive_state(file));
}

TEST(store_archive, the_cipher_pass_follows_from_the_master_key_and_does_not_give_it_away)
{
    start_crypto();
    const auto key = secret_key::random();
    const auto pass = derived_secret(key, "manent backup repository");
    EXPECT_EQ(pass, derived_secret(key, "manent backup repository"));
    EXPECT_NE(pass, derived_secret(key, "another purpose"));
    EXPECT_NE(pass, derived_secret(secret_key::random(), "manent backup repository"));
    EXPECT_NE(pass, to_base64url(key.view()));
}

}  // namespace manent::store
