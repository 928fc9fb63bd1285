// Passwords, PINs, codes, waits after failures, who may invite whom: each rule by itself.
#include "identity/rules.hpp"

#include <gtest/gtest.h>

namespace manent::identity
{

namespace
{

using std::chrono::seconds;

std::string code_of_refusal(const std::optional<problem>& refused)
{
    return refused ? refused->fields.at(0).code : "";
}

instant at(std::int64_t second)
{
    return instant{seconds{second}};
}

}  // namespace

TEST(Passwords, TheAddressAndItsNameAreRefused)
{
    EXPECT_EQ(code_of_refusal(refuse_password("Louise.Martin@exemple.fr", "louise.martin@exemple.fr", "/password")),
              "password_is_email");
    EXPECT_EQ(code_of_refusal(refuse_password("louise.martin", "louise.martin@exemple.fr", "/password")),
              "password_is_email");
    EXPECT_FALSE(refuse_password("louise.martin aime le vent", "louise.martin@exemple.fr", "/password"));
}

TEST(Passwords, TheCommonestAreRefusedWithTheirUsualEndings)
{
    for (const auto* const common : {"motdepasse", "MotDePasse123!", "azertyuiop", "1234567890", "0987654321",
                                     "aaaaaaaaaaaa", "12121212121212", "password2026", "0612345678", "qwertyuiop1"})
        EXPECT_EQ(code_of_refusal(refuse_password(common, "x@exemple.fr", "/password")), "password_common") << common;
    for (const auto* const good : {"cheval agrafe pile correct", "Vq7-kkP2-rAd", "ça ira bien mieux", "été à Paimpol"})
        EXPECT_FALSE(refuse_password(good, "x@exemple.fr", "/password")) << good;
}

TEST(Passwords, TwoKeyboardsGiveOnePassword)
{
    EXPECT_EQ(prepared("e\xCC\x81t\xC3\xA9"), "\xC3\xA9t\xC3\xA9");
    EXPECT_EQ(prepared("plain"), "plain");
}

TEST(Pins, AreFourToEightDigitsThatDoNotCount)
{
    EXPECT_FALSE(refuse_pin("4817"));
    EXPECT_FALSE(refuse_pin("48170293"));
    EXPECT_EQ(code_of_refusal(refuse_pin("481")), "too_short");
    EXPECT_EQ(code_of_refusal(refuse_pin("481702935")), "too_long");
    EXPECT_EQ(code_of_refusal(refuse_pin("48a7")), "not_digits");
    EXPECT_EQ(code_of_refusal(refuse_pin("٤٨١٧")), "not_digits");
    for (const auto* const plain : {"0000", "1234", "987654", "77777777"})
        EXPECT_EQ(code_of_refusal(refuse_pin(plain)), "pin_too_plain") << plain;
}

TEST(Codes, AreReadHoweverTheyAreTyped)
{
    EXPECT_EQ(tidy_code(" 123 456 "), "123456");
    EXPECT_EQ(tidy_code("ABCD-efgh.jk"), "abcdefghjk");
    EXPECT_EQ(tidy_code("é"), "");
}

TEST(Phones, AreDigitsWithWhatPeoplePutBetween)
{
    for (const auto* const good : {"06 12 34 56 78", "+33 6.12.34.56.78", "(05) 53-66-00-00", "112345"})
        EXPECT_TRUE(is_phone(good)) << good;
    for (const auto* const bad : {"", "12345", "06 12 34 56 78 90 12 34 56", "six", "33+612345678", "+"})
        EXPECT_FALSE(is_phone(bad)) << bad;
}

TEST(Throttle, TheFirstFailuresCostNothing)
{
    for (int count = 0; count < account_throttle.free_attempts; ++count)
        EXPECT_FALSE(wait_before_attempt(account_throttle, count, at(1000), at(1000))) << count;
}

TEST(Throttle, EachFurtherFailureDoublesTheWaitUpToTheWindow)
{
    seconds expected{30};
    for (int count = account_throttle.free_attempts; count < 20; ++count)
    {
        const auto wait = wait_before_attempt(account_throttle, count, at(1000), at(1000));
        ASSERT_TRUE(wait);
        EXPECT_EQ(*wait, std::min(expected, account_throttle.window)) << count;
        expected *= 2;
    }
}

TEST(Throttle, TimeThatHasPassedIsTakenOff)
{
    EXPECT_EQ(wait_before_attempt(account_throttle, 5, at(1000), at(1010)), seconds{20});
    EXPECT_FALSE(wait_before_attempt(account_throttle, 5, at(1000), at(1030)));
    const auto nearly = at(1030) - std::chrono::milliseconds{1};
    EXPECT_EQ(wait_before_attempt(account_throttle, 5, at(1000), nearly), seconds{1});
}

TEST(Throttle, OneSubscribersAddressesAreOne)
{
    EXPECT_EQ(address_group("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(address_group("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(address_group("2001:db8:1:2:3:4:5:6"), address_group("2001:db8:1:2:ffff::1"));
    EXPECT_NE(address_group("2001:db8:1:2::1"), address_group("2001:db8:1:3::1"));
    EXPECT_EQ(address_group("no address"), "no address");
}

TEST(Invitations, FollowTheRole)
{
    for (const auto whom : {role::practitioner, role::secretary, role::administrator})
    {
        EXPECT_TRUE(may_invite(role::administrator, whom));
        EXPECT_FALSE(may_invite(role::secretary, whom));
        EXPECT_EQ(may_invite(role::practitioner, whom), whom == role::secretary);
    }
}

TEST(BirthDates, AreOfPeopleAliveToday)
{
    const auto day = [](int y, unsigned m, unsigned d) { return date::year{y} / date::month{m} / date::day{d}; };
    const auto today = day(2026, 11, 22);
    EXPECT_FALSE(refuse_birth_date(day(1984, 3, 12), today));
    EXPECT_FALSE(refuse_birth_date(day(2026, 11, 23), today));  // already tomorrow, east of here
    EXPECT_EQ(code_of_refusal(refuse_birth_date(day(2026, 11, 24), today)), "in_the_future");
    EXPECT_EQ(code_of_refusal(refuse_birth_date(day(1895, 12, 31), today)), "too_long_ago");
}

}  // namespace manent::identity
