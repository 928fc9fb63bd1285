#include "incident/service.hpp"

#include "core/log.hpp"
#include "incident/store.hpp"

namespace manent::incident
{

namespace
{

store::unit new_unit()
{
    return store::unit{store::scope::everyone()};
}

std::vector<record::held_revision> held_by(const device_report& said)
{
    std::vector<record::held_revision> held;
    for (const auto& each : said.revisions.items)
        held.push_back({each.revision_id, from_base64url(each.digest.value).value_or(bytes{})});
    return held;
}

problem too_many_reports(std::chrono::seconds wait)
{
    auto refused = refusal(problem_kind::too_many, "too_many_reports");
    refused.details.emplace("retry_after_s", wait.count());
    return refused;
}

}  // namespace

service::service(store::database& app, store::database& incidents, record::service& record, archive_reader archive)
    : app_{app}, incidents_{incidents}, record_{record}, archive_{std::move(archive)}
{
}

task<result<report_outcome>> service::report(record::act of, device_report said)
{
    if (auto errors = misshapen(said); !errors.empty())
        co_return problem{problem_kind::invalid, "invalid_request", std::move(errors), {}};
    const auto wait = allowance_.take(of.by.who.person, report_allowance::clock::now());
    if (wait.count() > 0) co_return too_many_reports(wait);
    const auto compared = co_await record_.compare(of, held_by(said));
    if (!compared) co_return compared.error();

    report_outcome outcome;
    outcome.compared = static_cast<int>(said.revisions.items.size());
    for (const auto& each : compared->missing) outcome.missing.push_back(each.revision);
    for (const auto& each : compared->different) outcome.different.push_back(each.revision);
    for (auto& each : findings_of(*compared, said, of.by.practice, of.by.who.person, now()))
    {
        const auto noted = co_await note(std::move(each));
        if (!noted) co_return noted.error();
        if (!outcome.incident_id) outcome.incident_id = *noted;
    }
    if (compared->is_clean())
    {
        if (const auto ended = co_await end_mended(of); !ended) co_return ended.error();
    }
    co_return outcome;
}

task<result<void>> service::end_mended(const record::act& of)
{
    constexpr int claims_max = 2000;  // of more the operator says the end
    auto look = new_unit();
    stored::find_claims(look, of.by.practice, claims_max + 1);
    const auto found = co_await incidents_.read(look);
    if (!found) co_return found.error();
    const auto claims = stored::read_claims(found->front());
    if (claims.empty() || claims.size() > claims_max) co_return result<void>{};
    std::vector<record::held_revision> held;
    for (const auto& each : claims) held.push_back(each.held);
    const auto compared = co_await record_.compare(of, std::move(held));
    if (!compared) co_return compared.error();
    for (const auto& incident : mended(claims, *compared))
    {
        auto unit = new_unit();
        stored::end(unit, incident, std::nullopt, {{"found_again", claims.size()}});
        if (const auto ended = co_await incidents_.write(unit); !ended) co_return ended.error();
        log::warning("incident_ended", {{"incident", to_string(incident)}});
    }
    co_return result<void>{};
}

task<result<uuid>> service::note(finding noticed)
{
    auto unit = new_unit();
    stored::note(unit, noticed);
    const auto written = co_await incidents_.write(unit);
    if (!written) co_return written.error();
    const auto row = stored::read_noted(written->of_statements.front());
    if (row.opened)
        log::error("incident_opened", {{"incident", to_string(row.incident)},
                                       {"promise", name_of(noticed.promise)},
                                       {"detector", name_of(noticed.detector)}});
    co_return row.incident;
}

task<result<void>> service::end_of_detector(detector by, promise of, json::object why)
{
    auto unit = new_unit();
    stored::end_of_detector(unit, by, of, std::nullopt, why);
    const auto ended = co_await incidents_.write(unit);
    if (!ended) co_return ended.error();
    for (const auto& incident : stored::read_ended(ended->of_statements.front()))
        log::warning("incident_ended", {{"incident", to_string(incident)}});
    co_return result<void>{};
}

task<result<operation_view>> service::all(identity::actor by)
{
    store::unit look{by.own()};
    stored::refuse_others(look);
    stored::list_all(look);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    operation_view shown;
    shown.items = stored::read_incidents(found->back());
    const auto held = co_await app_.count_copies_of_all();
    shown.copies = {held.count, held.machines, held.where};
    shown.backup = backup_as_shown(archive_());
    co_return shown;
}

task<result<incident_detail>> service::one(identity::actor by, uuid incident)
{
    co_return co_await detail(by.own(), incident, std::nullopt);
}

task<result<incident_detail>> service::end(identity::actor by, uuid incident, std::string reason)
{
    // Read first, in the operator's own scope: the database says whether this is one.
    const auto known = co_await detail(by.own(), incident, std::nullopt);
    if (!known) co_return known.error();
    auto unit = new_unit();
    stored::end(unit, incident, by.person, {{"reason", reason}});
    if (const auto ended = co_await incidents_.write(unit); !ended) co_return ended.error();
    log::warning("incident_ended", {{"incident", to_string(incident)}, {"by", "operator"}});
    co_return co_await detail(by.own(), incident, std::nullopt);
}

task<result<std::vector<incident_view>>> service::of_practice(identity::member by)
{
    store::unit look{by.scope()};
    stored::list_of_practice(look, by.practice);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    co_return stored::read_incidents(found->front());
}

task<result<incident_detail>> service::one_of_practice(identity::member by, uuid incident)
{
    if (by.role != identity::role::administrator) co_return refusal(problem_kind::forbidden, "forbidden");
    co_return co_await detail(by.scope(), incident, by.practice);
}

task<result<incident_detail>> service::detail(store::scope within, uuid incident, std::optional<uuid> practice)
{
    store::unit look{std::move(within)};
    stored::find(look, incident, practice);
    stored::list_evidence(look, incident);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto known = stored::read_incidents(found->front());
    if (known.empty()) co_return refusal(problem_kind::not_found, "not_found");
    co_return incident_detail{std::move(known.front()), stored::read_evidence(found->back())};
}

}  // namespace manent::incident
