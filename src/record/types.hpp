// The words of the record: patients, consultations and the revisions of their texts, as requests bring them and answers
// show them. Text is plain here; it is sealed before it reaches SQL (sealing.hpp).
#pragma once

#include "core/id.hpp"
#include "core/json.hpp"
#include "core/time.hpp"
#include "identity/types.hpp"
#include "store/copies.hpp"

#include <boost/describe.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace manent::record
{

inline constexpr std::size_t text_points_max = 200'000;
inline constexpr std::size_t fields_max = 8;
inline constexpr std::size_t bases_max = 16;

BOOST_DEFINE_ENUM_CLASS(sex, female, male, unknown)
BOOST_DEFINE_ENUM_CLASS(subject_kind, consultation, patient)
BOOST_DEFINE_ENUM_CLASS(text_field, motif, interrogatoire, examen, conclusion, allergies, antecedents, treatments)
BOOST_DEFINE_ENUM_CLASS(consultation_kind, in_practice, home, video, phone, result)
BOOST_DEFINE_ENUM_CLASS(consultation_state, open, closed, retracted)

inline constexpr std::array observation{text_field::motif, text_field::interrogatoire, text_field::examen,
                                        text_field::conclusion};
inline constexpr std::array patient_texts{text_field::allergies, text_field::antecedents, text_field::treatments};

constexpr subject_kind kind_of(text_field field)
{
    return field <= text_field::conclusion ? subject_kind::consultation : subject_kind::patient;
}

template <class Enum>
std::string name_of(Enum value)
{
    return boost::describe::enum_to_string(value, "");
}

// Who acts, and the request that it shall be known by in the access journal.
struct act
{
    identity::member by;
    std::string request_id;
};

// An act that may be sent twice: the same key with the same request is answered again, not done again.
struct keyed_act : act
{
    uuid key{};
    digest request_hash{};
};

// --- patients ---

struct address
{
    list<text<0, 200>, 4> lines;
    text<0, 10> postal_code;
    text<0, 100> city;
};
BOOST_DESCRIBE_STRUCT(address, (), (lines, postal_code, city))

struct identity_wish
{
    text<1, 100> birth_name;
    std::optional<text<0, 100>> used_name;
    text<1, 200> given_names;
    local_date birth_date{};
    record::sex sex = sex::unknown;
    std::optional<text<0, 200>> birth_place;
    std::optional<text<0, 30>> phone;
    std::optional<email_address> email;
    std::optional<record::address> address;
};
BOOST_DESCRIBE_STRUCT(identity_wish, (),
                      (birth_name, used_name, given_names, birth_date, sex, birth_place, phone, email, address))

struct new_patient : identity_wish
{
    std::optional<bool> confirm_new;
};
BOOST_DESCRIBE_STRUCT(new_patient, (identity_wish), (confirm_new))

struct changed_patient : identity_wish
{
    integer<1, 2'000'000'000> version;
};
BOOST_DESCRIBE_STRUCT(changed_patient, (identity_wish), (version))

struct address_view
{
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
};
BOOST_DESCRIBE_STRUCT(address_view, (), (lines, postal_code, city))

struct patient_view
{
    uuid patient_id{};
    std::string birth_name;
    std::optional<std::string> used_name;
    std::string given_names;
    local_date birth_date{};
    record::sex sex = sex::unknown;
    std::optional<std::string> birth_place;
    std::optional<std::string> phone;
    std::optional<std::string> email;
    std::optional<address_view> address;
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(patient_view, (),
                      (patient_id, birth_name, used_name, given_names, birth_date, sex, birth_place, phone, email,
                       address, version))

// A line of a search's answer, and of a warning that a patient may be known already.
struct found_patient
{
    uuid patient_id{};
    std::string birth_name;
    std::optional<std::string> used_name;
    std::string given_names;
    local_date birth_date{};
    record::sex sex = sex::unknown;
    std::optional<std::string> phone;
    std::optional<std::string> email;
    std::optional<local_instant> next_appointment;
    std::optional<local_date> last_seen;
};
BOOST_DESCRIBE_STRUCT(found_patient, (),
                      (patient_id, birth_name, used_name, given_names, birth_date, sex, phone, email, next_appointment,
                       last_seen))

struct found_patients
{
    std::vector<found_patient> items;
};
BOOST_DESCRIBE_STRUCT(found_patients, (), (items))

// --- texts ---

// One revision that no other of its field names as its base.
struct head_view
{
    uuid revision_id{};
    std::string text;
    std::string salt;    // base64url
    std::string digest;  // base64url
    instant recorded_at{};
    std::string author_name;
};
BOOST_DESCRIBE_STRUCT(head_view, (), (revision_id, text, salt, digest, recorded_at, author_name))

// None: never written. Two or more: to be merged.
struct field_view
{
    std::vector<head_view> heads;
};
BOOST_DESCRIBE_STRUCT(field_view, (), (heads))

struct patient_fields
{
    field_view allergies;
    field_view antecedents;
    field_view treatments;
};
BOOST_DESCRIBE_STRUCT(patient_fields, (), (allergies, antecedents, treatments))

struct observation_fields
{
    field_view motif;
    field_view interrogatoire;
    field_view examen;
    field_view conclusion;
};
BOOST_DESCRIBE_STRUCT(observation_fields, (), (motif, interrogatoire, examen, conclusion))

struct base_wish
{
    uuid revision_id{};
    text<43, 43> digest;  // base64url of 32 bytes
};
BOOST_DESCRIBE_STRUCT(base_wish, (), (revision_id, digest))

struct revision_wish
{
    text_field field = text_field::motif;
    verbatim<text_points_max> text;
    instant typed_at{};
    list<base_wish, bases_max> bases;
};
BOOST_DESCRIBE_STRUCT(revision_wish, (), (field, text, typed_at, bases))

struct save_wish
{
    record::subject_kind subject_kind = subject_kind::consultation;
    uuid subject_id{};
    uuid device_id{};
    list<revision_wish, fields_max> fields;
};
BOOST_DESCRIBE_STRUCT(save_wish, (), (subject_kind, subject_id, device_id, fields))

struct field_receipt
{
    text_field field = text_field::motif;
    uuid revision_id{};
    std::string salt;    // base64url
    std::string digest;  // base64url: SHA-256 over salt then text
    std::vector<uuid> heads;
    bool addendum = false;
};
BOOST_DESCRIBE_STRUCT(field_receipt, (), (field, revision_id, salt, digest, heads, addendum))

// The server's statement of what it stored, where, and how often. Signature and log have their place, and no issuer
// yet.
struct receipt
{
    uuid receipt_id{};
    uuid practice_id{};
    record::subject_kind subject_kind = subject_kind::consultation;
    uuid subject_id{};
    instant recorded_at{};
    std::vector<field_receipt> fields;
    bool retracted = false;  // the consultation was retracted: the text is kept, in a file that ordinary views hide
    int copies = 1;
    int machines = 1;
    store::copies_where where = store::copies_where::same_disk;
    std::optional<std::string> signature;
    std::optional<std::string> log_promise;
};
BOOST_DESCRIBE_STRUCT(receipt, (),
                      (receipt_id, practice_id, subject_kind, subject_id, recorded_at, fields, retracted, copies,
                       machines, where, signature, log_promise))

struct revision_view
{
    uuid revision_id{};
    instant recorded_at{};
    instant typed_at{};
    std::string author_name;
    std::vector<uuid> bases;
    std::string text;
    std::string digest;
    std::string salt;
    bool addendum = false;
    int copies = 1;
};
BOOST_DESCRIBE_STRUCT(revision_view, (),
                      (revision_id, recorded_at, typed_at, author_name, bases, text, digest, salt, addendum, copies))

struct revision_history
{
    std::vector<revision_view> items;
};
BOOST_DESCRIBE_STRUCT(revision_history, (), (items))

// --- consultations ---

// The words of an appointment, which booking's own are: each reads the same rows.
BOOST_DEFINE_ENUM_CLASS(visit_modality, in_practice, home, video)
BOOST_DEFINE_ENUM_CLASS(visit_state, held, booked, arrived, fulfilled, noshow, cancelled)
BOOST_DEFINE_ENUM_CLASS(booker, patient, staff)

// An appointment as the practice sees it, read for the patient it belongs to.
struct appointment_view
{
    uuid appointment_id{};
    uuid agenda_id{};
    uuid motive_id{};
    std::string motive_label;
    int tint = 1;
    std::string sign;
    visit_modality modality = visit_modality::in_practice;
    std::optional<uuid> patient_id;
    std::string patient_name;
    std::optional<local_date> patient_birth_date;
    std::optional<std::string> patient_phone;
    local_instant starts_at{};
    local_instant ends_at{};
    visit_state state = visit_state::booked;
    int lane = 0;
    std::string note;
    booker booked_by = booker::patient;
    std::optional<uuid> consultation_id;
    int version = 1;
    bool new_patient = false;
};
BOOST_DESCRIBE_STRUCT(appointment_view, (),
                      (appointment_id, agenda_id, motive_id, motive_label, tint, sign, modality, patient_id,
                       patient_name, patient_birth_date, patient_phone, starts_at, ends_at, state, lane, note,
                       booked_by, consultation_id, version, new_patient))

struct opening_wish
{
    uuid consultation_id{};  // made on the device, so that a note can begin offline
    uuid patient_id{};
    std::optional<uuid> appointment_id;
    consultation_kind kind = consultation_kind::in_practice;
};
BOOST_DESCRIBE_STRUCT(opening_wish, (), (consultation_id, patient_id, appointment_id, kind))

struct addendum_view
{
    instant recorded_at{};
    std::string author_name;
    text_field field = text_field::motif;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(addendum_view, (), (recorded_at, author_name, field, text))

struct retraction_view
{
    instant at{};
    std::string by;
    std::string reason;
    std::optional<uuid> refiled_as;
};
BOOST_DESCRIBE_STRUCT(retraction_view, (), (at, by, reason, refiled_as))

struct consultation_view
{
    uuid consultation_id{};
    patient_view patient;
    consultation_kind kind = consultation_kind::in_practice;
    std::optional<appointment_view> appointment;
    std::string practitioner_name;
    instant opened_at{};
    std::optional<instant> closed_at;
    consultation_state state = consultation_state::open;
    observation_fields fields;
    std::vector<addendum_view> addenda;
    std::optional<retraction_view> retraction;
};
BOOST_DESCRIBE_STRUCT(consultation_view, (),
                      (consultation_id, patient, kind, appointment, practitioner_name, opened_at, closed_at, state,
                       fields, addenda, retraction))

struct consultation_line
{
    uuid consultation_id{};
    instant opened_at{};
    std::optional<instant> closed_at;
    consultation_kind kind = consultation_kind::in_practice;
    std::string practitioner_name;
    std::string summary;
    consultation_state state = consultation_state::open;
};
BOOST_DESCRIBE_STRUCT(consultation_line, (),
                      (consultation_id, opened_at, closed_at, kind, practitioner_name, summary, state))

struct record_view
{
    patient_view patient;
    patient_fields fields;
    std::vector<consultation_line> consultations;
    std::vector<appointment_view> appointments;
};
BOOST_DESCRIBE_STRUCT(record_view, (), (patient, fields, consultations, appointments))

// The one head of each field that the writer has seen; absent for a field never written.
struct seen_heads
{
    std::optional<uuid> motif;
    std::optional<uuid> interrogatoire;
    std::optional<uuid> examen;
    std::optional<uuid> conclusion;
};
BOOST_DESCRIBE_STRUCT(seen_heads, (), (motif, interrogatoire, examen, conclusion))

struct closing_wish
{
    seen_heads heads;
};
BOOST_DESCRIBE_STRUCT(closing_wish, (), (heads))

struct retraction_wish
{
    text<1, 1000> reason;
    std::optional<uuid> refile_patient_id;
};
BOOST_DESCRIBE_STRUCT(retraction_wish, (), (reason, refile_patient_id))

struct retraction_done
{
    consultation_view consultation;
    std::optional<uuid> refiled_as;
};
BOOST_DESCRIBE_STRUCT(retraction_done, (), (consultation, refiled_as))

}  // namespace manent::record
