#include "booking/letters.hpp"

#include "booking/calendar_file.hpp"
#include "core/json.hpp"
#include "notify/letter.hpp"

#include <boost/mp11.hpp>

#include <unicode/locid.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

namespace manent::booking
{

namespace
{

const char* name_of(occasion of)
{
    switch (of)
    {
        case occasion::booked:
            return "appointment_booked";
        case occasion::moved:
            return "appointment_moved";
        case occasion::cancelled:
            return "appointment_cancelled";
    }
    return "";
}

std::string one_line(const place& where)
{
    std::string text;
    for (const auto& line : where.lines)
    {
        if (!line.empty()) text += line + ", ";
    }
    return text + where.postal_code + " " + where.city;
}

std::string link_to(const letterhead& from, const uuid& appointment)
{
    return from.public_url + "/appointments/" + to_string(appointment);
}

}  // namespace

std::string say_moment(language in, time_zone zone, instant at)
{
    const char* const pattern = in == language::es ? "EEEE d 'de' MMMM 'de' y, HH:mm" : "EEEE d MMMM y, HH:mm";
    const icu::Locale locale{std::string{code_of(in)}.c_str()};
    UErrorCode failed = U_ZERO_ERROR;
    icu::SimpleDateFormat format{icu::UnicodeString::fromUTF8(pattern), locale, failed};
    if (U_FAILURE(failed)) return format_in(zone, at);
    // The offset comes from the same zone data as everything else; ICU's own may be of another year.
    format.setTimeZone(*icu::TimeZone::getGMT());
    const auto local = at + zone->get_info(at).offset;
    icu::UnicodeString said;
    format.format(
        static_cast<UDate>(std::chrono::duration_cast<std::chrono::milliseconds>(local.time_since_epoch()).count()),
        said);
    std::string text;
    return said.toUTF8String(text);
}

std::string bare_address(const std::string& mailbox)
{
    const auto open = mailbox.rfind('<');
    const auto close = mailbox.rfind('>');
    if (open == std::string::npos || close == std::string::npos || close < open) return mailbox;
    return mailbox.substr(open + 1, close - open - 1);
}

std::string word_calendar(const letterhead& from, language in, bool cancelled, const appointment_facts& about,
                          instant now)
{
    calendar_entry entry;
    entry.uid = to_string(about.appointment_id) + "@" + from.host;
    entry.sequence = about.version;
    entry.stamped_at = now;
    entry.starts_at = about.starts_at;
    entry.ends_at = about.ends_at;
    entry.zone = about.zone;
    entry.title = from.sentences->say(in, "calendar.title");
    entry.location = one_line(about.place);
    entry.url = link_to(from, about.appointment_id);
    entry.organizer = from.sender;
    entry.cancelled = cancelled;
    return write_calendar(entry);
}

appointment_letter word_letter(const letterhead& from, language in, occasion of, const appointment_facts& about,
                               instant now)
{
    const words::arguments with{{"when", say_moment(in, about.zone, about.starts_at)},
                                {"address", one_line(about.place)},
                                {"link", link_to(from, about.appointment_id)}};
    auto letter = notify::word_letter(*from.sentences, in, name_of(of), {}, with);
    return {new_uuid(), std::move(letter.subject), std::move(letter.body),
            word_calendar(from, in, of == occasion::cancelled, about, now)};
}

std::string word_agenda_notices(const letterhead& from, const uuid& practitioner_id, const workplace& where)
{
    const words::arguments with{{"practice", where.practice_name},
                                {"address", one_line(where.place)},
                                {"link", from.public_url + "/practitioners/" + to_string(practitioner_id)}};
    json::object notices;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<language>>(
        [&](auto each)
        {
            const auto written = notify::word_letter(*from.sentences, each.value, "agenda_opened", {}, with);
            notices[code_of(each.value)] = json::object{{"subject", written.subject}, {"body", written.body}};
        });
    return json::serialize(notices);
}

}  // namespace manent::booking
