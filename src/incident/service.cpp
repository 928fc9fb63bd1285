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

service::service(store::database& incidents, record::service& record) : incidents_{incidents}, record_{record} {}

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
    co_return outcome;
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

}  // namespace manent::incident
