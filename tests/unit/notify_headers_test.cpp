// Header lines that every mail program reads and none can be broken out of.
#include "notify/headers.hpp"
#include "notify/rules.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace manent::notify
{

namespace
{

// What a mail program reads from lines of encoded words.
std::string decoded(std::string_view header)
{
    std::string text;
    for (std::size_t at = header.find("=?UTF-8?B?"); at != std::string_view::npos; at = header.find("=?UTF-8?B?", at))
    {
        at += 10;
        const auto end = header.find("?=", at);
        std::string word(end - at, '\0');
        std::size_t size = 0;
        sodium_base642bin(reinterpret_cast<unsigned char*>(word.data()), word.size(), header.data() + at, end - at,
                          nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
        text += word.substr(0, size);
        at = end;
    }
    return text;
}

}  // namespace

TEST(HeaderText, PlainWordsStay)
{
    EXPECT_EQ(header_text("Your appointment"), "Your appointment");
    EXPECT_EQ(header_text(""), "");
}

TEST(HeaderText, OtherWordsAreEncodedWithoutCuttingACharacter)
{
    std::string subject = "Votre rendez-vous";
    for (int i = 0; i < 40; ++i) subject += " é€𝄞";
    const auto header = header_text(subject);
    EXPECT_EQ(decoded(header), subject);
    for (std::size_t from = 0; from < header.size();)
    {
        const auto end = std::min(header.find("\r\n ", from), header.size());
        EXPECT_LE(end - from, 76U);
        const auto word = header.substr(from, end - from);
        EXPECT_TRUE((static_cast<unsigned char>(decoded(word).front()) & 0xC0) != 0x80);
        from = end + 3;
    }
}

TEST(HeaderText, CannotBeBrokenOutOf)
{
    EXPECT_EQ(header_text("one\r\nBcc: other@exemple.fr"), "one  Bcc: other@exemple.fr");
    EXPECT_EQ(decoded(header_text("=?UTF-8?B?eA==?=")), "=?UTF-8?B?eA==?=");
}

TEST(Mailbox, IsReadFromASetting)
{
    const auto named = parse_mailbox("Cabinet des Îles <rdv@exemple.fr>");
    ASSERT_TRUE(named);
    EXPECT_EQ(named->name, "Cabinet des Îles");
    EXPECT_EQ(named->address, "rdv@exemple.fr");
    EXPECT_EQ(parse_mailbox("\"Manent\" <a@b>")->name, "Manent");
    EXPECT_EQ(parse_mailbox(" a@b ")->address, "a@b");
    for (const auto* const wrong : {"", "nobody", "@b", "a@", "<a@b", "X <a@b> y", "a b@c", "a@b\r\nTo: c@d", "é@b"})
        EXPECT_FALSE(parse_mailbox(wrong)) << wrong;
}

TEST(Mailbox, IsWrittenForAHeader)
{
    EXPECT_EQ(header_mailbox({"", "a@b"}), "a@b");
    EXPECT_EQ(header_mailbox({"Manent", "a@b"}), "Manent <a@b>");
    const auto accented = header_mailbox({"Cabinet des Îles", "a@b"});
    EXPECT_TRUE(accented.ends_with("?= <a@b>"));
    EXPECT_EQ(decoded(accented), "Cabinet des Îles");
    EXPECT_EQ(decoded(header_mailbox({"A, B", "a@b"})), "A, B");
}

TEST(HeaderDate, IsInUtc)
{
    EXPECT_EQ(header_date(*parse_instant("2026-11-26T14:00:00.5+01:00")), "Thu, 26 Nov 2026 13:00:00 +0000");
}

TEST(MessageId, StaysWithTheLetter)
{
    const auto id = new_uuid();
    EXPECT_EQ(message_id(id, {"", "rdv@exemple.fr"}), "<" + to_string(id) + "@exemple.fr>");
}

TEST(CalendarType, NamesTheMethodOfTheFile)
{
    EXPECT_EQ(calendar_type("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"),
              "text/calendar; charset=utf-8; method=PUBLISH");
    EXPECT_EQ(calendar_type("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "text/calendar; charset=utf-8");
}

TEST(Retries, SpreadFromAMinuteToSixHoursAndEndAfterThreeDays)
{
    using namespace std::chrono_literals;
    EXPECT_EQ(wait_after(1, 0s), 1min);
    EXPECT_EQ(wait_after(2, 60s), 3min);
    EXPECT_EQ(wait_after(6, 2h), 243min);
    EXPECT_EQ(wait_after(7, 6h), 6h);
    EXPECT_EQ(wait_after(50, 30h), 6h);
    EXPECT_EQ(wait_after(18, 66h), 6h);
    EXPECT_FALSE(wait_after(18, 66h + 1s));
    // From the first to the last: how often a letter is tried when the server never answers.
    std::chrono::seconds age = 0s;
    int tries = 1;
    for (auto wait = wait_after(tries, age); wait; wait = wait_after(tries, age))
    {
        age += *wait;
        ++tries;
    }
    EXPECT_EQ(tries, 17);
}

}  // namespace manent::notify
