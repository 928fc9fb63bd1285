// The record's rows: binds each statement of sql/ to a unit and reads what it answered. The only place of the record
// that knows columns; it opens no sealed text.
#pragma once

#include "record/comparison.hpp"
#include "record/rules.hpp"
#include "record/sealing.hpp"
#include "record/types.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::record::stored
{

using store::rows;
using store::unit;

// --- idempotency ---

struct key_row
{
    bytes request_hash;
    json::object answer;
};

// Refuses the unit with key_known when the key was used before.
void claim_key(unit& in, const keyed_act& of, const json::object& answer);
// The key's row, in a transaction whose commit waits for the standby as the first one may not have.
void find_key_durably(unit& in, const keyed_act& of);
std::optional<key_row> read_key(const rows& found);

// --- subjects and heads ---

struct subject_row
{
    uuid patient{};
    bytes wrapped_key;
};

void find_subject(unit& in, const uuid& practice, subject_kind kind, const uuid& subject);
std::optional<subject_row> read_subject(const rows& found);

void lock_subject(unit& in, const uuid& subject);

// One stored revision with all that a copy of it needs.
struct revision_row
{
    text_field field = text_field::motif;
    uuid revision{};
    bytes sealed;
    bytes salt;
    bytes digest;
    instant recorded_at{};
    std::string author_name;
    instant typed_at{};
    uuid author{};
    uuid device{};
};

void find_heads(unit& in, const uuid& practice, const uuid& subject, subject_kind kind);
void find_addenda(unit& in, const uuid& practice, const uuid& consultation);
std::vector<revision_row> read_revisions(const rows& found);

void list_heads(unit& in, const uuid& practice, const uuid& consultation);
heads_by_field read_heads(const rows& found);

// --- saving ---

struct new_revision
{
    uuid revision{};
    const revision_wish* wish = nullptr;
    sealed_text text;
};

struct saved_row
{
    uuid revision{};
    std::vector<uuid> heads;
    bool addendum = false;
    instant recorded_at{};
    bool subject_retracted = false;
};

// No row answers when the key is known.
void save_revisions(unit& in, const keyed_act& of, const save_wish& wish, const std::vector<new_revision>& revisions,
                    const json::object& answer);
std::vector<saved_row> read_saved(const rows& found);

struct receipt_row
{
    field_receipt field;
    instant recorded_at{};
    bool subject_retracted = false;
};

void list_receipt_revisions(unit& in, const uuid& practice, const std::vector<uuid>& revisions);
std::vector<receipt_row> read_receipt(const rows& found);

struct history_row
{
    revision_view view;  // without its text
    bytes sealed;
};

void list_revisions(unit& in, const uuid& practice, subject_kind kind, const uuid& subject, text_field field);
std::vector<history_row> read_history(const rows& found);

// --- comparing ---

void list_held(unit& in, const uuid& practice, const std::vector<uuid>& revisions);
std::vector<listed_revision> read_held(const rows& found);
void prove_revisions(unit& in, const uuid& practice, const std::vector<uuid>& revisions);
std::vector<stored_revision> read_proofs(const rows& found);
void find_acknowledged(unit& in, const uuid& person, const std::vector<std::string>& revisions);
std::vector<uuid> read_acknowledged(const rows& found);

// --- patients ---

struct patient_row
{
    patient_view view;
    bytes wrapped_key;
};

void find_patient(unit& in, const uuid& practice, const uuid& patient);
void find_patient_of(unit& in, const uuid& practice, const uuid& consultation);
std::optional<patient_row> read_patient(const rows& found);

void add_patient(unit& in, const act& of, const uuid& patient, const identity_wish& wish, const bytes& wrapped_key);
// No row is touched when the version is another.
void change_patient(unit& in, const act& of, const uuid& patient, const changed_patient& wish);

void search_patients(unit& in, const uuid& practice, const search_terms& terms, std::int64_t limit);
std::vector<found_patient> read_found(const rows& found);
void list_namesakes(unit& in, const uuid& practice, const std::vector<local_date>& born_on);
std::vector<found_patient> read_namesakes(const rows& found);

// --- consultations ---

struct consultation_row
{
    consultation_view view;  // without patient, appointment and texts
    bytes reason_sealed;
    bool retracted = false;
};

void find_consultation(unit& in, const uuid& practice, const uuid& consultation);
std::optional<consultation_row> read_consultation(const rows& found);

struct line_row
{
    consultation_line view;  // without its summary
    text_field field = text_field::motif;
    std::optional<uuid> revision;  // of the text that the summary is cut from
    bytes sealed;
};

void list_consultations(unit& in, const uuid& practice, const uuid& patient, bool with_retracted);
std::vector<line_row> read_lines(const rows& found);

struct appointment_row
{
    appointment_view view;  // without its note
    bytes note_sealed;
};

void list_appointments(unit& in, const uuid& practice, const uuid& patient);
void find_appointment_of(unit& in, const uuid& practice, const uuid& consultation);
std::vector<appointment_row> read_appointments(const rows& found);

// Its last statement answers the consultation that now stands, the new one or an older.
void open_consultation(unit& in, const act& of, const opening_wish& wish);
void find_opened(unit& in, const uuid& practice, const opening_wish& wish);
struct opened_row
{
    uuid consultation{};
    uuid patient{};
};
std::optional<opened_row> read_opened(const rows& found);

// Fields that `seen` does not name must have no heads.
void refuse_stale_act(unit& in, const uuid& practice, const uuid& consultation, const heads_by_field& seen,
                      bool closed_was_seen);

struct event
{
    const char* what = "closed";
    std::optional<instant> at;  // the database's clock when absent
    uuid by{};
    heads_by_field heads;
    std::optional<bytes> reason_sealed;
    std::optional<uuid> refiled_as;
};
void add_event(unit& in, const uuid& practice, const uuid& consultation, const event& happened);

struct refiled_revision
{
    revision_row from;
    uuid revision{};
    sealed_text text;
    bool addendum = false;
};
void refile(unit& in, const uuid& practice, const uuid& from, const uuid& into, const uuid& patient,
            const std::vector<refiled_revision>& revisions);

}  // namespace manent::record::stored
