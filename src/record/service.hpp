// The acts of the record: what routes, the command line and other capabilities may ask of it. Each act runs in the
// scope of a member's practice, and what belongs to another practice is not_found, the same as what does not exist.
// Every reading and writing of a patient's data is noted in the access journal. Belongs to one thread.
//
// Problems that any keyed act may answer: key_reused (422) when its key came with another request before.
#pragma once

#include "audit/trail.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "record/comparison.hpp"
#include "record/recent.hpp"
#include "record/store.hpp"
#include "record/types.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace manent::record
{

struct opened_consultation
{
    consultation_view consultation;
    bool is_new = false;  // false: the appointment had one already
};

class service
{
public:
    // All three must live longer than the service; `app` is the role manent_app.
    service(store::database& app, store::keyring& keys, audit::trail& trail);

    // --- patients ---

    // At most `limit` patients for what was typed so far; nothing typed lists by name.
    task<result<std::vector<found_patient>>> search(act of, std::string typed, std::int64_t limit);
    // possible_duplicate with `candidates`, unless the wish confirms that this is another person.
    task<result<patient_view>> add_patient(keyed_act of, new_patient wish);
    task<result<patient_view>> patient(act of, uuid patient_id);
    // stale with the stored `version` when it is another than the wish was based on.
    task<result<patient_view>> change_patient(act of, uuid patient_id, changed_patient wish);
    // Identity, texts, consultations and appointments; retracted consultations only when asked for.
    task<result<record_view>> patient_file(act of, uuid patient_id, bool with_retracted);

    // --- consultations ---

    // other_patient when the appointment is somebody else's; already_exists when the identifier is taken.
    task<result<opened_consultation>> open(keyed_act of, opening_wish wish);
    task<result<consultation_view>> consultation(act of, uuid consultation);
    // closed, retracted, or heads_differ with the `differences` between what was seen and what is stored.
    task<result<consultation_view>> close(keyed_act of, uuid consultation, closing_wish wish);
    // Marks a consultation as written in the wrong file and, when asked, files its text in the right one in the same
    // transaction. retracted when it is already.
    task<result<retraction_done>> retract(keyed_act of, uuid consultation, retraction_wish wish);

    // --- texts ---

    // Appends revisions and says what was stored, and how often. Never refuses a text for what it is based on, nor for
    // the state of its consultation.
    task<result<receipt>> save(keyed_act of, save_wish wish);
    // Oldest first, with the copies that hold them now.
    task<result<std::vector<revision_view>>> history(act of, subject_kind kind, uuid subject, text_field field);
    // The digests of all that a device holds against the stored ones, and against the texts themselves for as many as
    // fit into `opened_bytes_max`, others each time. Nobody reads a text by it, so it leaves no access event: it tells
    // whether a text is still the one that the device holds already.
    task<result<comparison>> compare(act of, std::vector<held_revision> held);

private:
    struct subject_key
    {
        uuid practice{};
        subject_kind kind = subject_kind::consultation;
        uuid id{};
        bool operator==(const subject_key&) const = default;
    };
    struct sitting_key
    {
        uuid person{};
        uuid thing{};
        audit::action action = audit::action::read;
        bool operator==(const sitting_key&) const = default;
    };
    // Identifiers are random enough to be their own hash.
    struct hash_key
    {
        std::size_t operator()(const subject_key& of) const { return std::hash<uuid>{}(of.id); }
        std::size_t operator()(const sitting_key& of) const
        {
            return std::hash<uuid>{}(of.person) * 31 + std::hash<uuid>{}(of.thing);
        }
    };
    // A consultation's patient never changes, nor does a patient's key.
    struct subject
    {
        uuid patient{};
        secret_key key;
    };

    task<result<subject>> subject_of(const act& of, subject_kind kind, uuid id);
    task<result<secret_key>> open_key(uuid practice, uuid patient, const bytes& wrapped);
    // What the key's first request was answered, once that answer is as durable as a new one would be.
    task<result<json::object>> answered_before(const keyed_act& of, store::written* durable = nullptr);
    task<result<receipt>> receipt_again(const keyed_act& of, const save_wish& wish);
    task<result<void>> mark_acknowledged(const act& of, std::vector<missing_revision>& missing);

    task<result<consultation_view>> view_of(const act& of, uuid consultation);
    task<result<patient_view>> identity_of(const act& of, uuid patient);
    task<result<patient_view>> patient_made_before(const keyed_act& of);
    task<std::optional<problem>> possible_duplicate(const act& of, const identity_wish& wish);

    struct retraction_plan;
    task<result<retraction_plan>> plan_retraction(const act& of, uuid consultation, const retraction_wish& wish);
    task<result<store::written>> carry_out(const keyed_act& of, uuid consultation, const retraction_plan& plan);

    void note(const act& of, const uuid& patient, audit::action what_was_done, audit::subject what,
              std::optional<uuid> what_id);
    // Once a minute for the same act on the same thing: the revisions themselves say the rest.
    void note_sitting(const act& of, const uuid& patient, audit::action what_was_done, audit::subject what,
                      const uuid& what_id);

    store::database& app_;
    store::keyring& keys_;
    audit::trail& trail_;
    recent<subject_key, subject, hash_key> subjects_{8192};
    recent<sitting_key, std::chrono::steady_clock::time_point, hash_key> noted_{8192};
};

}  // namespace manent::record
