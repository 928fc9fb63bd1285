// Instants, local dates and minutes, and the time zones between them. Instants are UTC; whatever is wall-clock time
// belongs to a site's zone (IANA name) and says so in its name.
#pragma once

#include <date/date.h>
#include <date/tz.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace manent
{

using instant = std::chrono::sys_time<std::chrono::microseconds>;
using minutes = std::chrono::minutes;
using local_date = date::year_month_day;
using time_zone = const date::time_zone*;

// A wall-clock time of day in minutes since midnight, 0 to 1440 (24:00 closes a day).
struct local_time
{
    int minute = 0;
    auto operator<=>(const local_time&) const = default;
};

instant now();

// The zone of an IANA name, or nullptr when the system's database does not know it. Zones live as long as the process.
time_zone find_zone(std::string_view iana_name);

// RFC 3339 with an offset or Z, fractions up to microseconds; nullopt for anything else, impossible dates included.
std::optional<instant> parse_instant(std::string_view text);
std::optional<local_date> parse_date(std::string_view text);
// HH:MM, 00:00 to 24:00.
std::optional<local_time> parse_local_time(std::string_view text);

// RFC 3339 in UTC, with as many fraction digits (0, 3 or 6) as the value needs.
std::string format_utc(instant at);
// RFC 3339 to the second with the zone's offset, as screens read it.
std::string format_in(time_zone zone, instant at);
std::string format_date(local_date day);
std::string format_local_time(local_time at);

local_date date_in(time_zone zone, instant at);
local_time time_in(time_zone zone, instant at);
// The instant of a wall-clock time. A time that daylight saving skips moves to the first instant after the gap; a time
// that it repeats means its first occurrence.
instant instant_of(time_zone zone, local_date day, local_time at);
local_date add_days(local_date day, int days);
int days_between(local_date from, local_date until);
// Monday 1 to Sunday 7 (ISO 8601).
int iso_weekday(local_date day);

}  // namespace manent
