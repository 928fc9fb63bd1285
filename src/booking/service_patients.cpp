#include "booking/service.hpp"
#include "core/text.hpp"

namespace manent::booking
{

namespace
{

constexpr int attempts_max = 3;
constexpr int hold_minutes = 5;
constexpr int hold_minutes_extended = 15;
// For one address, which a family or a practice's waiting room shares, and for one account.
constexpr int holds_max = 5;

problem past_delay()
{
    return refusal(problem_kind::conflict, "past_delay");
}

digest hash_of(const std::string& token)
{
    return sha256(as_bytes(token));
}

directory::site_page_answer site_of(const schedule& of)
{
    const auto& place = of.place;
    directory::site_page_answer site;
    site.site_id = place.site_id;
    site.name = place.name;
    site.lines = place.lines;
    site.postal_code = place.postal_code;
    site.city = place.city;
    site.latitude = place.latitude;
    site.longitude = place.longitude;
    site.time_zone = of.zone->name();
    site.access = place.access;
    site.phone = place.phone;
    return site;
}

// What the database now holds of a booking that it has just taken, without asking it again.
own_row row_of(const new_own_appointment& made, const motive& of, const name_parts& names)
{
    own_row row;
    row.appointment_id = made.appointment_id;
    row.practice_id = made.practice_id;
    row.agenda_id = made.agenda_id;
    row.motive_id = made.motive_id;
    row.motive_label = of.label;
    row.modality = of.modality;
    row.instructions = of.instructions;
    row.cancel_min = of.cancel_min;
    row.starts_at = made.starts_at;
    row.ends_at = made.ends_at;
    row.person = person_view{made.person_id, names.given_name, names.family_name};
    return row;
}

place place_of(const directory::site_page_answer& site)
{
    place of;
    of.lines = site.lines;
    of.postal_code = site.postal_code;
    of.city = site.city;
    return of;
}

}  // namespace

task<result<held>> service::hold(std::optional<identity::actor> who, hold_wish wanted, std::string remote_address)
{
    const wish asked{wanted.motive_id, wanted.known, audience::everyone, std::nullopt};
    const auto token = random_token();
    new_hold made;
    made.hold_id = new_uuid();
    made.agenda_id = wanted.agenda_id;
    made.motive_id = wanted.motive_id;
    made.token_hash = hash_of(token);
    // Keyed, so that nobody who reads the table learns an address.
    made.origin = to_hex(salted_digest(parts_.keys->master().view(), remote_address));
    made.minutes = hold_minutes;
    made.holds_max = holds_max;
    result<instant> expires = refusal(problem_kind::conflict, "slot_taken");
    for (int attempt = 0; attempt < attempts_max; ++attempt)
    {
        const auto planned = plan_start(wanted.agenda_id, asked, wanted.starts_at);
        if (!planned) co_return planned.error();
        made.practice_id = planned->on->schedule->practice_id;
        made.lane = planned->start.lane;
        made.starts_at = planned->start.starts_at;
        made.ends_at = planned->start.ends_at;
        made.schedule_version = planned->on->schedule->version;
        expires = co_await hold_time(*parts_.app, who ? who->own() : store::scope::everyone(), made);
        if (expires)
        {
            parts_.follow->wake();
            const auto* const zone = planned->on->schedule->zone;
            co_return held{made.hold_id, token, {*expires, zone}, {made.starts_at, zone}, {made.ends_at, zone}};
        }
        const auto again = co_await read_what_moved(expires.error(), wanted.agenda_id, wanted.starts_at);
        if (!again) co_return again.error();
    }
    co_return expires.error();
}

task<result<void>> service::release(uuid hold_id, std::string token)
{
    const auto released = co_await release_hold(*parts_.app, hold_id, hash_of(token));
    if (released) parts_.follow->wake();
    co_return released;
}

task<result<extended_hold>> service::extend(uuid hold_id, std::string token)
{
    const auto expires = co_await extend_hold(*parts_.app, hold_id, hash_of(token), hold_minutes_extended);
    if (!expires) co_return expires.error();
    co_return extended_hold{*expires};
}

task<result<own_appointment>> service::book(identity::actor who, booking_wish wanted, write_key key)
{
    // The session has one's own names; a relative's are asked for, and so is what a refused request may have made
    // before.
    bool look_first = wanted.person_id && *wanted.person_id != who.person;
    co_return co_await decide_once<own_appointment>(
        who.own(), key, [&] { return try_book(who, wanted, key, std::exchange(look_first, true)); });
}

task<result<own_appointment>> service::try_book(identity::actor who, booking_wish wanted, write_key key,
                                                bool look_first)
{
    const auto person = wanted.person_id.value_or(who.person);
    result<own_ground> ground = own_ground{std::nullopt, name_parts{who.given_name, who.family_name}};
    if (look_first) ground = co_await find_own_ground(*parts_.app, who, key, person);
    if (!ground) co_return ground.error();
    if (ground->made_before)
    {
        const auto confirmed = co_await confirm_replay(*parts_.app, who.own(), key);
        if (!confirmed) co_return confirmed.error();
        co_return co_await find_own(who, *ground->made_before);
    }
    const auto& names = ground->person;
    if (!names) co_return refusal(problem_kind::not_found, "not_found");

    new_own_appointment made;
    made.appointment_id = new_uuid();
    made.agenda_id = wanted.agenda_id;
    made.motive_id = wanted.motive_id;
    made.person_id = person;
    made.new_patient_id = new_uuid();
    made.folded_names = fold(names->family_name + " " + names->given_name);
    if (wanted.hold)
    {
        made.hold_id = wanted.hold->hold_id;
        made.hold_token_hash = hash_of(wanted.hold->hold_token.value);
    }
    const wish asked{wanted.motive_id, wanted.known, audience::everyone, made.hold_id};
    result<uuid> booked = refusal(problem_kind::conflict, "slot_taken");
    for (int attempt = 0; attempt < attempts_max; ++attempt)
    {
        const auto planned = plan_start(wanted.agenda_id, asked, wanted.starts_at);
        if (!planned) co_return planned.error();
        made.practice_id = planned->on->schedule->practice_id;
        const auto practice_key = co_await notes_key(made.practice_id);
        if (!practice_key) co_return practice_key.error();
        made.wrapped_key = store::keyring::wrap_patient_key(*practice_key, made.practice_id, made.new_patient_id,
                                                            secret_key::random());
        if (wanted.note && !wanted.note->value.empty())
            made.note_sealed = seal_note(*practice_key, made.practice_id, made.appointment_id, wanted.note->value);
        made.lane = planned->start.lane;
        made.starts_at = planned->start.starts_at;
        made.ends_at = planned->start.ends_at;
        made.schedule_version = planned->on->schedule->version;
        const auto about = facts_of(*planned->on, made.appointment_id, 1, {made.starts_at, made.ends_at});
        booked = co_await book_as_person(*parts_.app, who, key, made,
                                         word_letter(parts_.letters, who.language, occasion::booked, about, now()));
        if (booked)
        {
            parts_.follow->wake();
            // The same request, sent twice at once: the other one made the appointment.
            if (*booked != made.appointment_id) co_return co_await find_own(who, *booked);
            co_return shown_to(who, *planned->on,
                               row_of(made, *bookable_motive(*planned->on->schedule, asked), *names));
        }
        const auto again = co_await read_what_moved(booked.error(), wanted.agenda_id, wanted.starts_at);
        if (!again) co_return again.error();
    }
    co_return booked.error();
}

own_appointment service::shown_to(const identity::actor& who, const agenda_times& on, own_row row) const
{
    const auto& of = *on.schedule;
    own_appointment shown;
    shown.appointment_id = row.appointment_id;
    shown.practice_id = row.practice_id;
    shown.practice_name = of.host.practice_name;
    shown.agenda_id = row.agenda_id;
    shown.practitioner_id = of.host.practitioner_id;
    shown.practitioner_name = of.host.name;
    if (!of.host.specialty.empty()) shown.specialty_label = parts_.specialty_label(of.host.specialty, who.reading);
    shown.motive_id = row.motive_id;
    shown.motive_label = std::move(row.motive_label);
    shown.modality = row.modality;
    shown.instructions = std::move(row.instructions);
    shown.site = site_of(of);
    shown.starts_at = {row.starts_at, of.zone};
    shown.ends_at = {row.ends_at, of.zone};
    shown.state = row.state;
    shown.person = std::move(row.person);
    shown.can_cancel = patient_may_change(row.state, row.starts_at, row.cancel_min, now());
    shown.can_move = shown.can_cancel && row.is_bookable;
    shown.cancel_until = {change_until(row.starts_at, row.cancel_min), of.zone};
    shown.version = row.version;
    return shown;
}

task<result<own_appointment>> service::read_own(identity::actor who, own_row row)
{
    auto known = parts_.index->find(row.agenda_id);
    if (!known)
    {
        const auto read = co_await parts_.follow->read_agenda(row.agenda_id);
        if (!read) co_return read.error();
        known = parts_.index->find(row.agenda_id);
    }
    // In a zone that this machine does not know there is no telling when it is.
    if (!known) co_return refusal(problem_kind::not_found, "not_found");
    co_return shown_to(who, *known, std::move(row));
}

task<result<own_appointments>> service::list_own(identity::actor who)
{
    auto all = co_await booking::list_own(*parts_.app, who, std::nullopt);
    if (!all) co_return all.error();
    own_appointments parted;
    for (auto& row : *all)
    {
        auto one = co_await read_own(who, std::move(row));
        if (!one) continue;
        const bool is_over = one->ends_at.at <= now() || one->state == state::cancelled;
        (is_over ? parted.past : parted.upcoming).push_back(std::move(*one));
    }
    // The latest of what is over is what people look for.
    std::reverse(parted.past.begin(), parted.past.end());
    co_return parted;
}

task<result<own_appointment>> service::find_own(identity::actor who, uuid appointment_id)
{
    auto found = co_await booking::list_own(*parts_.app, who, appointment_id);
    if (!found) co_return found.error();
    if (found->empty()) co_return refusal(problem_kind::not_found, "not_found");
    co_return co_await read_own(who, std::move(found->front()));
}

task<result<own_appointment>> service::move_own(identity::actor who, uuid appointment_id, own_move_wish wanted,
                                                write_key key)
{
    co_return co_await decide_once<own_appointment>(who.own(), key,
                                                    [&] { return try_move_own(who, appointment_id, wanted, key); });
}

task<result<own_appointment>> service::try_move_own(identity::actor who, uuid appointment_id, own_move_wish wanted,
                                                    write_key key)
{
    const auto replayed = co_await replay_of(who.own(), key);
    if (!replayed) co_return replayed.error();
    const auto before = co_await find_own(who, appointment_id);
    if (!before || *replayed) co_return before;
    if (!before->can_cancel) co_return past_delay();
    const auto version = static_cast<int>(wanted.version.value);
    result<void> moved = refusal(problem_kind::conflict, "slot_taken");
    for (int attempt = 0; attempt < attempts_max; ++attempt)
    {
        // Whom the motive admits was decided when it was booked.
        const auto known = parts_.index->find(before->agenda_id);
        if (!known) co_return refusal(problem_kind::not_found, "not_found");
        wish asked{before->motive_id, false, audience::everyone, appointment_id};
        if (bookable_motive(*known->schedule, asked) == nullptr) asked.known = true;
        const auto planned = plan_start(before->agenda_id, asked, wanted.starts_at);
        if (!planned) co_return planned.error();
        const auto& start = planned->start;
        const auto about = facts_of(*planned->on, appointment_id, version + 1, {start.starts_at, start.ends_at});
        moved = co_await move_as_person(*parts_.app, who, key,
                                        {before->practice_id, appointment_id, version, start.lane, start.starts_at,
                                         start.ends_at, planned->on->schedule->version},
                                        word_letter(parts_.letters, who.language, occasion::moved, about, now()));
        if (moved)
        {
            parts_.follow->wake();
            co_return co_await find_own(who, appointment_id);
        }
        const auto again = co_await read_what_moved(moved.error(), before->agenda_id, wanted.starts_at);
        if (!again) co_return again.error();
    }
    co_return moved.error();
}

task<result<own_appointment>> service::cancel_own(identity::actor who, uuid appointment_id, own_cancel_wish wanted,
                                                  write_key key)
{
    co_return co_await decide_once<own_appointment>(who.own(), key,
                                                    [&] { return try_cancel_own(who, appointment_id, wanted, key); });
}

task<result<own_appointment>> service::try_cancel_own(identity::actor who, uuid appointment_id, own_cancel_wish wanted,
                                                      write_key key)
{
    const auto replayed = co_await replay_of(who.own(), key);
    if (!replayed) co_return replayed.error();
    const auto before = co_await find_own(who, appointment_id);
    if (!before || *replayed) co_return before;
    if (!before->can_cancel) co_return past_delay();
    const auto version = static_cast<int>(wanted.version.value);
    appointment_facts about{appointment_id,         version + 1,           before->starts_at.at, before->ends_at.at,
                            before->starts_at.zone, place_of(before->site)};
    const auto cancelled =
        co_await cancel_as_person(*parts_.app, who, key, before->practice_id, appointment_id, version,
                                  word_letter(parts_.letters, who.language, occasion::cancelled, about, now()));
    if (!cancelled) co_return cancelled.error();
    parts_.follow->wake();
    co_return co_await find_own(who, appointment_id);
}

task<result<std::string>> service::calendar_of(identity::actor who, uuid appointment_id)
{
    const auto found = co_await find_own(who, appointment_id);
    if (!found) co_return found.error();
    const appointment_facts about{appointment_id,    found->version,        found->starts_at.at,
                                  found->ends_at.at, found->starts_at.zone, place_of(found->site)};
    co_return word_calendar(parts_.letters, who.language, found->state == state::cancelled, about, now());
}

}  // namespace manent::booking
