// The acts of booking: the only thing of it that others call. Each plans with pure rules on the index's snapshot and
// lets the database decide; where the two differ, it reads again and plans again, three times at most.
#pragma once

#include "audit/trail.hpp"
#include "booking/availability.hpp"
#include "booking/follower.hpp"
#include "booking/letters.hpp"
#include "booking/rules.hpp"
#include "booking/store.hpp"
#include "identity/types.hpp"
#include "store/keyring.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace manent::booking
{

// The facts of an appointment on an agenda, for letters about it.
appointment_facts facts_of(const agenda_times& on, const uuid& appointment_id, int version, span during);

// All must outlive the service.
struct service_parts
{
    store::database* app = nullptr;  // as manent_app
    store::keyring* keys = nullptr;
    availability* index = nullptr;
    follower* follow = nullptr;
    letterhead letters;
    // A specialty's label in a language, from the directory.
    std::function<std::string(std::string_view specialty, manent::language)> specialty_label;
};

class service
{
public:
    explicit service(service_parts parts) : parts_{std::move(parts)} {}

    // ---- free time: from memory, no database

    // The JSON of GET /agendas/{agenda}/slots. not_found for an agenda that the index does not know.
    [[nodiscard]] result<std::string> free_times(const uuid& agenda_id, const wish& wanted, local_date from,
                                                 local_date to) const;
    // The next free starts for everyone, ascending; none for an agenda that the index does not know.
    [[nodiscard]] std::vector<instant> next_free(const uuid& agenda_id, const uuid& motive_id, bool known,
                                                 std::size_t count) const;

    // ---- by patients. Refusals of a time: slot_taken (with nearest), outside_openings, motive_not_bookable,
    // too_early, too_late.

    // hold_limit when this address or account holds enough already. Nobody needs to be signed in.
    task<result<held>> hold(std::optional<identity::actor> who, hold_wish wanted, std::string remote_address);
    task<result<void>> release(uuid hold_id, std::string token);
    task<result<extended_hold>> extend(uuid hold_id, std::string token);

    // already_booked too, with the appointment that is in the way.
    task<result<own_appointment>> book(identity::actor who, booking_wish wanted, write_key key);
    task<result<own_appointments>> list_own(identity::actor who);
    task<result<own_appointment>> find_own(identity::actor who, uuid appointment_id);
    // past_delay after the motive's delay or once the visit began; stale.
    task<result<own_appointment>> move_own(identity::actor who, uuid appointment_id, own_move_wish wanted,
                                           write_key key);
    task<result<own_appointment>> cancel_own(identity::actor who, uuid appointment_id, own_cancel_wish wanted,
                                             write_key key);
    task<result<std::string>> calendar_of(identity::actor who, uuid appointment_id);

    // ---- by staff. Warnings about a time: overlaps, outside_openings; overbook silences both.

    task<result<agendas_view>> agendas(identity::member who);
    task<result<schedule_view>> schedule(identity::member who, local_date from, local_date to,
                                         std::optional<std::vector<uuid>> agendas);
    task<result<visit>> book_for(identity::member who, staff_booking_wish wanted, write_key key);
    task<result<visit>> move_for(identity::member who, uuid appointment_id, staff_move_wish wanted, write_key key);
    task<result<visit>> set_state(identity::member who, uuid appointment_id, state_wish wanted, write_key key);
    task<result<visit_with_changes>> show(identity::member who, uuid appointment_id);

    // ---- the schedule, by staff

    // For administrators: forbidden otherwise. not_found for a site or a practitioner that is none. Practitioners who
    // have an account are told, but for the one who acts.
    task<result<agenda_view>> open_agenda(identity::member who, agenda_wish wanted, write_key key);
    // Renames it, closes it or opens it again; what is booked stays booked.
    task<result<changed_agenda>> change_agenda(identity::member who, uuid agenda_id, agenda_change_wish wanted);
    task<result<added_absence>> add_absence(identity::member who, absence_wish wanted, write_key key);
    task<result<void>> remove_absence(identity::member who, uuid absence_id);
    task<result<openings_view>> openings(identity::member who, uuid agenda_id);
    // stale when somebody changed the schedule meanwhile.
    task<result<openings_view>> replace_openings(identity::member who, uuid agenda_id, openings_wish wanted);
    // A new motive when `motive_id` is absent.
    task<result<motive_view>> save_motive(identity::member who, std::optional<uuid> motive_id, motive_wish wanted);

private:
    // A start that the rules accept, on the snapshot that they accepted it on.
    struct plan
    {
        std::shared_ptr<const agenda_times> on;
        free_start start;
    };
    [[nodiscard]] result<plan> plan_start(const uuid& agenda_id, const wish& wanted, instant starts_at) const;
    // Whether a refused write is worth another plan: reads again what the plan stood on. The refusal otherwise.
    task<result<void>> read_what_moved(problem refused, uuid agenda_id, instant starts_at);
    task<std::shared_ptr<const agenda_times>> agenda_of(identity::member who, uuid agenda_id);
    task<result<secret_key>> notes_key(uuid practice_id);
    task<result<std::optional<uuid>>> replay_of(store::scope within, write_key key);
    // The same request may be under way twice. One that was refused may have been so by what the other has done
    // meanwhile, its own time taken, its own visit cancelled: then its key is known by now, and it is answered by it.
    // Where that cannot be looked up nothing is decided: what refused it may be what the index remembers of its own
    // time.
    template <class T, class Act>
    task<result<T>> decide_once(store::scope within, write_key key, Act act)
    {
        auto outcome = co_await act();
        if (outcome || outcome.error().kind == problem_kind::unavailable) co_return outcome;
        const auto known = co_await replay_of(within, key);
        if (!known && known.error().kind == problem_kind::unavailable) co_return known.error();
        if (!known || !*known) co_return outcome;
        co_return co_await act();
    }
    task<result<own_appointment>> try_book(identity::actor who, booking_wish wanted, write_key key, bool look_first);
    task<result<own_appointment>> try_move_own(identity::actor who, uuid appointment_id, own_move_wish wanted,
                                               write_key key);
    task<result<own_appointment>> try_cancel_own(identity::actor who, uuid appointment_id, own_cancel_wish wanted,
                                                 write_key key);
    task<result<visit>> try_book_for(identity::member who, staff_booking_wish wanted, write_key key);
    task<result<visit>> try_move_for(identity::member who, uuid appointment_id, staff_move_wish wanted, write_key key);
    task<result<visit>> try_set_state(identity::member who, uuid appointment_id, state_wish wanted, write_key key);
    // An appointment of the person asking as they see it; its agenda must be known to the index.
    [[nodiscard]] own_appointment shown_to(const identity::actor& who, const agenda_times& on, own_row row) const;
    task<result<own_appointment>> read_own(identity::actor who, own_row row);
    task<result<agenda_view>> shown_agenda(identity::member who, uuid agenda_id);
    task<result<visit>> shown_visit(identity::member who, uuid appointment_id);
    [[nodiscard]] std::optional<appointment_letter> letter_to_patient(occasion of,
                                                                      const appointment_facts& about) const;

    service_parts parts_;
};

}  // namespace manent::booking
