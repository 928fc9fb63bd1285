// Letters to a real SMTP server on loopback: what arrives, what is tried again, and what never leaves unencrypted.
#include "notify/smtp.hpp"
#include "notify_mail_server.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace manent::notify
{

namespace
{

using tests::mail_server;

const letter neutral{"louise@exemple.fr", "Votre rendez-vous est confirmé",
                     "Bonjour,\n\njeudi 26 novembre, 14:00\n.\nÀ bientôt — été", std::nullopt};

mail_settings settings_for(const mail_server& server, const std::string& scheme = "smtp")
{
    mail_settings chosen;
    chosen.server = scheme + "://127.0.0.1:" + std::to_string(server.port());
    chosen.from = "Cabinet des Îles <rdv@exemple.fr>";
    return chosen;
}

delivery send(const mail_settings& by, const letter& written = neutral, const uuid& id = new_uuid())
{
    const std::atomic<bool> give_up = false;
    return send_letter(by, id, written, give_up);
}

std::string header(const std::string& message, const std::string& name)
{
    const auto at = ("\r\n" + message).find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto from = at + name.size() + 2;
    return message.substr(from, message.find("\r\n", from) - from);
}

}  // namespace

TEST(Smtp, ALetterArrivesWholeWithItsHeaders)
{
    const mail_server server{{}};
    const auto id = new_uuid();
    EXPECT_EQ(send(settings_for(server), neutral, id).is, outcome::sent);
    ASSERT_EQ(server.letters().size(), 1U);
    const auto letter = server.letters().front();
    EXPECT_EQ(letter.from, "rdv@exemple.fr");
    EXPECT_EQ(letter.to, std::vector<std::string>{"louise@exemple.fr"});
    const auto& message = letter.message;
    EXPECT_EQ(header(message, "To"), "louise@exemple.fr");
    EXPECT_EQ(header(message, "From"), "=?UTF-8?B?Q2FiaW5ldCBkZXMgw45sZXM=?= <rdv@exemple.fr>");
    EXPECT_EQ(header(message, "Subject"), "=?UTF-8?B?Vm90cmUgcmVuZGV6LXZvdXMgZXN0IGNvbmZpcm3DqQ==?=");
    EXPECT_EQ(header(message, "Message-ID"), "<" + to_string(id) + "@exemple.fr>");
    EXPECT_EQ(header(message, "Auto-Submitted"), "auto-generated");
    EXPECT_EQ(header(message, "Mime-Version"), "1.0");
    EXPECT_TRUE(header(message, "Date").ends_with(" +0000"));
    EXPECT_NE(message.find("Content-Type: text/plain; charset=utf-8\r\n"), std::string::npos);
    EXPECT_NE(message.find("Content-Transfer-Encoding: quoted-printable\r\n"), std::string::npos);
    EXPECT_NE(message.find("jeudi 26 novembre, 14:00\r\n.\r\n=C3=80 bient=C3=B4t =E2=80=94 =C3=A9t=C3=A9"),
              std::string::npos);
    EXPECT_EQ(message.find("text/calendar"), std::string::npos);
}

TEST(Smtp, ACalendarFileGoesWithIt)
{
    const mail_server server{{}};
    auto with_calendar = neutral;
    with_calendar.calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n";
    EXPECT_EQ(send(settings_for(server), with_calendar).is, outcome::sent);
    const auto message = server.letters().front().message;
    EXPECT_NE(message.find("Content-Type: text/calendar; charset=utf-8; method=CANCEL"), std::string::npos);
    EXPECT_NE(message.find("filename=\"manent.ics\""), std::string::npos);
    EXPECT_NE(message.find("QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6Q0FOQ0VMDQpFTkQ6VkNBTEVOREFSDQo="), std::string::npos);
}

TEST(Smtp, AServerThatAsksToComeAgainIsTriedAgain)
{
    const mail_server server{{.recipient_answers = {"451 busy, come again"}}};
    const auto first = send(settings_for(server));
    EXPECT_EQ(first.is, outcome::later);
    EXPECT_EQ(first.smtp_code, 451);
    EXPECT_TRUE(server.letters().empty());
    EXPECT_EQ(send(settings_for(server)).is, outcome::sent);
    EXPECT_EQ(server.letters().size(), 1U);
}

TEST(Smtp, AMailboxThatDoesNotExistIsNotTriedAgain)
{
    const mail_server server{{.recipient_answers = {"550 no such mailbox", "552 full"}}};
    EXPECT_EQ(send(settings_for(server)).is, outcome::refused);
    EXPECT_EQ(send(settings_for(server)).is, outcome::later);
}

TEST(Smtp, AnAddressThatCouldEndItsLineIsRefusedHere)
{
    const mail_server server{{}};
    auto hostile = neutral;
    hostile.recipient = "a@exemple.fr>\r\nRCPT TO:<b@exemple.fr";
    EXPECT_EQ(send(settings_for(server), hostile).is, outcome::refused);
    EXPECT_TRUE(server.letters().empty());
}

TEST(Smtp, AServerThatIsAwayIsTriedAgain)
{
    mail_settings chosen;
    {
        const mail_server gone{{}};
        chosen = settings_for(gone);
    }
    const auto tried = send(chosen);
    EXPECT_EQ(tried.is, outcome::later);
    EXPECT_EQ(tried.smtp_code, 0);
}

TEST(Smtp, EncryptionIsTakenWhenOffered)
{
    const mail_server server{{.starttls = true}};
    auto chosen = settings_for(server);
    chosen.certificates = server.certificate_file();
    EXPECT_EQ(send(chosen).is, outcome::sent);
    EXPECT_TRUE(server.letters().front().encrypted);
}

TEST(Smtp, EncryptionFromTheStartWithAPassword)
{
    const mail_server server{{.tls_from_start = true, .asks_password = true}};
    auto chosen = settings_for(server, "smtps");
    chosen.certificates = server.certificate_file();
    chosen.user = "manent";
    chosen.password = "secret";
    EXPECT_EQ(send(chosen).is, outcome::sent);
    EXPECT_TRUE(server.letters().front().encrypted);
    EXPECT_EQ(server.letters().front().authenticated_as, "AG1hbmVudABzZWNyZXQ=");
}

TEST(Smtp, ACertificateThatNobodyVouchesForStopsTheLetter)
{
    const mail_server server{{.starttls = true}};
    EXPECT_EQ(send(settings_for(server)).is, outcome::later);
    EXPECT_TRUE(server.letters().empty());
}

TEST(Smtp, NothingGoesUnencryptedToAnotherMachine)
{
    const mail_server server{{}};
    auto chosen = settings_for(server);
    // Reaches this machine, but is not known to: the rule must take it for another.
    chosen.server = "smtp://0.0.0.0:" + std::to_string(server.port());
    EXPECT_EQ(send(chosen).is, outcome::later);
    EXPECT_TRUE(server.letters().empty());
}

TEST(Smtp, ALetterUnderWayIsGivenUpAtOnce)
{
    const std::atomic<bool> give_up = true;
    const mail_server server{{}};
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(send_letter(settings_for(server), new_uuid(), neutral, give_up).is, outcome::later);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
    EXPECT_TRUE(server.letters().empty());
}

}  // namespace manent::notify
