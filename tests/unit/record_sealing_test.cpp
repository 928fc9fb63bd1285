// Sealed text opens with its own key at its own place, and nowhere else.
#include "record/recent.hpp"
#include "record/sealing.hpp"

#include <gtest/gtest.h>

namespace manent::record::test
{

namespace
{

place somewhere()
{
    return {new_uuid(), subject_kind::consultation, new_uuid(), text_field::motif, new_uuid()};
}

}  // namespace

TEST(record_sealing, any_text_comes_back_byte_for_byte)
{
    start_crypto();
    const auto key = secret_key::random();
    for (const auto& text : {std::string{}, std::string{"Toux"}, std::string{"\0nul \0", 6},
                             std::string{"𝒜 🩺 ﷽ e\u0301"}, std::string(800'000, 'x')})
    {
        const auto at = somewhere();
        const auto made = seal_text(key, at, text);
        EXPECT_EQ(open_text(key, at, made.sealed), text);
        EXPECT_EQ(made.digest, salted_digest(made.salt, text));
        EXPECT_EQ(made.salt.size(), 16U);
        EXPECT_EQ(made.sealed.size(), text.size() + 40);
    }
}

TEST(record_sealing, a_text_moved_elsewhere_does_not_open)
{
    start_crypto();
    const auto key = secret_key::random();
    const auto at = somewhere();
    const auto made = seal_text(key, at, "Pénicilline");
    auto other = at;
    other.practice = new_uuid();
    EXPECT_FALSE(open_text(key, other, made.sealed));
    other = at;
    other.subject = new_uuid();
    EXPECT_FALSE(open_text(key, other, made.sealed));
    other = at;
    other.subject_kind = subject_kind::patient;
    EXPECT_FALSE(open_text(key, other, made.sealed));
    other = at;
    other.field = text_field::conclusion;
    EXPECT_FALSE(open_text(key, other, made.sealed));
    other = at;
    other.revision = new_uuid();
    EXPECT_FALSE(open_text(key, other, made.sealed));
    EXPECT_FALSE(open_text(secret_key::random(), at, made.sealed));
    auto altered = made.sealed;
    altered[30] ^= 1U;
    EXPECT_FALSE(open_text(key, at, altered));
}

TEST(record_sealing, the_same_text_never_looks_the_same)
{
    start_crypto();
    const auto key = secret_key::random();
    const auto at = somewhere();
    const auto first = seal_text(key, at, "RAS");
    const auto second = seal_text(key, at, "RAS");
    EXPECT_NE(first.sealed, second.sealed);
    EXPECT_NE(first.digest, second.digest);
}

TEST(record_recent, keeps_what_is_used_and_stays_small)
{
    recent<int, int> memory{10};
    memory.keep(0, 42);
    for (int i = 1; i < 1000; ++i)
    {
        memory.keep(i, i);
        EXPECT_EQ(memory.find(0), 42);
        EXPECT_LE(memory.size(), 20U);
    }
    EXPECT_FALSE(memory.find(1).has_value());
}

}  // namespace manent::record::test
