// The authenticator's codes against RFC 6238's own table, its window, and that each is good once.
#include "identity/keys.hpp"
#include "identity/totp.hpp"

#include <gtest/gtest.h>

#include <set>

namespace manent::identity
{

namespace
{

const bytes rfc_secret{'1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                       '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};

instant at(std::int64_t second)
{
    return instant{std::chrono::seconds{second}};
}

}  // namespace

TEST(Totp, MakesTheCodesOfTheStandard)
{
    // RFC 6238, appendix B, the last six of the eight digits.
    EXPECT_EQ(totp_code(rfc_secret, totp_step(at(59))), "287082");
    EXPECT_EQ(totp_code(rfc_secret, totp_step(at(1111111109))), "081804");
    EXPECT_EQ(totp_code(rfc_secret, totp_step(at(1234567890))), "005924");
    EXPECT_EQ(totp_code(rfc_secret, totp_step(at(20000000000))), "353130");
}

TEST(Totp, TakesOneStepToEitherSide)
{
    const auto now = at(1'000'000'000);
    const auto present = totp_step(now);
    for (const auto offset : {-1, 0, 1})
        EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, present + offset), now, 0), present + offset);
    for (const auto offset : {-2, 2})
        EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, present + offset), now, 0)) << offset;
    for (const auto* const typed : {"", "12345", "1234567", "abcdef"})
        EXPECT_FALSE(match_totp(rfc_secret, typed, now, 0)) << typed;
}

TEST(Totp, TakesACodeOnce)
{
    const auto now = at(1'000'000'000);
    const auto present = totp_step(now);
    EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, present), now, present));
    EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, present - 1), now, present));
    EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, present + 1), now, present), present + 1);
}

TEST(Totp, TheDemonstrationShowsACodeThatWouldBeTaken)
{
    const auto now = at(1'000'000'000);
    std::int64_t last_used = 0;
    for (int sign_in = 0; sign_in < 2; ++sign_in)
    {
        const auto shown = usable_totp(rfc_secret, now, last_used);
        ASSERT_TRUE(shown);
        const auto matched = match_totp(rfc_secret, *shown, now, last_used);
        ASSERT_TRUE(matched);
        last_used = *matched;
    }
    EXPECT_FALSE(usable_totp(rfc_secret, now, last_used));
    EXPECT_TRUE(usable_totp(rfc_secret, now + std::chrono::seconds{30}, last_used));
}

TEST(Totp, IsOfferedAsAuthenticatorsReadIt)
{
    EXPECT_EQ(to_base32(rfc_secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(otpauth_uri("Manent", "l.martin+x@exemple.fr", rfc_secret),
              "otpauth://totp/Manent:l.martin%2Bx%40exemple.fr?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Manent"
              "&algorithm=SHA1&digits=6&period=30");
    EXPECT_EQ(new_totp_secret().size(), 20U);
}

TEST(RecoveryCodes, AreTenDifferentOnesWithoutDoubtfulLetters)
{
    const auto codes = new_recovery_codes();
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), recovery_codes_count);
    for (const auto& code : codes)
    {
        EXPECT_EQ(code.size(), 10U);
        EXPECT_EQ(code.find_first_of("ilo01!"), std::string::npos) << code;
    }
}

TEST(Factor, IsKeptSealedForItsPerson)
{
    const auto master = secret_key::random();
    const keys with{master};
    const auto person = new_uuid();
    const factor kept{rfc_secret, new_totp_secret(), {bytes{1, 2, 3}, bytes{4}}};
    const auto sealed = with.seal_factor(person, write_factor(kept));
    const auto read = read_factor(with.open_factor(person, sealed));
    EXPECT_EQ(read.secret, kept.secret);
    EXPECT_EQ(read.candidate, kept.candidate);
    EXPECT_EQ(read.candidate_recovery, kept.candidate_recovery);
    EXPECT_THROW(static_cast<void>(with.open_factor(new_uuid(), sealed)), std::runtime_error);
    EXPECT_THROW(static_cast<void>(keys{secret_key::random()}.open_factor(person, sealed)), std::runtime_error);
}

TEST(Keys, HashesDependOnTheMasterKeyAndOnWhoseTheyAre)
{
    const keys one{secret_key::random()};
    const keys other{secret_key::random()};
    const auto sign_in = new_uuid();
    EXPECT_EQ(one.code_hash(sign_in, "123456"), one.code_hash(sign_in, "123456"));
    EXPECT_NE(one.code_hash(sign_in, "123456"), one.code_hash(new_uuid(), "123456"));
    EXPECT_NE(one.code_hash(sign_in, "123456"), other.code_hash(sign_in, "123456"));
    EXPECT_NE(one.subject("account", "a@exemple.fr"), one.subject("mailbox", "a@exemple.fr"));
    const auto device = new_uuid();
    EXPECT_NE(one.peppered_pin(device, sign_in, "4817"), one.peppered_pin(new_uuid(), sign_in, "4817"));
}

}  // namespace manent::identity
