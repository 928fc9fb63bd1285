#include "core/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace manent
{

namespace
{

// Reads exactly `width` digits at `position`; -1 when there are not as many.
int digits(std::string_view text, std::size_t position, std::size_t width)
{
    if (position + width > text.size()) return -1;
    int value = 0;
    for (std::size_t i = position; i < position + width; ++i)
    {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool sign_at(std::string_view text, std::size_t position, char sign)
{
    return position < text.size() && text[position] == sign;
}

// The offset from UTC at the end of an RFC 3339 text: Z, +HH:MM or -HH:MM.
std::optional<std::chrono::minutes> parse_offset(std::string_view text)
{
    if (text == "Z" || text == "z") return std::chrono::minutes{0};
    const int hours = digits(text, 1, 2);
    const int minutes_past = digits(text, 4, 2);
    const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    if (!shaped || hours < 0 || hours > 23 || minutes_past < 0 || minutes_past > 59) return std::nullopt;
    const std::chrono::minutes offset{hours * 60 + minutes_past};
    return text[0] == '-' ? -offset : offset;
}

// Fraction digits after the dot at `position`, at most six; advances `position` past them.
std::optional<std::chrono::microseconds> parse_fraction(std::string_view text, std::size_t& position)
{
    if (!sign_at(text, position, '.')) return std::chrono::microseconds{0};
    const std::size_t first = ++position;
    int value = 0;
    while (position < text.size() && text[position] >= '0' && text[position] <= '9' && position - first < 6)
    {
        value = value * 10 + (text[position++] - '0');
    }
    if (position == first) return std::nullopt;
    for (std::size_t read = position - first; read < 6; ++read) value *= 10;
    return std::chrono::microseconds{value};
}

}  // namespace

instant now()
{
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

time_zone find_zone(std::string_view iana_name)
{
    try
    {
        return date::locate_zone(std::string{iana_name});
    }
    catch (const std::runtime_error&)
    {
        return nullptr;
    }
}

std::optional<local_date> parse_date(std::string_view text)
{
    if (text.size() != 10 || !sign_at(text, 4, '-') || !sign_at(text, 7, '-')) return std::nullopt;
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    if (year < 1 || month < 0 || day < 0) return std::nullopt;
    const local_date parsed{date::year{year}, date::month{static_cast<unsigned>(month)},
                            date::day{static_cast<unsigned>(day)}};
    if (!parsed.ok()) return std::nullopt;
    return parsed;
}

std::optional<local_time> parse_local_time(std::string_view text)
{
    const int hours = digits(text, 0, 2);
    const int minutes_past = digits(text, 3, 2);
    const bool shaped = text.size() == 5 && sign_at(text, 2, ':') && hours >= 0 && minutes_past >= 0;
    if (!shaped || minutes_past > 59) return std::nullopt;
    const local_time parsed{hours * 60 + minutes_past};
    if (parsed.minute > 1440) return std::nullopt;
    return parsed;
}

std::optional<instant> parse_instant(std::string_view text)
{
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
    const auto day = parse_date(text.substr(0, 10));
    const int hours = digits(text, 11, 2);
    const int minutes_past = digits(text, 14, 2);
    const int seconds = digits(text, 17, 2);
    const bool shaped = day && sign_at(text, 13, ':') && sign_at(text, 16, ':');
    if (!shaped || hours < 0 || hours > 23 || minutes_past < 0 || minutes_past > 59 || seconds < 0 || seconds > 59)
        return std::nullopt;
    std::size_t position = 19;
    const auto fraction = parse_fraction(text, position);
    if (!fraction) return std::nullopt;
    const auto offset = parse_offset(text.substr(position));
    if (!offset) return std::nullopt;
    return instant{date::sys_days{*day}.time_since_epoch()} + std::chrono::hours{hours} +
           std::chrono::minutes{minutes_past} + std::chrono::seconds{seconds} + *fraction - *offset;
}

namespace
{

struct calendar_time
{
    int year;
    unsigned month;
    unsigned day;
    int hour;
    int minute;
    int second;
    int microsecond;
};

template <class Duration>
calendar_time split(std::chrono::time_point<std::chrono::system_clock, Duration> at)
{
    const auto day = date::floor<date::days>(at);
    const local_date ymd{day};
    auto rest = std::chrono::duration_cast<std::chrono::microseconds>(at - day).count();
    const auto microsecond = static_cast<int>(rest % 1'000'000);
    rest /= 1'000'000;
    return {static_cast<int>(ymd.year()),
            static_cast<unsigned>(ymd.month()),
            static_cast<unsigned>(ymd.day()),
            static_cast<int>(rest / 3600),
            static_cast<int>(rest / 60 % 60),
            static_cast<int>(rest % 60),
            microsecond};
}

}  // namespace

std::string format_utc(instant at)
{
    const auto t = split(at);
    std::array<char, 40> buffer{};
    const char* const shape = t.microsecond == 0          ? "%04d-%02u-%02uT%02d:%02d:%02dZ"
                              : t.microsecond % 1000 == 0 ? "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ"
                                                          : "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ";
    const int fraction = t.microsecond % 1000 == 0 ? t.microsecond / 1000 : t.microsecond;
    const int length = std::snprintf(buffer.data(), buffer.size(), shape, t.year, t.month, t.day, t.hour, t.minute,
                                     t.second, fraction);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string format_in(time_zone zone, instant at)
{
    const auto offset = zone->get_info(at).offset;
    const auto t = split(at + offset);
    const auto offset_minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    const auto size = static_cast<int>(offset_minutes < 0 ? -offset_minutes : offset_minutes);
    std::array<char, 40> buffer{};
    const int length =
        std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d%c%02d:%02d", t.year, t.month, t.day,
                      t.hour, t.minute, t.second, offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string format_date(local_date day)
{
    std::array<char, 24> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string format_local_time(local_time at)
{
    std::array<char, 16> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%02d:%02d", at.minute / 60, at.minute % 60);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

local_date date_in(time_zone zone, instant at)
{
    return local_date{date::floor<date::days>(at + zone->get_info(at).offset)};
}

local_time time_in(time_zone zone, instant at)
{
    const auto local = at + zone->get_info(at).offset;
    return {static_cast<int>(std::chrono::duration_cast<minutes>(local - date::floor<date::days>(local)).count())};
}

instant instant_of(time_zone zone, local_date day, local_time at)
{
    const date::local_time<std::chrono::microseconds> wall{date::local_days{day}.time_since_epoch() +
                                                           minutes{at.minute}};
    const auto info = zone->get_info(wall);
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return instant{wall.time_since_epoch()} - info.first.offset;
}

local_date add_days(local_date day, int days)
{
    return local_date{date::sys_days{day} + date::days{days}};
}

int days_between(local_date from, local_date until)
{
    return static_cast<int>((date::sys_days{until} - date::sys_days{from}).count());
}

int iso_weekday(local_date day)
{
    return static_cast<int>(date::weekday{date::sys_days{day}}.iso_encoding());
}

}  // namespace manent
