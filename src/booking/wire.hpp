// What travels between clients and booking, as JSON: wishes with their limits, and answers. Words that are C++'s own
// ("new", "public") are written by hand; everything else is described once.
#pragma once

#include "booking/types.hpp"
#include "core/json.hpp"
#include "directory/admission.hpp"
#include "directory/answers.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent
{

template <>
struct field<booking::audience>
{
    static void read(const json::value& from, booking::audience& into, json_errors& errors);
    static json::value write(booking::audience from);
    static json::object schema();
};

}  // namespace manent

namespace manent::booking
{

using version_number = integer<1, 2147483647>;

// ---- by patients

struct hold_wish
{
    uuid agenda_id;
    uuid motive_id;
    instant starts_at;
    bool known = false;
};
BOOST_DESCRIBE_STRUCT(hold_wish, (), (agenda_id, motive_id, starts_at, known))

struct held
{
    uuid hold_id;
    std::string hold_token;
    local_instant expires_at;
    local_instant starts_at;
    local_instant ends_at;
};
BOOST_DESCRIBE_STRUCT(held, (), (hold_id, hold_token, expires_at, starts_at, ends_at))

struct extended_hold
{
    instant expires_at;
};
BOOST_DESCRIBE_STRUCT(extended_hold, (), (expires_at))

struct hold_proof
{
    uuid hold_id;
    text<1, 100> hold_token;
};
BOOST_DESCRIBE_STRUCT(hold_proof, (), (hold_id, hold_token))

struct booking_wish
{
    uuid agenda_id;
    uuid motive_id;
    instant starts_at;
    bool known = false;
    std::optional<uuid> person_id;  // the one asking when absent
    std::optional<hold_proof> hold;
    std::optional<text<0, 500>> note;
};
BOOST_DESCRIBE_STRUCT(booking_wish, (), (agenda_id, motive_id, starts_at, known, person_id, hold, note))

struct own_move_wish
{
    instant starts_at;
    version_number version;
};
BOOST_DESCRIBE_STRUCT(own_move_wish, (), (starts_at, version))

struct own_cancel_wish
{
    version_number version;
};
BOOST_DESCRIBE_STRUCT(own_cancel_wish, (), (version))

struct person_view
{
    uuid person_id;
    std::string given_name;
    std::string family_name;
};
BOOST_DESCRIBE_STRUCT(person_view, (), (person_id, given_name, family_name))

// An appointment as the patient sees it.
struct own_appointment
{
    uuid appointment_id;
    uuid practice_id;
    std::string practice_name;
    uuid agenda_id;
    std::optional<uuid> practitioner_id;
    std::string practitioner_name;
    std::string specialty_label;
    uuid motive_id;
    std::string motive_label;
    booking::modality modality = booking::modality::in_practice;
    std::string instructions;
    directory::site_page_answer site;
    local_instant starts_at;
    local_instant ends_at;
    booking::state state = booking::state::booked;
    std::optional<person_view> person;
    bool can_move = false;
    bool can_cancel = false;
    local_instant cancel_until;
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(own_appointment, (),
                      (appointment_id, practice_id, practice_name, agenda_id, practitioner_id, practitioner_name,
                       specialty_label, motive_id, motive_label, modality, instructions, site, starts_at, ends_at,
                       state, person, can_move, can_cancel, cancel_until, version))

struct own_appointments
{
    std::vector<own_appointment> upcoming;
    std::vector<own_appointment> past;
};
BOOST_DESCRIBE_STRUCT(own_appointments, (), (upcoming, past))

// ---- the practice's day

struct staff_booking_wish
{
    uuid agenda_id;
    uuid motive_id;
    uuid patient_id;
    instant starts_at;
    std::optional<integer<visit_min_min, visit_min_max>> duration_min;
    std::optional<text<0, 500>> note;
    std::optional<bool> overbook;
};
BOOST_DESCRIBE_STRUCT(staff_booking_wish, (),
                      (agenda_id, motive_id, patient_id, starts_at, duration_min, note, overbook))

struct staff_move_wish
{
    uuid agenda_id;
    instant starts_at;
    version_number version;
    std::optional<bool> overbook;
};
BOOST_DESCRIBE_STRUCT(staff_move_wish, (), (agenda_id, starts_at, version, overbook))

struct state_wish
{
    booking::state state = booking::state::booked;
    version_number version;
};
BOOST_DESCRIBE_STRUCT(state_wish, (), (state, version))

BOOST_DEFINE_ENUM_CLASS(booker, patient, staff)

// An appointment as the practice sees it.
struct visit
{
    uuid appointment_id;
    uuid agenda_id;
    uuid motive_id;
    std::string motive_label;
    int tint = 1;
    std::string sign;
    booking::modality modality = booking::modality::in_practice;
    std::optional<uuid> patient_id;
    std::string patient_name;
    std::optional<local_date> patient_birth_date;
    std::optional<std::string> patient_phone;
    local_instant starts_at;
    local_instant ends_at;
    booking::state state = booking::state::booked;
    int lane = 0;
    std::string note;
    booker booked_by = booker::patient;
    std::optional<uuid> consultation_id;
    int version = 1;
    bool new_patient = false;
};
BOOST_DESCRIBE_STRUCT(visit, (),
                      (appointment_id, agenda_id, motive_id, motive_label, tint, sign, modality, patient_id,
                       patient_name, patient_birth_date, patient_phone, starts_at, ends_at, state, lane, note,
                       booked_by, consultation_id, version, new_patient))

BOOST_DEFINE_ENUM_CLASS(change_kind, booked, moved, state, note)

struct visit_change
{
    instant at;
    std::string actor_name;
    change_kind what = change_kind::booked;
    std::optional<std::string> from;
    std::optional<std::string> to;
};
BOOST_DESCRIBE_STRUCT(visit_change, (), (at, actor_name, what, from, to))

struct visit_with_changes : visit
{
    std::vector<visit_change> changes;
};
BOOST_DESCRIBE_STRUCT(visit_with_changes, (visit), (changes))

struct absence_view
{
    uuid absence_id;
    uuid agenda_id;
    local_instant starts_at;
    local_instant ends_at;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(absence_view, (), (absence_id, agenda_id, starts_at, ends_at, reason))

struct open_time
{
    uuid agenda_id;
    local_instant starts_at;
    local_instant ends_at;
};
BOOST_DESCRIBE_STRUCT(open_time, (), (agenda_id, starts_at, ends_at))

struct schedule_view
{
    std::vector<visit> appointments;
    std::vector<absence_view> absences;
    std::vector<open_time> openings;
};
BOOST_DESCRIBE_STRUCT(schedule_view, (), (appointments, absences, openings))

struct absence_wish
{
    uuid agenda_id;
    instant starts_at;
    instant ends_at;
    std::optional<text<0, 200>> reason;
};
BOOST_DESCRIBE_STRUCT(absence_wish, (), (agenda_id, starts_at, ends_at, reason))

struct added_absence
{
    absence_view absence;
    std::vector<visit> displaced;
};
BOOST_DESCRIBE_STRUCT(added_absence, (), (absence, displaced))

// ---- agendas, openings and motives

// Of a practitioner who is in the directory, or of a room or a device.
struct agenda_wish
{
    uuid site_id;
    std::optional<uuid> practitioner_id;
    text<1, 200> name;
    integer<1, 8> tint;
};
BOOST_DESCRIBE_STRUCT(agenda_wish, (), (site_id, practitioner_id, name, tint))

struct agenda_change_wish
{
    text<1, 200> name;
    integer<1, 8> tint;
    bool closed = false;
};
BOOST_DESCRIBE_STRUCT(agenda_change_wish, (), (name, tint, closed))

struct opening_rule
{
    std::optional<integer<1, 7>> weekday;
    std::optional<local_date> date;
    local_time start;
    local_time end;
    std::optional<local_date> valid_from;
    std::optional<local_date> valid_until;
    list<uuid, 200> motive_ids;
    booking::audience audience = booking::audience::everyone;
    integer<1, 20> capacity;
    std::optional<integer<5, 240>> step_min;
    std::optional<bool> prefers_neighbours;
};
BOOST_DESCRIBE_STRUCT(opening_rule, (),
                      (weekday, date, start, end, valid_from, valid_until, motive_ids, audience, capacity, step_min,
                       prefers_neighbours))

struct openings_wish
{
    integer<1, 9007199254740991> schedule_version;
    list<opening_rule, 300> items;
};
BOOST_DESCRIBE_STRUCT(openings_wish, (), (schedule_version, items))

struct opening_view
{
    uuid opening_id;
    std::optional<int> weekday;
    std::optional<local_date> date;
    local_time start;
    local_time end;
    std::optional<local_date> valid_from;
    std::optional<local_date> valid_until;
    std::vector<uuid> motive_ids;
    booking::audience audience = booking::audience::everyone;
    int capacity = 1;
    std::optional<int> step_min;
    bool prefers_neighbours = false;
};
BOOST_DESCRIBE_STRUCT(opening_view, (),
                      (opening_id, weekday, date, start, end, valid_from, valid_until, motive_ids, audience, capacity,
                       step_min, prefers_neighbours))

struct openings_view
{
    std::int64_t schedule_version = 0;
    std::vector<opening_view> items;
};
BOOST_DESCRIBE_STRUCT(openings_view, (), (schedule_version, items))

// A motive's members but for "public", which C++ keeps for itself: see field<motive_wish>.
struct motive_members
{
    list<uuid, 100> agenda_ids;
    text<1, 200> label;
    integer<visit_min_min, visit_min_max> duration_min;
    booking::modality modality = booking::modality::in_practice;
    admission admits = admission::both;
    integer<0, 525600> earliest_min;
    integer<1, 730> latest_days;
    integer<0, 43200> cancel_min;
    integer<1, 8> tint;
    text<0, 2> sign;
    text<0, 2000> instructions;
    std::optional<bool> repeatable;
};
BOOST_DESCRIBE_STRUCT(motive_members, (),
                      (agenda_ids, label, duration_min, modality, admits, earliest_min, latest_days, cancel_min, tint,
                       sign, instructions, repeatable))

struct motive_wish
{
    motive_members members;
    bool is_public = true;
};

struct motive_view
{
    booking::motive of;
    std::optional<std::vector<uuid>> agenda_ids;  // left out where the motive stands under its agenda
};

struct agenda_view
{
    uuid agenda_id;
    std::string name;
    std::optional<uuid> practitioner_id;
    uuid site_id;
    std::string site_name;
    std::string time_zone;
    std::int64_t schedule_version = 0;
    int tint = 1;
    bool closed = false;
    int openings = 0;  // how many ranges it has, past ones included
    std::vector<motive_view> motives;
};
BOOST_DESCRIBE_STRUCT(agenda_view, (),
                      (agenda_id, name, practitioner_id, site_id, site_name, time_zone, schedule_version, tint, closed,
                       openings, motives))

struct agendas_view
{
    std::vector<agenda_view> items;
};
BOOST_DESCRIBE_STRUCT(agendas_view, (), (items))

struct changed_agenda
{
    agenda_view agenda;
    int upcoming = 0;  // appointments that are still to come; closing leaves them
};
BOOST_DESCRIBE_STRUCT(changed_agenda, (), (agenda, upcoming))

// ---- free times, as slots_json writes them straight from memory

struct slot_day
{
    local_date date;
    std::vector<local_instant> slots;
};
BOOST_DESCRIBE_STRUCT(slot_day, (), (date, slots))

struct slots_view
{
    std::string time_zone;
    std::vector<slot_day> days;           // only those with free times
    std::optional<local_date> next_date;  // the first free day after `to`
};
BOOST_DESCRIBE_STRUCT(slots_view, (), (time_zone, days, next_date))

}  // namespace manent::booking

namespace manent
{

template <>
struct field<booking::motive_wish>
{
    static void read(const json::value& from, booking::motive_wish& into, json_errors& errors);
    static json::object schema();
};

template <>
struct field<booking::motive_view>
{
    static json::value write(const booking::motive_view& from);
    static json::object schema();
};

}  // namespace manent
