// Binds and reads booking's statements for patients and for a practice's staff. One round trip a function; what the
// database refuses comes back as its problem.
#pragma once

#include "booking/letters.hpp"
#include "booking/wire.hpp"
#include "core/crypto.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "identity/types.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::booking
{

// A write's name and the hash of what it asks for, so that its repetition is known.
struct write_key
{
    uuid key;
    digest fingerprint;
};

struct name_parts
{
    std::string given_name;
    std::string family_name;
};

// A stored appointment as rules and letters need it.
struct stored_visit
{
    uuid appointment_id;
    uuid agenda_id;
    uuid motive_id;
    instant starts_at;
    instant ends_at;
    booking::state state = booking::state::booked;
    int lane = 0;
    int version = 1;
    std::optional<bytes> note_sealed;
};

// An appointment of the person asking as the database has it; where and with whom is the index's to tell.
struct own_row
{
    uuid appointment_id;
    uuid practice_id;
    uuid agenda_id;
    uuid motive_id;
    std::string motive_label;
    booking::modality modality = booking::modality::in_practice;
    std::string instructions;
    int cancel_min = 0;
    bool is_bookable = true;  // by patients, still
    instant starts_at;
    instant ends_at;
    booking::state state = booking::state::booked;
    std::optional<person_view> person;
    int version = 1;
};

// ---- what a repeated request needs; answers key_reused when the key came with another request

// What the first request made: an appointment or an absence. nullopt: this is the first.
task<result<std::optional<uuid>>> find_replay(store::database& in, store::scope within, write_key key);
// Waits until the first one's commit is as durable as its own.
task<result<void>> confirm_replay(store::database& in, store::scope within, write_key key);

// ---- holds

struct new_hold
{
    uuid hold_id;
    uuid practice_id;
    uuid agenda_id;
    uuid motive_id;
    int lane = 0;
    instant starts_at;
    instant ends_at;
    std::int64_t schedule_version = 0;
    digest token_hash{};
    std::string origin;
    int minutes = 5;
    int holds_max = 5;
};
// Answers when it expires. hold_limit, schedule_moved, slot_taken.
task<result<instant>> hold_time(store::database& in, store::scope within, new_hold made);
// not_found when the token holds nothing.
task<result<void>> release_hold(store::database& in, uuid hold_id, digest token_hash);
// hold_expired when it has, or was extended before.
task<result<instant>> extend_hold(store::database& in, uuid hold_id, digest token_hash, int minutes);

// ---- by patients

// What a booking starts from, in one round trip: what the key made before, and the person's names; no person when the
// one asking may not act for them. key_reused.
struct own_ground
{
    std::optional<uuid> made_before;
    std::optional<name_parts> person;
};
task<result<own_ground>> find_own_ground(store::database& in, identity::actor who, write_key key, uuid person_id);

struct new_own_appointment
{
    uuid appointment_id;
    uuid practice_id;
    uuid agenda_id;
    uuid motive_id;
    uuid person_id;
    int lane = 0;
    instant starts_at;
    instant ends_at;
    std::int64_t schedule_version = 0;
    std::optional<uuid> hold_id;
    std::optional<digest> hold_token_hash;
    std::optional<bytes> note_sealed;
    uuid new_patient_id;
    bytes wrapped_key;
    std::string folded_names;
};
// Answers the appointment's id. slot_taken, schedule_moved, already_booked, not_found, key_reused.
task<result<uuid>> book_as_person(store::database& in, identity::actor who, write_key key, new_own_appointment made,
                                  appointment_letter letter);

struct own_move
{
    uuid practice_id;
    uuid appointment_id;
    int version = 1;
    int lane = 0;
    instant starts_at;
    instant ends_at;
    std::int64_t schedule_version = 0;
};
// slot_taken, schedule_moved, stale, not_found, key_reused.
task<result<void>> move_as_person(store::database& in, identity::actor who, write_key key, own_move wanted,
                                  appointment_letter letter);
task<result<void>> cancel_as_person(store::database& in, identity::actor who, write_key key, uuid practice_id,
                                    uuid appointment_id, int version, appointment_letter letter);

// The appointments of the person asking and of those they act for, by start; or the one named.
task<result<std::vector<own_row>>> list_own(store::database& in, identity::actor who,
                                            std::optional<uuid> appointment_id);

// ---- by staff

task<result<agendas_view>> list_agendas(store::database& in, identity::member who);

struct day_range
{
    instant from;
    instant until;
    std::vector<uuid> agendas;
};
struct visits_and_absences
{
    std::vector<visit> visits;
    std::vector<absence_view> absences;
};
task<result<visits_and_absences>> list_schedule(store::database& in, identity::member who, day_range wanted,
                                                secret_key notes);

struct visit_and_store
{
    visit shown;
    stored_visit stored;
};
// not_found, also for a hold.
task<result<visit_and_store>> find_visit(store::database& in, identity::member who, uuid appointment_id,
                                         secret_key notes);
task<result<std::vector<visit_change>>> list_changes(store::database& in, identity::member who, uuid appointment_id,
                                                     time_zone zone);

struct new_visit
{
    uuid appointment_id;
    uuid agenda_id;
    uuid motive_id;
    uuid patient_id;
    int lane = 0;
    instant starts_at;
    instant ends_at;
    std::optional<bytes> note_sealed;
};
// Letters are left out for what is over. overlaps, not_found, key_reused.
task<result<uuid>> book_in_practice(store::database& in, identity::member who, write_key key, new_visit made,
                                    std::optional<appointment_letter> letter);

struct visit_move
{
    uuid appointment_id;
    int version = 1;
    uuid agenda_id;
    int lane = 0;
    instant starts_at;
    instant ends_at;
};
// slot_taken for a race that was lost; stale, not_found, key_reused.
task<result<void>> move_in_practice(store::database& in, identity::member who, write_key key, visit_move wanted,
                                    std::optional<appointment_letter> letter);

struct visit_state
{
    uuid appointment_id;
    int version = 1;
    booking::state state = booking::state::booked;
    std::optional<int> lane;
};
task<result<void>> set_state(store::database& in, identity::member who, write_key key, visit_state wanted,
                             std::optional<appointment_letter> letter);

// ---- the schedule

// Answers the absence's id. not_found, key_reused.
task<result<uuid>> add_absence(store::database& in, identity::member who, write_key key, absence_wish wanted);
struct absence_and_displaced
{
    absence_view absence;
    std::vector<visit> displaced;
};
task<result<absence_and_displaced>> find_absence(store::database& in, identity::member who, uuid absence_id,
                                                 secret_key notes);
task<result<void>> remove_absence(store::database& in, identity::member who, uuid absence_id);

// not_found for a site that is not the practice's.
task<result<workplace>> find_workplace(store::database& in, identity::member who, uuid site_id);
// With what its practitioner is told, as `word_agenda_notices` words it.
task<result<uuid>> open_agenda(store::database& in, identity::member who, write_key key, agenda_wish wanted,
                               std::optional<std::string> notices);
// How many appointments are still to come there.
task<result<int>> change_agenda(store::database& in, identity::member who, uuid agenda_id, agenda_change_wish wanted);
task<result<openings_view>> list_openings(store::database& in, identity::member who, uuid agenda_id);
// stale with the present version.
task<result<void>> replace_openings(store::database& in, identity::member who, uuid agenda_id, openings_wish wanted);
task<result<void>> save_motive(store::database& in, identity::member who, uuid motive_id, bool is_new,
                               motive_wish wanted);

// A note is sealed for the one appointment that it stands at.
bytes seal_note(const secret_key& practice_key, const uuid& practice_id, const uuid& appointment_id,
                const std::string& note);

}  // namespace manent::booking
