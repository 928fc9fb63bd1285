#include "booking/service.hpp"

#include <algorithm>

namespace manent::booking
{

namespace
{

constexpr int attempts_max = 3;

problem as_warning(obstacle why)
{
    if (why == obstacle::taken) return refusal(problem_kind::conflict, "overlaps");
    return refuse(why);
}

problem not_found()
{
    return refusal(problem_kind::not_found, "not_found");
}

const motive* motive_of(const schedule& of, const uuid& motive_id)
{
    const auto found = std::find_if(of.motives.begin(), of.motives.end(),
                                    [&](const motive& one) { return one.motive_id == motive_id; });
    return found == of.motives.end() ? nullptr : &*found;
}

tolerance tolerance_of(const std::optional<bool>& overbook)
{
    return overbook.value_or(false) ? tolerance::everything : tolerance::nothing;
}

// To staff, a race that was lost looks like any other overlap.
problem worded_for_staff(problem refused)
{
    if (refused.code == "slot_taken") refused.code = "overlaps";
    return refused;
}

}  // namespace

std::optional<appointment_letter> service::letter_to_patient(occasion of, const appointment_facts& about) const
{
    if (about.starts_at <= now()) return std::nullopt;
    // The practice keeps no language of its patients: letters that staff cause are in the installation's own.
    return word_letter(parts_.letters, language::fr, of, about, now());
}

task<result<agendas_view>> service::agendas(identity::member who)
{
    co_return co_await list_agendas(*parts_.app, who);
}

task<result<schedule_view>> service::schedule(identity::member who, local_date from, local_date to,
                                              std::optional<std::vector<uuid>> agendas)
{
    const auto notes = co_await notes_key(who.practice);
    if (!notes) co_return notes.error();
    const auto listed = co_await list_agendas(*parts_.app, who);
    if (!listed) co_return listed.error();
    std::vector<uuid> asked;
    std::optional<instant> first;
    std::optional<instant> last;
    schedule_view shown;
    for (const auto& one : listed->items)
    {
        const bool is_asked = !agendas || std::find(agendas->begin(), agendas->end(), one.agenda_id) != agendas->end();
        const auto* const zone = find_zone(one.time_zone);
        if (!is_asked || zone == nullptr) continue;
        asked.push_back(one.agenda_id);
        const auto starts = instant_of(zone, from, {0});
        const auto ends = instant_of(zone, to, {1440});
        first = std::min(first.value_or(starts), starts);
        last = std::max(last.value_or(ends), ends);
        const auto known = co_await agenda_of(who, one.agenda_id);
        if (!known) continue;
        for (const auto& open : open_stretches(*known->schedule, from, to))
            shown.openings.push_back({one.agenda_id, {open.from, zone}, {open.until, zone}});
    }
    if (!first) co_return shown;
    auto found = co_await list_schedule(*parts_.app, who, {*first, *last, std::move(asked)}, *notes);
    if (!found) co_return found.error();
    shown.appointments = std::move(found->visits);
    shown.absences = std::move(found->absences);
    co_return shown;
}

task<result<visit>> service::shown_visit(identity::member who, uuid appointment_id)
{
    const auto notes = co_await notes_key(who.practice);
    if (!notes) co_return notes.error();
    auto found = co_await find_visit(*parts_.app, who, appointment_id, *notes);
    if (!found) co_return found.error();
    co_return std::move(found->shown);
}

task<result<visit>> service::book_for(identity::member who, staff_booking_wish wanted, write_key key)
{
    co_return co_await decide_once<visit>(who.scope(), key, [&] { return try_book_for(who, wanted, key); });
}

task<result<visit>> service::try_book_for(identity::member who, staff_booking_wish wanted, write_key key)
{
    const auto replayed = co_await replay_of(who.scope(), key);
    if (!replayed) co_return replayed.error();
    if (*replayed) co_return co_await shown_visit(who, **replayed);
    const auto notes = co_await notes_key(who.practice);
    if (!notes) co_return notes.error();
    new_visit made;
    made.appointment_id = new_uuid();
    made.agenda_id = wanted.agenda_id;
    made.motive_id = wanted.motive_id;
    made.patient_id = wanted.patient_id;
    if (wanted.note && !wanted.note->value.empty())
        made.note_sealed = seal_note(*notes, who.practice, made.appointment_id, wanted.note->value);
    result<uuid> booked = refusal(problem_kind::conflict, "overlaps");
    for (int attempt = 0; attempt < attempts_max; ++attempt)
    {
        const auto agenda = co_await agenda_of(who, wanted.agenda_id);
        if (!agenda) co_return not_found();
        if (agenda->schedule->closed) co_return refusal(problem_kind::conflict, "agenda_closed");
        const auto* const motive = motive_of(*agenda->schedule, wanted.motive_id);
        if (motive == nullptr) co_return refuse(obstacle::motive_not_bookable);
        const auto length = wanted.duration_min ? wanted.duration_min->value : motive->duration_min;
        const span during{wanted.starts_at, wanted.starts_at + minutes{length}};
        const auto lane = staff_lane(*agenda, during, tolerance_of(wanted.overbook), std::nullopt, now());
        if (const auto* const why = std::get_if<obstacle>(&lane)) co_return as_warning(*why);
        made.lane = std::get<int>(lane);
        made.starts_at = during.from;
        made.ends_at = during.until;
        const auto about = facts_of(*agenda, made.appointment_id, 1, during);
        booked = co_await book_in_practice(*parts_.app, who, key, made, letter_to_patient(occasion::booked, about));
        if (booked)
        {
            parts_.follow->wake();
            co_return co_await shown_visit(who, *booked);
        }
        const auto again = co_await read_what_moved(booked.error(), wanted.agenda_id, wanted.starts_at);
        if (!again) co_return again.error();
    }
    co_return booked.error();
}

task<result<visit>> service::move_for(identity::member who, uuid appointment_id, staff_move_wish wanted, write_key key)
{
    co_return co_await decide_once<visit>(who.scope(), key,
                                          [&] { return try_move_for(who, appointment_id, wanted, key); });
}

task<result<visit>> service::try_move_for(identity::member who, uuid appointment_id, staff_move_wish wanted,
                                          write_key key)
{
    const auto replayed = co_await replay_of(who.scope(), key);
    if (!replayed) co_return replayed.error();
    const auto before = co_await shown_visit(who, appointment_id);
    if (!before || *replayed) co_return before;
    const auto length = before->ends_at.at - before->starts_at.at;
    const span during{wanted.starts_at, wanted.starts_at + length};
    const auto version = static_cast<int>(wanted.version.value);
    result<void> moved = refusal(problem_kind::conflict, "overlaps");
    for (int attempt = 0; attempt < attempts_max; ++attempt)
    {
        const auto agenda = co_await agenda_of(who, wanted.agenda_id);
        if (!agenda) co_return not_found();
        if (agenda->schedule->closed) co_return refusal(problem_kind::conflict, "agenda_closed");
        if (motive_of(*agenda->schedule, before->motive_id) == nullptr) co_return refuse(obstacle::motive_not_bookable);
        const auto lane = staff_lane(*agenda, during, tolerance_of(wanted.overbook), appointment_id, now());
        if (const auto* const why = std::get_if<obstacle>(&lane)) co_return as_warning(*why);
        const visit_move planned{appointment_id,      version,     wanted.agenda_id,
                                 std::get<int>(lane), during.from, during.until};
        const auto about = facts_of(*agenda, appointment_id, version + 1, during);
        moved = co_await move_in_practice(*parts_.app, who, key, planned, letter_to_patient(occasion::moved, about));
        if (moved)
        {
            parts_.follow->wake();
            co_return co_await shown_visit(who, appointment_id);
        }
        const auto again = co_await read_what_moved(moved.error(), wanted.agenda_id, wanted.starts_at);
        if (!again) co_return again.error();
    }
    co_return worded_for_staff(moved.error());
}

task<result<visit>> service::set_state(identity::member who, uuid appointment_id, state_wish wanted, write_key key)
{
    co_return co_await decide_once<visit>(who.scope(), key,
                                          [&] { return try_set_state(who, appointment_id, wanted, key); });
}

task<result<visit>> service::try_set_state(identity::member who, uuid appointment_id, state_wish wanted, write_key key)
{
    const auto replayed = co_await replay_of(who.scope(), key);
    if (!replayed) co_return replayed.error();
    const auto before = co_await shown_visit(who, appointment_id);
    if (!before || *replayed) co_return before;
    if (!may_become(before->state, wanted.state)) co_return refused_field("/state", "contradicts");
    const auto agenda = co_await agenda_of(who, before->agenda_id);
    if (!agenda) co_return not_found();
    const span during{before->starts_at.at, before->ends_at.at};
    visit_state planned{appointment_id, static_cast<int>(wanted.version.value), wanted.state, std::nullopt};
    const bool comes_back = before->state == state::cancelled;
    if (comes_back)
    {
        // It was booked there before; only somebody else in its place keeps it from coming back.
        const auto lane = staff_lane(*agenda, during, tolerance::closed_time, appointment_id, now());
        if (const auto* const why = std::get_if<obstacle>(&lane)) co_return as_warning(*why);
        planned.lane = std::get<int>(lane);
    }
    const auto about = facts_of(*agenda, appointment_id, planned.version + 1, during);
    std::optional<appointment_letter> letter;
    if (wanted.state == state::cancelled) letter = letter_to_patient(occasion::cancelled, about);
    else if (comes_back) letter = letter_to_patient(occasion::booked, about);
    const auto written = co_await booking::set_state(*parts_.app, who, key, planned, std::move(letter));
    if (!written) co_return worded_for_staff(written.error());
    parts_.follow->wake();
    co_return co_await shown_visit(who, appointment_id);
}

task<result<visit_with_changes>> service::show(identity::member who, uuid appointment_id)
{
    auto found = co_await shown_visit(who, appointment_id);
    if (!found) co_return found.error();
    auto changes = co_await list_changes(*parts_.app, who, appointment_id, found->starts_at.zone);
    if (!changes) co_return changes.error();
    visit_with_changes shown;
    static_cast<visit&>(shown) = std::move(*found);
    shown.changes = std::move(*changes);
    co_return shown;
}

}  // namespace manent::booking
