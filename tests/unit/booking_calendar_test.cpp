// The calendar file of one appointment, read back by libical, which strictly refuses what RFC 5545 does not allow.
#include "booking/calendar_file.hpp"

#include <gtest/gtest.h>

#include <libical/ical.h>

#include <memory>

namespace manent::booking
{

namespace
{

calendar_entry entry()
{
    calendar_entry made;
    made.uid = "0192f1de-0000-7000-8000-000000000001@manent.example";
    made.sequence = 2;
    made.stamped_at = parse_instant("2026-11-22T10:00:00Z").value();
    made.starts_at = parse_instant("2026-11-26T14:00:00+01:00").value();
    made.ends_at = parse_instant("2026-11-26T14:20:00+01:00").value();
    made.zone = find_zone("Europe/Paris");
    made.title = "Rendez-vous";
    made.location = "1 rue Mme Delmas, 47000 Agen; bâtiment B \\ 2e étage";
    made.description = "À apporter :\n– carte Vitale\n– ordonnances, comptes rendus et résultats d'analyses récents";
    made.url = "https://manent.example/rendez-vous/0192f1de-0000-7000-8000-000000000001";
    made.organizer = "rendez-vous@manent.example";
    return made;
}

struct freed
{
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using component = std::unique_ptr<icalcomponent, freed>;

component parsed(const std::string& text)
{
    return component{icalparser_parse_string(text.c_str())};
}

std::string value(icalcomponent* of, icalproperty_kind kind)
{
    auto* const property = icalcomponent_get_first_property(of, kind);
    return property == nullptr ? "(none)" : icalproperty_get_value_as_string(property);
}

}  // namespace

TEST(booking_calendar, a_strict_parser_reads_every_member_back)
{
    const auto written = entry();
    const auto calendar = parsed(write_calendar(written));
    ASSERT_TRUE(calendar);
    EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
    EXPECT_NE(icalrestriction_check(calendar.get()), 0);
    EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0) << icalcomponent_as_ical_string(calendar.get());
    EXPECT_EQ(icalcomponent_get_method(calendar.get()), ICAL_METHOD_PUBLISH);

    auto* const event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(icalcomponent_get_uid(event), written.uid);
    EXPECT_EQ(icalcomponent_get_sequence(event), 2);
    EXPECT_EQ(icalcomponent_get_summary(event), written.title);
    EXPECT_EQ(icalcomponent_get_location(event), written.location);
    EXPECT_EQ(icalcomponent_get_description(event), written.description);
    EXPECT_EQ(icalcomponent_get_status(event), ICAL_STATUS_CONFIRMED);
    EXPECT_EQ(value(event, ICAL_URL_PROPERTY), written.url);
    EXPECT_EQ(value(event, ICAL_ORGANIZER_PROPERTY), "mailto:rendez-vous@manent.example");
    EXPECT_EQ(value(event, ICAL_DTSTAMP_PROPERTY), "20261122T100000Z");
}

TEST(booking_calendar, a_parser_that_knows_only_the_file_finds_the_instants)
{
    for (const auto* start : {"2026-11-26T14:00:00+01:00", "2026-07-14T09:12:00+02:00", "2026-03-29T03:00:00+02:00",
                              "2026-03-29T01:50:00+01:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
                              "2026-10-25T01:50:00+02:00"})
    {
        auto written = entry();
        written.starts_at = parse_instant(start).value();
        written.ends_at = written.starts_at + minutes{40};
        const auto calendar = parsed(write_calendar(written));
        ASSERT_TRUE(calendar);
        EXPECT_NE(icalrestriction_check(calendar.get()), 0);
        auto* const event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
        auto* const zone = icalcomponent_get_timezone(calendar.get(), "Europe/Paris");
        ASSERT_NE(zone, nullptr);
        const auto seconds = [&](icaltimetype time)
        { return icaltime_as_timet_with_zone(time, icaltime_is_utc(time) ? icaltimezone_get_utc_timezone() : zone); };
        const auto unix_seconds = [](instant moment)
        { return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count(); };
        EXPECT_EQ(seconds(icalcomponent_get_dtstart(event)), unix_seconds(written.starts_at)) << start;
        EXPECT_EQ(seconds(icalcomponent_get_dtend(event)), unix_seconds(written.ends_at)) << start;
    }
}

TEST(booking_calendar, a_repeated_time_is_told_in_utc_and_names_no_zone)
{
    auto written = entry();
    written.starts_at = parse_instant("2026-10-25T02:30:00+01:00").value();
    written.ends_at = written.starts_at + minutes{40};
    const auto text = write_calendar(written);
    EXPECT_NE(text.find("\r\nDTSTART:20261025T013000Z\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\nDTEND;TZID=Europe/Paris:20261025T031000\r\n"), std::string::npos);
}

TEST(booking_calendar, a_zone_without_changes_has_one_observance)
{
    auto written = entry();
    written.zone = find_zone("Etc/UTC");
    const auto calendar = parsed(write_calendar(written));
    ASSERT_TRUE(calendar);
    EXPECT_NE(icalrestriction_check(calendar.get()), 0);
}

TEST(booking_calendar, a_cancelled_appointment_cancels_the_entry)
{
    auto written = entry();
    written.cancelled = true;
    const auto calendar = parsed(write_calendar(written));
    ASSERT_TRUE(calendar);
    EXPECT_NE(icalrestriction_check(calendar.get()), 0);
    EXPECT_EQ(icalcomponent_get_method(calendar.get()), ICAL_METHOD_CANCEL);
    auto* const event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_status(event), ICAL_STATUS_CANCELLED);
}

