// The acts on consultations: see service.hpp.
#include "record/opening.hpp"
#include "record/service.hpp"

#include <stdexcept>

namespace manent::record
{

namespace
{

heads_by_field as_heads(const seen_heads& seen)
{
    heads_by_field heads;
    if (seen.motif) heads.emplace(text_field::motif, std::vector{*seen.motif});
    if (seen.interrogatoire) heads.emplace(text_field::interrogatoire, std::vector{*seen.interrogatoire});
    if (seen.examen) heads.emplace(text_field::examen, std::vector{*seen.examen});
    if (seen.conclusion) heads.emplace(text_field::conclusion, std::vector{*seen.conclusion});
    return heads;
}

// SQL answers the stored heads by field; the caller is told what differs from what was seen.
problem with_differences(problem refused, const seen_heads& seen)
{
    heads_by_field stored;
    if (const auto* const heads = refused.details.if_contains("heads"))
    {
        for (const auto& [name, ids] : heads->as_object())
        {
            text_field field{};
            if (!boost::describe::enum_from_string(std::string{name}.c_str(), field)) continue;
            for (const auto& id : ids.as_array())
                stored[field].push_back(parse_uuid(std::string{id.as_string()}).value());
        }
    }
    refused.details = {{"differences", to_json(differences(seen, stored))}};
    return refused;
}

constexpr int tries_max = 3;

}  // namespace

task<result<consultation_view>> service::view_of(const act& of, uuid consultation)
{
    const auto& practice = of.by.practice;
    store::unit look{of.by.scope()};
    stored::find_consultation(look, practice, consultation);
    stored::find_patient_of(look, practice, consultation);
    stored::find_appointment_of(look, practice, consultation);
    stored::find_heads(look, practice, consultation, subject_kind::consultation);
    stored::find_addenda(look, practice, consultation);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto row = stored::read_consultation((*found)[0]);
    auto patient = stored::read_patient((*found)[1]);
    if (!row || !patient) co_return refusal(problem_kind::not_found, "not_found");
    const auto key = co_await open_key(practice, patient->view.patient_id, patient->wrapped_key);
    if (!key) co_return key.error();
    const auto practice_key = co_await keys_.of_practice(app_, practice);
    if (!practice_key) co_return practice_key.error();

    auto view = std::move(row->view);
    view.patient = std::move(patient->view);
    auto appointments = stored::read_appointments((*found)[2]);
    if (!appointments.empty())
        view.appointment = open_appointment(*practice_key, practice, std::move(appointments.front()));
    view.fields = open_observation(*key, practice, consultation, stored::read_revisions((*found)[3]));
    view.addenda = open_addenda(*key, practice, consultation, stored::read_revisions((*found)[4]));
    if (row->retracted)
    {
        auto reason = open_reason(*key, practice, consultation, row->reason_sealed);
        if (!reason) throw std::runtime_error("the reason of a retraction does not open");
        view.retraction->reason = std::move(*reason);
    }
    co_return view;
}

task<result<consultation_view>> service::consultation(act of, uuid consultation)
{
    auto view = co_await view_of(of, consultation);
    if (view)
        note_sitting(of, view->patient.patient_id, audit::action::read, audit::subject::consultation, consultation);
    co_return view;
}

task<result<opened_consultation>> service::open(keyed_act of, opening_wish wish)
{
    store::unit unit{of.by.scope()};
    stored::claim_key(unit, of, {{"consultation_id", to_string(wish.consultation_id)}});
    stored::open_consultation(unit, of, wish);
    const auto written = co_await app_.write(unit);
    std::optional<stored::opened_row> opened;
    if (written)
    {
        opened = stored::read_opened(written->of_statements.back());
    }
    else
    {
        if (written.error().code != "key_known") co_return written.error();
        const auto again = co_await answered_before(of);
        if (!again) co_return again.error();
        store::unit look{of.by.scope()};
        stored::find_opened(look, of.by.practice, wish);
        const auto found = co_await app_.read(look);
        if (!found) co_return found.error();
        opened = stored::read_opened(found->back());
        // Retracted since: answered as what it has become.
        if (!opened) opened = stored::opened_row{wish.consultation_id, wish.patient_id};
    }
    // Nothing stands under this identifier: it was retracted, or belongs to another patient's consultation.
    if (!opened || opened->patient != wish.patient_id) co_return refusal(problem_kind::conflict, "already_exists");
    auto view = co_await view_of(of, opened->consultation);
    if (!view) co_return view.error();
    const bool is_new = opened->consultation == wish.consultation_id;
    note(of, wish.patient_id, is_new ? audit::action::write : audit::action::read, audit::subject::consultation,
         opened->consultation);
    co_return opened_consultation{std::move(*view), is_new};
}

task<result<consultation_view>> service::close(keyed_act of, uuid consultation, closing_wish wish)
{
    const auto of_subject = co_await subject_of(of, subject_kind::consultation, consultation);
    if (!of_subject) co_return of_subject.error();
    stored::event closed;
    closed.by = of.by.who.person;
    closed.heads = as_heads(wish.heads);
    store::unit unit{of.by.scope()};
    stored::lock_subject(unit, consultation);
    stored::claim_key(unit, of, {{"consultation_id", to_string(consultation)}});
    stored::refuse_stale_act(unit, of.by.practice, consultation, closed.heads, false);
    stored::add_event(unit, of.by.practice, consultation, closed);
    // Read back in the same transaction: what was closed is what opens.
    stored::find_heads(unit, of.by.practice, consultation, subject_kind::consultation);
    const auto written = co_await app_.write(unit);
    if (written)
    {
        read_back(of_subject->key, of.by.practice, consultation, stored::read_revisions(written->of_statements.back()));
        note(of, of_subject->patient, audit::action::write, audit::subject::consultation, consultation);
    }
    else if (written.error().code == "heads_differ")
    {
        co_return with_differences(written.error(), wish.heads);
    }
    else if (written.error().code == "key_known")
    {
        const auto again = co_await answered_before(of);
        if (!again) co_return again.error();
    }
    else
    {
        co_return written.error();
    }
    co_return co_await view_of(of, consultation);
}

// What a retraction does, planned on what was read; the unit that carries it out refuses when something came between.
struct service::retraction_plan
{
    uuid patient{};
    heads_by_field heads;  // addenda among them
    bool closed = false;
    std::optional<instant> closed_at;
    bytes reason_sealed;
    std::optional<uuid> refiled_as;
    uuid refile_patient{};
    std::vector<stored::refiled_revision> copies;
};

task<result<service::retraction_plan>> service::plan_retraction(const act& of, uuid consultation,
                                                                const retraction_wish& wish)
{
    const auto& practice = of.by.practice;
    const auto from = co_await subject_of(of, subject_kind::consultation, consultation);
    if (!from) co_return from.error();
    retraction_plan plan;
    plan.patient = from->patient;
    plan.reason_sealed = seal_reason(from->key, practice, consultation, wish.reason.value);
    store::unit look{of.by.scope()};
    stored::find_consultation(look, practice, consultation);
    stored::list_heads(look, practice, consultation);
    stored::find_heads(look, practice, consultation, subject_kind::consultation);
    stored::find_addenda(look, practice, consultation);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    const auto row = stored::read_consultation((*found)[0]);
    if (!row) co_return refusal(problem_kind::not_found, "not_found");
    plan.closed = row->view.closed_at.has_value();
    plan.closed_at = row->view.closed_at;
    plan.heads = stored::read_heads((*found)[1]);
    if (!wish.refile_patient_id) co_return plan;

    if (*wish.refile_patient_id == from->patient) co_return refused_field("/refile_patient_id", "same_patient");
    const auto into = co_await subject_of(of, subject_kind::patient, *wish.refile_patient_id);
    if (!into) co_return into.error();
    plan.refiled_as = new_uuid();
    plan.refile_patient = *wish.refile_patient_id;
    for (const int part : {2, 3})
    {
        for (auto& each : stored::read_revisions((*found)[static_cast<std::size_t>(part)]))
        {
            const auto text = text_of(from->key, practice, consultation, each);
            const auto copy = new_uuid();
            const place at{practice, subject_kind::consultation, *plan.refiled_as, each.field, copy};
            plan.copies.push_back({std::move(each), copy, seal_text(into->key, at, text), part == 3});
        }
    }
    co_return plan;
}

task<result<store::written>> service::carry_out(const keyed_act& of, uuid consultation, const retraction_plan& plan)
{
    const auto& practice = of.by.practice;
    store::unit unit{of.by.scope()};
    stored::lock_subject(unit, consultation);
    json::object answer{{"consultation_id", to_string(consultation)}};
    if (plan.refiled_as) answer.emplace("refiled_as", to_string(*plan.refiled_as));
    stored::claim_key(unit, of, answer);
    stored::refuse_stale_act(unit, practice, consultation, plan.heads, plan.closed);
    stored::event retracted{"retracted", {}, of.by.who.person, plan.heads, plan.reason_sealed, plan.refiled_as};
    stored::add_event(unit, practice, consultation, retracted);
    if (plan.refiled_as)
    {
        stored::refile(unit, practice, consultation, *plan.refiled_as, plan.refile_patient, plan.copies);
        if (plan.closed)
        {
            stored::event closed{"closed", plan.closed_at, of.by.who.person, {}, {}, {}};
            for (const auto& each : plan.copies)
            {
                if (!each.addendum) closed.heads[each.from.field].push_back(each.revision);
            }
            stored::add_event(unit, practice, *plan.refiled_as, closed);
        }
        stored::find_heads(unit, practice, *plan.refiled_as, subject_kind::consultation);
    }
    co_return co_await app_.write(unit);
}

task<result<retraction_done>> service::retract(keyed_act of, uuid consultation, retraction_wish wish)
{
    std::optional<uuid> refiled_as;
    for (int attempt = 1;; ++attempt)
    {
        const auto plan = co_await plan_retraction(of, consultation, wish);
        if (!plan) co_return plan.error();
        const auto written = co_await carry_out(of, consultation, *plan);
        if (written)
        {
            refiled_as = plan->refiled_as;
            note(of, plan->patient, audit::action::write, audit::subject::consultation, consultation);
            if (!refiled_as) break;
            const auto into = co_await subject_of(of, subject_kind::patient, plan->refile_patient);
            if (!into) co_return into.error();
            read_back(into->key, of.by.practice, *refiled_as, stored::read_revisions(written->of_statements.back()));
            note(of, plan->refile_patient, audit::action::write, audit::subject::consultation, *refiled_as);
            break;
        }
        const auto& code = written.error().code;
        if (code == "key_known")
        {
            const auto again = co_await answered_before(of);
            if (!again) co_return again.error();
            if (const auto* const id = again->if_contains("refiled_as"))
                refiled_as = parse_uuid(std::string{id->as_string()});
            break;
        }
        // Somebody wrote between the reading and the act: plan again on what stands now.
        const bool moved = code == "heads_differ" || code == "closed";
        if (!moved || attempt == tries_max) co_return written.error();
    }
    auto view = co_await view_of(of, consultation);
    if (!view) co_return view.error();
    co_return retraction_done{std::move(*view), refiled_as};
}

}  // namespace manent::record
