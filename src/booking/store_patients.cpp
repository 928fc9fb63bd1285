#include "booking/rows.hpp"
#include "booking/sql.hpp"
#include "booking/store.hpp"

namespace manent::booking
{

namespace
{

template <class T>
result<T> single(result<store::written> outcome)
{
    if (!outcome) return outcome.error();
    return outcome->of_statements.front()[0].get<T>(0);
}

result<void> nothing(const result<store::written>& outcome)
{
    if (!outcome) return outcome.error();
    return {};
}

own_row read_own(const store::row& row)
{
    own_row one;
    one.appointment_id = row.get<uuid>(0);
    one.practice_id = row.get<uuid>(1);
    one.agenda_id = row.get<uuid>(2);
    one.motive_id = row.get<uuid>(3);
    one.motive_label = row.get<std::string>(4);
    one.modality = modality_of(row.raw(5));
    one.instructions = row.get<std::string>(6);
    one.cancel_min = row.get<int>(7);
    one.is_bookable = row.get<bool>(8);
    one.starts_at = row.get<instant>(9);
    one.ends_at = row.get<instant>(10);
    one.state = state_of(row.raw(11));
    if (!row.is_null(12))
        one.person = person_view{row.get<uuid>(12), row.get<std::string>(13), row.get<std::string>(14)};
    one.version = row.get<int>(15);
    return one;
}

// What a key made before; nullopt for the first time.
result<std::optional<uuid>> read_replay(const store::rows& found, const write_key& key)
{
    if (found.empty()) return std::optional<uuid>{};
    const auto row = found[0];
    if (row.get<bytes>(0) != bytes{key.fingerprint.begin(), key.fingerprint.end()})
        return refusal(problem_kind::unprocessable, "key_reused");
    const auto appointment = row.get<std::optional<uuid>>(1);
    const auto made = appointment ? appointment : row.get<std::optional<uuid>>(2);
    // The key of another kind of write, with the same request: not possible but by a defect of the client.
    if (!made) return refusal(problem_kind::unprocessable, "key_reused");
    return made;
}

}  // namespace

task<result<std::optional<uuid>>> find_replay(store::database& in, store::scope within, write_key key)
{
    store::unit question{std::move(within)};
    question.add(sql::find_key, key.key);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    co_return read_replay(answered->front(), key);
}

task<result<void>> confirm_replay(store::database& in, store::scope within, write_key key)
{
    store::unit act{std::move(within)};
    act.add(sql::confirm_replay, key.key, key.fingerprint).repeatable();
    co_return nothing(co_await in.write(act));
}

task<result<instant>> hold_time(store::database& in, store::scope within, new_hold made)
{
    store::unit act{std::move(within)};
    act.add(sql::hold_time, made.hold_id, made.practice_id, made.agenda_id, made.motive_id, made.lane, made.starts_at,
            made.ends_at, made.schedule_version, made.token_hash, made.origin, made.minutes, made.holds_max);
    co_return single<instant>(co_await in.write(act));
}

task<result<void>> release_hold(store::database& in, uuid hold_id, digest token_hash)
{
    store::unit act{store::scope::everyone()};
    act.add(sql::release_hold, hold_id, token_hash).repeatable();
    const auto released = single<bool>(co_await in.write(act));
    if (!released) co_return released.error();
    if (!*released) co_return refusal(problem_kind::not_found, "not_found");
    co_return result<void>{};
}

task<result<instant>> extend_hold(store::database& in, uuid hold_id, digest token_hash, int minutes)
{
    store::unit act{store::scope::everyone()};
    act.add(sql::extend_hold, hold_id, token_hash, minutes);
    co_return single<instant>(co_await in.write(act));
}

task<result<own_ground>> find_own_ground(store::database& in, identity::actor who, write_key key, uuid person_id)
{
    store::unit question{who.own()};
    question.add(sql::find_own_ground, key.key, person_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    const auto row = answered->front()[0];
    own_ground found;
    if (const auto hash = row.get<std::optional<bytes>>(0))
    {
        if (!equal_in_constant_time(*hash, key.fingerprint))
            co_return refusal(problem_kind::unprocessable, "key_reused");
        found.made_before = row.get<std::optional<uuid>>(1);
    }
    if (const auto given = row.get<std::optional<std::string>>(2))
        found.person = name_parts{*given, row.get<std::string>(3)};
    co_return found;
}

task<result<uuid>> book_as_person(store::database& in, identity::actor who, write_key key, new_own_appointment made,
                                  appointment_letter letter)
{
    store::unit act{who.own()};
    act.add(sql::book_as_person, key.key, key.fingerprint, made.appointment_id, made.practice_id, made.agenda_id,
            made.motive_id, made.person_id, made.lane, made.starts_at, made.ends_at, made.schedule_version,
            made.hold_id, made.hold_token_hash, made.note_sealed, made.new_patient_id, made.wrapped_key,
            made.folded_names, letter.mail_id, letter.subject, letter.body, letter.calendar)
        .repeatable();
    co_return single<uuid>(co_await in.write(act));
}

task<result<void>> move_as_person(store::database& in, identity::actor who, write_key key, own_move wanted,
                                  appointment_letter letter)
{
    store::unit act{who.own()};
    act.add(sql::move_as_person, key.key, key.fingerprint, wanted.practice_id, wanted.appointment_id, wanted.version,
            wanted.lane, wanted.starts_at, wanted.ends_at, wanted.schedule_version, letter.mail_id, letter.subject,
            letter.body, letter.calendar)
        .repeatable();
    co_return nothing(co_await in.write(act));
}

task<result<void>> cancel_as_person(store::database& in, identity::actor who, write_key key, uuid practice_id,
                                    uuid appointment_id, int version, appointment_letter letter)
{
    store::unit act{who.own()};
    act.add(sql::cancel_as_person, key.key, key.fingerprint, practice_id, appointment_id, version, letter.mail_id,
            letter.subject, letter.body, letter.calendar)
        .repeatable();
    co_return nothing(co_await in.write(act));
}

task<result<std::vector<own_row>>> list_own(store::database& in, identity::actor who,
                                            std::optional<uuid> appointment_id)
{
    store::unit question{who.own()};
    question.add(sql::list_own_appointments, appointment_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    std::vector<own_row> all;
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i) all.push_back(read_own(listed[i]));
    co_return all;
}

}  // namespace manent::booking