TEST(booking_calendar, lines_are_folded_at_75_bytes_without_tearing_characters)
{
    auto written = entry();
    written.description.clear();
    for (int i = 0; i < 60; ++i) written.description += "é€😀x";
    const auto text = write_calendar(written);
    std::size_t from = 0;
    while (from < text.size())
    {
        const auto end = text.find("\r\n", from);
        ASSERT_NE(end, std::string::npos);
        ASSERT_LE(end - from, 75U);
        // A continuation byte at the beginning of a line would be half a character.
        const auto first = static_cast<unsigned char>(text[from] == ' ' ? text[from + 1] : text[from]);
        ASSERT_NE(first & 0xC0U, 0x80U);
        from = end + 2;
    }
    const auto calendar = parsed(text);
    ASSERT_TRUE(calendar);
    auto* const event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_description(event), written.description);
}

TEST(booking_calendar, folding_counts_to_the_byte)
{
    const std::string exact(75, 'a');
    EXPECT_EQ(fold_line(exact), exact + "\r\n");
    EXPECT_EQ(fold_line(exact + "b"), exact + "\r\n b\r\n");
    EXPECT_EQ(fold_line(std::string(74, 'a') + "é"), std::string(74, 'a') + "\r\n é\r\n");
    EXPECT_EQ(fold_line(exact + std::string(75, 'b')), exact + "\r\n " + std::string(74, 'b') + "\r\n b\r\n");
}

TEST(booking_calendar, nobody_writes_a_line_of_the_file_through_a_text)
{
    EXPECT_EQ(escape_text("a,b;c\\d"), "a\\,b\\;c\\\\d");
    EXPECT_EQ(escape_text("one\r\ntwo\nthree\rfour"), "one\\ntwo\\nthree\\nfour");
    EXPECT_EQ(escape_text(std::string{"bell\a nul\0 del\x7F", 15}), "bell nul del");
    auto written = entry();
    written.title = "Rendez-vous\r\nATTACH:https://elsewhere.example";
    const auto calendar = parsed(write_calendar(written));
    auto* const event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_first_property(event, ICAL_ATTACH_PROPERTY), nullptr);
}

}  // namespace manent::booking
