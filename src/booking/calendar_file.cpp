#include "booking/calendar_file.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace manent::booking
{

namespace
{

constexpr std::size_t line_bytes_max = 75;

bool continues_character(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// 20261126T140000: the wall clock of a zone, or UTC with a Z added by the caller.
std::string basic_time(instant at, std::chrono::seconds offset)
{
    const auto local = std::chrono::floor<std::chrono::seconds>(at + offset);
    const auto day = date::floor<date::days>(local);
    const local_date ymd{day};
    const auto second = (local - day).count();
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%04d%02u%02uT%02d%02d%02d",
                                     static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                                     static_cast<unsigned>(ymd.day()), static_cast<int>(second / 3600),
                                     static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string utc_offset(std::chrono::seconds offset)
{
    const auto size = std::abs(offset.count());
    std::array<char, 16> buffer{};
    int length = std::snprintf(buffer.data(), buffer.size(), "%c%02d%02d", offset.count() < 0 ? '-' : '+',
                               static_cast<int>(size / 3600), static_cast<int>(size / 60 % 60));
    // Seconds only when there are some: zones before standard time had them.
    if (size % 60 != 0) length += std::snprintf(buffer.data() + length, 4, "%02d", static_cast<int>(size % 60));
    return {buffer.data(), static_cast<std::size_t>(length)};
}

// Offsets that began before this are written as if they had begun then: some readers stumble over older years.
const instant first_instant{date::sys_days{date::year{1970} / 1 / 1}.time_since_epoch()};

class lines
{
public:
    void add(std::string_view line) { text_ += fold_line(line); }
    void add(std::string_view name, std::string_view value)
    {
        std::string line{name};
        line += value;
        add(line);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

// One observance: the offset in force from its beginning on. DTSTART is told in the clock that ended there.
void add_observance(lines& into, time_zone zone, const date::sys_info& info)
{
    const bool has_beginning = info.begin > first_instant;
    const auto before = has_beginning ? zone->get_info(info.begin - std::chrono::seconds{1}).offset : info.offset;
    const instant begins = has_beginning ? instant{info.begin} : first_instant;
    const bool is_daylight = info.save != minutes{0};
    into.add(is_daylight ? "BEGIN:DAYLIGHT" : "BEGIN:STANDARD");
    into.add("DTSTART:", basic_time(begins, before));
    into.add("TZOFFSETFROM:", utc_offset(before));
    into.add("TZOFFSETTO:", utc_offset(info.offset));
    into.add("TZNAME:", escape_text(info.abbrev));
    into.add(is_daylight ? "END:DAYLIGHT" : "END:STANDARD");
}

// The offsets in force from the entry's start to its end, exactly as the zone has them, without a rule that would
// promise anything about other years.
void add_zone(lines& into, const calendar_entry& entry)
{
    into.add("BEGIN:VTIMEZONE");
    into.add("TZID:", entry.zone->name());
    auto info = entry.zone->get_info(entry.starts_at);
    add_observance(into, entry.zone, info);
    while (info.end <= entry.ends_at)
    {
        info = entry.zone->get_info(info.end);
        add_observance(into, entry.zone, info);
    }
    into.add("END:VTIMEZONE");
}

// In the site's own clock; a time that daylight saving repeats in UTC, because readers differ about which of the two
// they take (RFC 5545 says the first, libical takes the second).
void add_time(lines& into, std::string_view name, const calendar_entry& entry, instant at)
{
    const auto offset = entry.zone->get_info(at).offset;
    const auto wall = date::local_time<std::chrono::microseconds>{(at + offset).time_since_epoch()};
    const bool is_repeated = entry.zone->get_info(wall).result == date::local_info::ambiguous;
    std::string line{name};
    if (!is_repeated) line.append(";TZID=").append(entry.zone->name());
    line += ':';
    line += is_repeated ? basic_time(at, std::chrono::seconds{0}) + "Z" : basic_time(at, offset);
    into.add(line);
}

void add_event(lines& into, const calendar_entry& entry)
{
    into.add("BEGIN:VEVENT");
    into.add("UID:", escape_text(entry.uid));
    into.add("SEQUENCE:", std::to_string(entry.sequence));
    into.add("DTSTAMP:", basic_time(entry.stamped_at, std::chrono::seconds{0}) + "Z");
    add_time(into, "DTSTART", entry, entry.starts_at);
    add_time(into, "DTEND", entry, entry.ends_at);
    into.add("SUMMARY:", escape_text(entry.title));
    if (!entry.location.empty()) into.add("LOCATION:", escape_text(entry.location));
    if (!entry.description.empty()) into.add("DESCRIPTION:", escape_text(entry.description));
    if (!entry.url.empty()) into.add("URL:", entry.url);
    into.add("ORGANIZER:mailto:", entry.organizer);
    into.add("STATUS:", entry.cancelled ? "CANCELLED" : "CONFIRMED");
    into.add("TRANSP:", entry.cancelled ? "TRANSPARENT" : "OPAQUE");
    into.add("CLASS:PRIVATE");
    into.add("END:VEVENT");
}

}  // namespace

std::string escape_text(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const char byte = text[i];
        if (byte == '\\' || byte == ';' || byte == ',')
        {
            escaped += '\\';
            escaped += byte;
        }
        else if (byte == '\n' || byte == '\r')
        {
            escaped += "\\n";
            if (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        }
        else if (byte == '\t' || (static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F))
        {
            escaped += byte;
        }
    }
    return escaped;
}

std::string fold_line(std::string_view line)
{
    std::string folded;
    folded.reserve(line.size() + line.size() / line_bytes_max * 3 + 2);
    std::size_t room = line_bytes_max;
    while (line.size() > room)
    {
        std::size_t cut = room;
        while (cut > 0 && continues_character(line[cut])) --cut;
        if (cut == 0) cut = room;  // not UTF-8: any place is as good
        folded.append(line.substr(0, cut));
        folded += "\r\n ";
        line.remove_prefix(cut);
        room = line_bytes_max - 1;  // the space that begins a continuation counts
    }
    folded.append(line);
    folded += "\r\n";
    return folded;
}

std::string write_calendar(const calendar_entry& entry)
{
    lines into;
    into.add("BEGIN:VCALENDAR");
    into.add("VERSION:2.0");
    into.add("PRODID:-//Manent//Manent//EN");
    into.add("CALSCALE:GREGORIAN");
    into.add("METHOD:", entry.cancelled ? "CANCEL" : "PUBLISH");
    add_zone(into, entry);
    add_event(into, entry);
    into.add("END:VCALENDAR");
    return into.take();
}

}  // namespace manent::booking
