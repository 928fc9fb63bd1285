// What identity decides without looking anything up: passwords, PINs, how long to wait after failures, who may invite
// whom. Pure: no I/O, no clock, no SQL.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "identity/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace manent::identity
{

using std::chrono::seconds;

// The password as it is hashed: Unicode's NFC, so that two keyboards' é are one. Input must be valid UTF-8.
std::string prepared(std::string_view password);

// Length is the reader's business (10 to 200 code points). `path` is where the request holds the password.
std::optional<problem> refuse_password(std::string_view password, std::string_view email, std::string_view path);

// 4 to 8 digits, neither all the same nor counting up or down.
std::optional<problem> refuse_pin(std::string_view pin);

// 6 to 15 digits among spaces, dots, hyphens, brackets, with + in front only.
bool is_phone(std::string_view number);

// Codes are read aloud, copied with spaces, typed in groups and in capitals: none of that is part of the code.
std::string tidy_code(std::string_view typed);

// An address in lower case: accounts do not differ by case.
std::string account_name(std::string_view email);

// How failures slow the next attempt down. Up to `free_attempts` within `window` cost nothing; then each doubles the
// wait, up to the window.
struct throttle
{
    int free_attempts;
    seconds first_wait;
    seconds window;
};

constexpr throttle account_throttle{5, seconds{30}, seconds{900}};
// A whole clinic may come from one address.
constexpr throttle address_throttle{50, seconds{30}, seconds{900}};
// Codes asked for by mail: enough for the impatient, too few to flood a mailbox.
constexpr throttle mail_throttle{5, seconds{600}, seconds{3600}};
// And from one address, for whoever writes to many mailboxes.
constexpr throttle letters_throttle{200, seconds{30}, seconds{900}};

// Every staff page that opens asks for its journal's keys once; nobody opens so many.
constexpr throttle journal_throttle{300, seconds{30}, seconds{900}};

// How long to wait from `now` on; nullopt when the attempt may be made. `count` failures within the window, the last
// one at `last`.
std::optional<seconds> wait_before_attempt(const throttle& by, int count, instant last, instant now);

// Addresses that one subscriber has many of count as one: IPv6 by its /64.
std::string address_group(std::string_view address);

// Codes: six digits, ten minutes, five tries; over all of a person's codes fifteen tries an hour.
constexpr int code_digits = 6;
constexpr int code_minutes = 10;
constexpr int code_tries_max = 5;
constexpr int code_tries_an_hour_max = 15;
constexpr int pin_tries_max = 5;
constexpr int relatives_max = 20;

// Administrators invite anyone, practitioners the secretaries they work with, secretaries nobody.
bool may_invite(role who, role whom);

// A date of birth of someone alive today.
std::optional<problem> refuse_birth_date(local_date born, local_date today);

}  // namespace manent::identity
