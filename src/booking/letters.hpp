// What is mailed about an appointment: time, address and a link, with a calendar file under a neutral title. Neither
// the practitioner's nor the practice's name is in it, for they tell the specialty. Practitioners are told of agendas.
#pragma once

#include "booking/types.hpp"
#include "core/words.hpp"

#include <string>

namespace manent::booking
{

enum class occasion
{
    booked,
    moved,
    cancelled
};

// What every letter of this installation has in common.
struct letterhead
{
    const manent::words* sentences = nullptr;
    std::string public_url;  // without a slash at its end
    std::string sender;      // the address that calendar entries name as their organizer
    std::string host;        // makes identifiers of calendar entries unique in the world
};

struct appointment_facts
{
    uuid appointment_id;
    int version = 1;  // of the appointment as the letter tells it
    instant starts_at;
    instant ends_at;
    time_zone zone = nullptr;
    booking::place place;
};

struct appointment_letter
{
    uuid mail_id;
    std::string subject;
    std::string body;
    std::string calendar;
};

// Where an agenda was opened.
struct workplace
{
    std::string practice_name;
    booking::place place;
};

appointment_letter word_letter(const letterhead& from, language in, occasion of, const appointment_facts& about,
                               instant now);

// The calendar file of an appointment as it stands, for download.
std::string word_calendar(const letterhead& from, language in, bool cancelled, const appointment_facts& about,
                          instant now);

// What a practitioner is told of an agenda that somebody opened in their name, in every language: which one is sent,
// the database knows. {"fr": {"subject": …, "body": …}, …}
std::string word_agenda_notices(const letterhead& from, const uuid& practitioner_id, const workplace& where);

// "jeudi 26 novembre 2026, 14:00", in the site's zone.
std::string say_moment(language in, time_zone zone, instant at);

// "noreply@example.org" of "Manent <noreply@example.org>"; the whole when there are no brackets.
std::string bare_address(const std::string& mailbox);

}  // namespace manent::booking
