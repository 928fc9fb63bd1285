#include "booking/rows.hpp"
#include "booking/sql.hpp"
#include "booking/store.hpp"

#include <stdexcept>
#include <unordered_map>

namespace manent::booking
{

namespace
{

std::string note_context(const uuid& practice_id, const uuid& appointment_id)
{
    return "appointment.note " + to_string(practice_id) + " " + to_string(appointment_id);
}

// Throws when it does not open: a moved row or a wrong key is a fault, never an empty note.
std::string open_note(const secret_key& key, const uuid& practice_id, const uuid& appointment_id,
                      const std::optional<bytes>& sealed)
{
    if (!sealed) return {};
    const auto context = note_context(practice_id, appointment_id);
    const auto plain = open_sealed(key, *sealed, as_bytes(context));
    if (!plain) throw std::runtime_error("an appointment's note does not open with its practice's key");
    return {plain->begin(), plain->end()};
}

visit read_visit(const store::row& row, const uuid& practice_id, const secret_key& notes)
{
    const auto* const zone = find_zone(row.raw(20));
    visit one;
    one.appointment_id = row.get<uuid>(0);
    one.agenda_id = row.get<uuid>(1);
    one.motive_id = row.get<uuid>(2);
    one.motive_label = row.get<std::string>(3);
    one.tint = row.get<int>(4);
    one.sign = row.get<std::string>(5);
    one.modality = modality_of(row.raw(6));
    one.patient_id = row.get<std::optional<uuid>>(7);
    one.patient_name = row.get<std::string>(8);
    one.patient_birth_date = row.get<std::optional<local_date>>(9);
    one.patient_phone = row.get<std::optional<std::string>>(10);
    one.starts_at = {row.get<instant>(11), zone};
    one.ends_at = {row.get<instant>(12), zone};
    one.state = state_of(row.raw(13));
    one.lane = row.get<int>(14);
    one.note = open_note(notes, practice_id, one.appointment_id, row.get<std::optional<bytes>>(15));
    one.booked_by = row.get<bool>(16) ? booker::staff : booker::patient;
    one.consultation_id = row.get<std::optional<uuid>>(17);
    one.version = row.get<int>(18);
    one.new_patient = row.get<bool>(19);
    return one;
}

std::vector<visit> read_visits(const store::rows& listed, const uuid& practice_id, const secret_key& notes)
{
    std::vector<visit> all;
    for (int i = 0; i < listed.size(); ++i) all.push_back(read_visit(listed[i], practice_id, notes));
    return all;
}

absence_view read_absence(const store::row& row)
{
    const auto* const zone = find_zone(row.raw(5));
    return {row.get<uuid>(0),
            row.get<uuid>(1),
            {row.get<instant>(2), zone},
            {row.get<instant>(3), zone},
            row.get<std::string>(4)};
}

// The parts of a letter as parameters, or NULLs.
struct letter_parts
{
    std::optional<uuid> mail_id;
    std::optional<std::string> subject;
    std::optional<std::string> body;
    std::optional<std::string> calendar;

