// The acts on patients: see service.hpp.
#include "record/opening.hpp"
#include "record/service.hpp"

namespace manent::record
{

namespace
{

likeness likeness_of(const identity_wish& wish)
{
    std::optional<std::string> used_name;
    if (wish.used_name) used_name = wish.used_name->value;
    return {wish.birth_name.value, std::move(used_name), wish.given_names.value, wish.birth_date};
}

likeness likeness_of(const found_patient& known)
{
    return {known.birth_name, known.used_name, known.given_names, known.birth_date};
}

std::optional<problem> refuse_identity(const identity_wish& wish)
{
    // Where it is tomorrow first (UTC+14), a child may be born on that day.
    const auto today = date::year_month_day{date::floor<date::days>(now() + std::chrono::hours{14})};
    auto errors = implausible(wish, today);
    if (errors.empty()) return std::nullopt;
    return problem{problem_kind::invalid, "invalid_request", std::move(errors), {}};
}

}  // namespace

task<result<std::vector<found_patient>>> service::search(act of, std::string typed, std::int64_t limit)
{
    store::unit look{of.by.scope()};
    stored::search_patients(look, of.by.practice, read_search(typed), limit);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto items = stored::read_found(found->front());
    for (const auto& each : items)
        note_sitting(of, each.patient_id, audit::action::read, audit::subject::search, each.patient_id);
    co_return items;
}

task<std::optional<problem>> service::possible_duplicate(const act& of, const identity_wish& wish)
{
    store::unit look{of.by.scope()};
    stored::list_namesakes(look, of.by.practice, easily_confused(wish.birth_date));
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    constexpr std::size_t candidates_max = 5;
    std::vector<found_patient> candidates;
    for (auto& each : stored::read_namesakes(found->front()))
    {
        if (candidates.size() < candidates_max && may_be_same(likeness_of(wish), likeness_of(each)))
            candidates.push_back(std::move(each));
    }
    if (candidates.empty()) co_return std::nullopt;
    for (const auto& each : candidates)
        note_sitting(of, each.patient_id, audit::action::read, audit::subject::search, each.patient_id);
    auto refused = refusal(problem_kind::conflict, "possible_duplicate");
    refused.details.emplace("candidates", to_json(candidates));
    co_return refused;
}

task<result<patient_view>> service::add_patient(keyed_act of, new_patient wish)
{
    const auto clean = tidied(wish);
    if (auto refused = refuse_identity(clean)) co_return *refused;
    const auto practice_key = co_await keys_.of_practice(app_, of.by.practice);
    if (!practice_key) co_return practice_key.error();
    const auto patient_id = new_uuid();
    const auto wrapped =
        store::keyring::wrap_patient_key(*practice_key, of.by.practice, patient_id, secret_key::random());
    if (!wish.confirm_new.value_or(false))
    {
        // The patient that a repeated request finds may be the one it made itself the first time.
        if (auto refused = co_await possible_duplicate(of, clean))
        {
            auto again = co_await patient_made_before(of);
            if (again || again.error().code == "key_reused") co_return again;
            co_return *refused;
        }
    }
    store::unit unit{of.by.scope()};
    stored::claim_key(unit, of, {{"patient_id", to_string(patient_id)}});
    stored::add_patient(unit, of, patient_id, clean, wrapped);
    const auto written = co_await app_.write(unit);
    if (!written && written.error().code == "key_known") co_return co_await patient_made_before(of);
    if (!written) co_return written.error();
    note(of, patient_id, audit::action::write, audit::subject::patient, patient_id);
    co_return co_await identity_of(of, patient_id);
}

task<result<patient_view>> service::identity_of(const act& of, uuid patient_id)
{
    store::unit look{of.by.scope()};
    stored::find_patient(look, of.by.practice, patient_id);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto row = stored::read_patient(found->front());
    if (!row) co_return refusal(problem_kind::not_found, "not_found");
    co_return std::move(row->view);
}

task<result<patient_view>> service::patient(act of, uuid patient_id)
{
    auto found = co_await identity_of(of, patient_id);
    if (found) note_sitting(of, patient_id, audit::action::read, audit::subject::patient, patient_id);
    co_return found;
}

task<result<patient_view>> service::patient_made_before(const keyed_act& of)
{
    const auto again = co_await answered_before(of);
    if (!again) co_return again.error();
    co_return co_await identity_of(of, parse_uuid(std::string{again->at("patient_id").as_string()}).value());
}

task<result<patient_view>> service::change_patient(act of, uuid patient_id, changed_patient wish)
{
    static_cast<identity_wish&>(wish) = tidied(wish);
    if (auto refused = refuse_identity(wish)) co_return *refused;
    store::unit unit{of.by.scope()};
    stored::change_patient(unit, of, patient_id, wish);
    const auto written = co_await app_.write(unit);
    if (!written) co_return written.error();
    auto now_stored = co_await identity_of(of, patient_id);
    if (!now_stored) co_return now_stored.error();
    if (written->of_statements.front().affected() == 0)
    {
        auto refused = refusal(problem_kind::conflict, "stale");
        refused.details.emplace("version", now_stored->version);
        co_return refused;
    }
    note(of, patient_id, audit::action::write, audit::subject::patient, patient_id);
    co_return now_stored;
}

task<result<record_view>> service::patient_file(act of, uuid patient_id, bool with_retracted)
{
    const auto& practice = of.by.practice;
    store::unit look{of.by.scope()};
    stored::find_patient(look, practice, patient_id);
    stored::find_heads(look, practice, patient_id, subject_kind::patient);
    stored::list_consultations(look, practice, patient_id, with_retracted);
    stored::list_appointments(look, practice, patient_id);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto row = stored::read_patient((*found)[0]);
    if (!row) co_return refusal(problem_kind::not_found, "not_found");
    const auto key = co_await open_key(practice, patient_id, row->wrapped_key);
    if (!key) co_return key.error();
    const auto practice_key = co_await keys_.of_practice(app_, practice);
    if (!practice_key) co_return practice_key.error();

    note_sitting(of, patient_id, audit::action::read, audit::subject::record, patient_id);
    record_view file;
    file.patient = std::move(row->view);
    file.fields = open_patient_fields(*key, practice, patient_id, stored::read_revisions((*found)[1]));
    for (auto& line : stored::read_lines((*found)[2]))
    {
        if (line.revision)
            line.view.summary = summary_of(text_of(*key, practice, subject_kind::consultation,
                                                   line.view.consultation_id, line.field, *line.revision, line.sealed));
        file.consultations.push_back(std::move(line.view));
    }
    for (auto& each : stored::read_appointments((*found)[3]))
        file.appointments.push_back(open_appointment(*practice_key, practice, std::move(each)));
    co_return file;
}

}  // namespace manent::record
