// One appointment as a calendar file (RFC 5545), for mail and download. A practitioner's or a practice's name gives the
// specialty away, so the entry carries a neutral title, time, address and a link, and whoever calls this decides them.
#pragma once

#include "core/time.hpp"

#include <string>
#include <string_view>

namespace manent::booking
{

struct calendar_entry
{
    std::string uid;     // the same for every version of one appointment, unique in the world
    int sequence = 0;    // raised by every move and cancellation, or clients keep the old time
    instant stamped_at;  // when this version was made
    instant starts_at;
    instant ends_at;
    time_zone zone = nullptr;  // of the site: travellers still see the place's own time
    std::string title;
    std::string location;
    std::string description;
    std::string url;
    std::string organizer;  // an address of the installation; RFC 5546 asks for one
    bool cancelled = false;
};

// text/calendar; charset=utf-8, lines ending in CRLF and folded at 75 bytes. METHOD is PUBLISH, or CANCEL when
// cancelled: there is no answer to collect from the reader's calendar.
std::string write_calendar(const calendar_entry& entry);

// A TEXT value (RFC 5545, 3.3.11): backslash, comma, semicolon and line ends escaped, other control characters left
// out.
std::string escape_text(std::string_view text);

// A content line with its CRLF, folded so that no line exceeds 75 bytes and no character is torn apart.
std::string fold_line(std::string_view line);

}  // namespace manent::booking
