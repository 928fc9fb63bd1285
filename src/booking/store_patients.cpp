#include "booking/rows.hpp"
#include "booking/rules.hpp"
#include "booking/sql.hpp"
#include "booking/store.hpp"
#include "directory/names.hpp"

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

directory::site_page_answer read_site(const store::row& row, int first)
{
    directory::site_page_answer site;
    site.site_id = row.get<uuid>(first);
    site.name = row.get<std::string>(first + 1);
    site.lines = row.get<std::vector<std::string>>(first + 2);
    site.postal_code = row.get<std::string>(first + 3);
    site.city = row.get<std::string>(first + 4);
    site.latitude = row.get<std::optional<double>>(first + 5);
    site.longitude = row.get<std::optional<double>>(first + 6);
    site.time_zone = row.get<std::string>(first + 7);
    site.access = row.get<std::string>(first + 8);
    site.phone = row.get<std::optional<std::string>>(first + 9).value_or("");
    return site;
}

own_appointment read_own(const store::row& row, const own_view_words& words)
{
    const auto* const zone = find_zone(row.raw(22));
    const auto shown = [&](int column) { return local_instant{row.get<instant>(column), zone}; };
    own_appointment one;
    one.appointment_id = row.get<uuid>(0);
    one.practice_id = row.get<uuid>(1);
    one.practice_name = row.get<std::string>(2);
    one.agenda_id = row.get<uuid>(3);
    one.practitioner_id = row.get<std::optional<uuid>>(4);
    // An agenda of a room or a device has no practitioner, only its own name.
    one.practitioner_name =
        one.practitioner_id ? directory::display_name(row.raw(5), row.raw(6), row.raw(7)) : row.get<std::string>(9);
    if (one.practitioner_id) one.specialty_label = words.specialty_label(row.raw(8), words.language);
    one.motive_id = row.get<uuid>(10);
    one.motive_label = row.get<std::string>(11);
    one.modality = modality_of(row.raw(12));
    one.instructions = row.get<std::string>(13);
    one.site = read_site(row, 15);
    one.starts_at = shown(25);
    one.ends_at = shown(26);
    one.state = state_of(row.raw(27));
    if (!row.is_null(28) && !row.is_null(29))
        one.person = person_view{row.get<uuid>(28), row.get<std::string>(29), row.get<std::string>(30)};
    one.version = row.get<int>(31);
    const int cancel_min = row.get<int>(14);
    one.can_cancel = patient_may_change(one.state, one.starts_at.at, cancel_min, words.now);
    one.can_move = one.can_cancel && row.get<bool>(32);
    one.cancel_until = {change_until(one.starts_at.at, cancel_min), zone};
    return one;
}

}  // namespace

task<result<std::optional<uuid>>> find_replay(store::database& in, store::scope within, write_key key)
{
    store::unit question{std::move(within)};
    question.add(sql::find_key, key.key);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return std::optional<uuid>{};
    const auto row = answered->front()[0];
    if (row.get<bytes>(0) != bytes{key.fingerprint.begin(), key.fingerprint.end()})
        co_return refusal(problem_kind::unprocessable, "key_reused");
    const auto appointment = row.get<std::optional<uuid>>(1);
    const auto made = appointment ? appointment : row.get<std::optional<uuid>>(2);
    // The key of another kind of write, with the same request: not possible but by a defect of the client.
    if (!made) co_return refusal(problem_kind::unprocessable, "key_reused");
    co_return made;
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

task<result<name_parts>> find_own_person(store::database& in, identity::actor who, uuid person_id)
{
    store::unit question{who.own()};
    question.add(sql::find_own_person, person_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto row = answered->front()[0];
    co_return name_parts{row.get<std::string>(0), row.get<std::string>(1)};
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

task<result<std::vector<own_appointment>>> list_own(store::database& in, identity::actor who,
                                                    std::optional<uuid> appointment_id, own_view_words words)
{
    store::unit question{who.own()};
    question.add(sql::list_own_appointments, appointment_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    std::vector<own_appointment> all;
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i) all.push_back(read_own(listed[i], words));
    co_return all;
}

}  // namespace manent::booking
