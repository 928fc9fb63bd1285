// The header lines of a message: words beyond ASCII (RFC 2047), dates and identifiers (RFC 5322). Pure.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace manent::notify
{

// Unstructured text for a header: as it is when plain and short, else as encoded words of at most 75 characters, each
// on a line of its own, never cutting a character. Control characters become spaces: a header cannot be broken out of.
std::string header_text(std::string_view utf8);

// One sender or recipient.
struct mailbox
{
    std::string name;  // may be empty
    std::string address;
};

// "Name <address>" or an address alone; nullopt for anything else, or an address that could end its line.
std::optional<mailbox> parse_mailbox(std::string_view text);
std::string header_mailbox(const mailbox& from);

// "Thu, 26 Nov 2026 14:00:00 +0000"
std::string header_date(instant at);

// "<id@domain>", the domain being the sender's: the same letter keeps its identifier however often it is tried.
std::string message_id(const uuid& id, const mailbox& sender);

// The Content-Type of an iCalendar file. Its method must be the file's own (RFC 6047, 2.4), or mail programs would not
// act on it.
std::string calendar_type(std::string_view file);

}  // namespace manent::notify