    explicit letter_parts(const std::optional<appointment_letter>& of)
    {
        if (!of) return;
        mail_id = of->mail_id;
        subject = of->subject;
        body = of->body;
        calendar = of->calendar;
    }
};

result<void> nothing(const result<store::written>& outcome)
{
    if (!outcome) return outcome.error();
    return {};
}

}  // namespace

bytes seal_note(const secret_key& practice_key, const uuid& practice_id, const uuid& appointment_id,
                const std::string& note)
{
    const auto context = note_context(practice_id, appointment_id);
    return seal(practice_key, as_bytes(note), as_bytes(context));
}

task<result<agendas_view>> list_agendas(store::database& in, identity::member who)
{
    store::unit question{who.scope()};
    question.add(sql::list_agendas, who.practice).add(sql::list_motives, who.practice);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    const auto& agendas = (*answered)[0];
    const auto& motives = (*answered)[1];
    agendas_view all;
    std::unordered_map<uuid, std::size_t> places;
    for (int i = 0; i < agendas.size(); ++i)
    {
        const auto row = agendas[i];
        places.emplace(row.get<uuid>(0), all.items.size());
        all.items.push_back({row.get<uuid>(0),
                             row.get<std::string>(1),
                             row.get<std::optional<uuid>>(2),
                             row.get<uuid>(3),
                             row.get<std::string>(4),
                             row.get<std::string>(5),
                             row.get<std::int64_t>(6),
                             row.get<int>(7),
                             row.get<bool>(8),
                             row.get<int>(9),
                             {}});
    }
    for (int i = 0; i < motives.size(); ++i)
    {
        const auto place = places.find(motives[i].get<uuid>(0));
        if (place != places.end())
            all.items[place->second].motives.push_back({read_motive(motives[i], 1), std::nullopt});
    }
    co_return all;
}

task<result<visits_and_absences>> list_schedule(store::database& in, identity::member who, day_range wanted,
                                                secret_key notes)
{
    store::unit question{who.scope()};
    question.add(sql::list_appointments, who.practice, wanted.agendas, wanted.from, wanted.until)
        .add(sql::list_absences, who.practice, wanted.agendas, wanted.from, wanted.until);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    visits_and_absences found;
    found.visits = read_visits((*answered)[0], who.practice, notes);
    const auto& absences = (*answered)[1];
    for (int i = 0; i < absences.size(); ++i) found.absences.push_back(read_absence(absences[i]));
    co_return found;
}

task<result<visit_and_store>> find_visit(store::database& in, identity::member who, uuid appointment_id,
                                         secret_key notes)
{
    store::unit question{who.scope()};
    question.add(sql::find_appointment, who.practice, appointment_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto row = answered->front()[0];
    visit_and_store found;
    found.shown = read_visit(row, who.practice, notes);
    const auto& shown = found.shown;
    found.stored = {shown.appointment_id, shown.agenda_id,  shown.motive_id,
                    shown.starts_at.at,   shown.ends_at.at, shown.state,
                    shown.lane,           shown.version,    row.get<std::optional<bytes>>(15)};
    co_return found;
}

task<result<std::vector<visit_change>>> list_changes(store::database& in, identity::member who, uuid appointment_id,
                                                     time_zone zone)
{
    store::unit question{who.scope()};
    question.add(sql::list_changes, who.practice, appointment_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    std::vector<visit_change> all;
    std::optional<std::string> start_before;
    std::optional<std::string> state_before;
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i)
    {
        const auto row = listed[i];
        const auto start = format_in(zone, row.get<instant>(3));
        const auto state = row.get<std::string>(4);
        visit_change one{row.get<instant>(0), row.get<std::string>(1), row.get<change_kind>(2), {}, {}};
        const bool is_state = one.what == change_kind::state;
        one.from = is_state ? state_before : start_before;
        one.to = is_state ? state : start;
        start_before = start;
        state_before = state;
        all.push_back(std::move(one));
    }
    co_return all;
}

task<result<uuid>> book_in_practice(store::database& in, identity::member who, write_key key, new_visit made,
                                    std::optional<appointment_letter> letter)
{
    const letter_parts parts{letter};
    store::unit act{who.scope()};
    act.add(sql::book_in_practice, key.key, key.fingerprint, made.appointment_id, who.practice, made.agenda_id,
            made.motive_id, made.patient_id, made.lane, made.starts_at, made.ends_at, made.note_sealed, parts.mail_id,
            parts.subject, parts.body, parts.calendar)
        .repeatable();
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    co_return written->of_statements.front()[0].get<uuid>(0);
}

task<result<void>> move_in_practice(store::database& in, identity::member who, write_key key, visit_move wanted,
                                    std::optional<appointment_letter> letter)
{
    const letter_parts parts{letter};
    store::unit act{who.scope()};
    act.add(sql::move_in_practice, key.key, key.fingerprint, who.practice, wanted.appointment_id, wanted.version,
            wanted.agenda_id, wanted.lane, wanted.starts_at, wanted.ends_at, parts.mail_id, parts.subject, parts.body,
            parts.calendar)
        .repeatable();
    co_return nothing(co_await in.write(act));
}

task<result<void>> set_state(store::database& in, identity::member who, write_key key, visit_state wanted,
                             std::optional<appointment_letter> letter)
{
    const letter_parts parts{letter};
    store::unit act{who.scope()};
    act.add(sql::set_state, key.key, key.fingerprint, who.practice, wanted.appointment_id, wanted.version,
            text_of(wanted.state), wanted.lane, parts.mail_id, parts.subject, parts.body, parts.calendar)
        .repeatable();
    co_return nothing(co_await in.write(act));
}

task<result<uuid>> add_absence(store::database& in, identity::member who, write_key key, absence_wish wanted)
{
    store::unit act{who.scope()};
    act.add(sql::add_absence, key.key, key.fingerprint, new_uuid(), who.practice, wanted.agenda_id, wanted.starts_at,
            wanted.ends_at, wanted.reason ? wanted.reason->value : std::string{})
        .repeatable();
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    co_return written->of_statements.front()[0].get<uuid>(0);
}

task<result<absence_and_displaced>> find_absence(store::database& in, identity::member who, uuid absence_id,
                                                 secret_key notes)
{
    store::unit question{who.scope()};
    question.add(sql::find_absence, who.practice, absence_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto found = read_absence(answered->front()[0]);
    store::unit next{who.scope()};
    next.add(sql::list_displaced, who.practice, found.agenda_id, found.starts_at.at, found.ends_at.at);
    const auto displaced = co_await in.read(next);
    if (!displaced) co_return displaced.error();
    co_return absence_and_displaced{found, read_visits(displaced->front(), who.practice, notes)};
}

task<result<void>> remove_absence(store::database& in, identity::member who, uuid absence_id)
{
    store::unit act{who.scope()};
    act.add(sql::remove_absence, who.practice, absence_id);
    co_return nothing(co_await in.write(act));
}

task<result<openings_view>> list_openings(store::database& in, identity::member who, uuid agenda_id)
{
    store::unit question{who.scope()};
    question.add(sql::list_openings, who.practice, agenda_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    const auto& listed = answered->front();
    if (listed.empty()) co_return refusal(problem_kind::not_found, "not_found");
    openings_view all;
    all.schedule_version = listed[0].get<std::int64_t>(0);
    for (int i = 0; i < listed.size(); ++i)
    {
        if (listed[i].is_null(1)) continue;
        auto one = read_opening(listed[i], 1);
        all.items.push_back({one.opening_id, one.weekday, one.on_date, one.starts, one.ends, one.valid_from,
                             one.valid_until, std::move(one.motive_ids), one.audience, one.capacity, one.step_min,
                             one.prefers_neighbours});
    }
    co_return all;
}

namespace
{

template <class T>
json::value or_null(const std::optional<T>& value)
{
    return value ? field<T>::write(*value) : json::value();
}

// As manent.replace_openings reads it.
std::string as_rows(const openings_wish& wanted)
{
    json::array rows;
    for (const auto& one : wanted.items.items)
    {
        const json::value step = one.step_min ? json::value(one.step_min->value) : json::value();
        const json::value weekday = one.weekday ? json::value(one.weekday->value) : json::value();
        rows.push_back(json::object{{"opening_id", to_string(new_uuid())},
                                    {"weekday", weekday},
                                    {"on_date", or_null(one.date)},
                                    {"starts_minute", one.start.minute},
                                    {"ends_minute", one.end.minute},
                                    {"valid_from", or_null(one.valid_from)},
                                    {"valid_until", or_null(one.valid_until)},
                                    {"audience", text_of(one.audience)},
                                    {"capacity", one.capacity.value},
                                    {"step_min", step},
                                    {"prefers_neighbours", one.prefers_neighbours.value_or(false)},
                                    {"motive_ids", field<list<uuid, 200>>::write(one.motive_ids)}});
    }
    return json::serialize(rows);
}

}  // namespace

task<result<workplace>> find_workplace(store::database& in, identity::member who, uuid site_id)
{
    store::unit question{who.scope()};
    question.add(sql::find_workplace, who.practice, site_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto row = answered->front()[0];
    workplace found;
    found.practice_name = row.get<std::string>(0);
    found.place.lines = row.get<std::vector<std::string>>(1);
    found.place.postal_code = row.get<std::string>(2);
    found.place.city = row.get<std::string>(3);
    co_return found;
}

task<result<uuid>> open_agenda(store::database& in, identity::member who, write_key key, agenda_wish wanted,
                               std::optional<std::string> notices)
{
    store::unit act{who.scope()};
    act.add(sql::open_agenda, key.key, key.fingerprint, who.practice, new_uuid(), wanted.site_id,
            wanted.practitioner_id, wanted.name.value, wanted.tint.value, notices)
        .repeatable();
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    co_return written->of_statements.front()[0].get<uuid>(0);
}

task<result<int>> change_agenda(store::database& in, identity::member who, uuid agenda_id, agenda_change_wish wanted)
{
    store::unit act{who.scope()};
    act.add(sql::change_agenda, who.practice, agenda_id, wanted.name.value, wanted.tint.value, wanted.closed)
        .add(sql::count_upcoming, who.practice, agenda_id);
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    co_return written->of_statements[1][0].get<int>(0);
}

task<result<void>> replace_openings(store::database& in, identity::member who, uuid agenda_id, openings_wish wanted)
{
    store::unit act{who.scope()};
    act.add(sql::replace_openings, who.practice, agenda_id, wanted.schedule_version.value, as_rows(wanted));
    co_return nothing(co_await in.write(act));
}

task<result<void>> save_motive(store::database& in, identity::member who, uuid motive_id, bool is_new,
                               motive_wish wanted)
{
    const auto& of = wanted.members;
    store::unit act{who.scope()};
    act.add(sql::save_motive, who.practice, motive_id, is_new, of.agenda_ids.items, of.label.value,
            of.duration_min.value, text_of(of.modality), text_of(of.admits), of.earliest_min.value,
            of.latest_days.value, of.cancel_min.value, of.repeatable.value_or(false), of.tint.value, of.sign.value,
            of.instructions.value, wanted.is_public);
    co_return nothing(co_await in.write(act));
}

}  // namespace manent::booking
