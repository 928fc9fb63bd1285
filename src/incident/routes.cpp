#include "incident/routes.hpp"

namespace manent::incident
{

namespace
{

using http::call;
using http::response;
using http::verb;

task<response> report(call& of, service& acts, identity::gate& gate)
{
    auto by = co_await gate.member_of(of);
    if (!by) co_return http::refuse(of, by.error());
    auto said = http::read_body<device_report>(of);
    if (!said) co_return http::refuse(of, said.error());
    const auto outcome = co_await acts.report(record::act{std::move(*by), of.request_id}, std::move(*said));
    if (!outcome) co_return http::refuse(of, co_await gate.reason_of(of, outcome.error()));
    co_return http::answer(*outcome);
}

// What an operator asks: whether this is one the database says, in every statement.
template <class Act>
http::handler as_operator(identity::gate& gate, Act act)
{
    return [&gate, act](call& of) -> task<response>
    {
        auto by = co_await gate.signed_in(of);
        if (!by) co_return http::refuse(of, by.error());
        co_return co_await act(of, std::move(*by));
    };
}

template <class T>
response answer_or_refuse(const call& of, const result<T>& outcome)
{
    return outcome ? http::answer(*outcome) : http::refuse(of, outcome.error());
}

task<response> end(call& of, service& acts, identity::actor by)
{
    const auto id = of.id("incident");
    if (!id) co_return http::refuse(of, id.error());
    auto wish = http::read_body<ending_wish>(of);
    if (!wish) co_return http::refuse(of, wish.error());
    const auto ended = co_await acts.end(std::move(by), *id, std::move(wish->reason.value));
    co_return answer_or_refuse(of, ended);
}

task<response> one(call& of, service& acts, identity::actor by)
{
    const auto id = of.id("incident");
    if (!id) co_return http::refuse(of, id.error());
    const auto found = co_await acts.one(std::move(by), *id);
    co_return answer_or_refuse(of, found);
}

task<response> all(call& of, service& acts, identity::actor by)
{
    const auto found = co_await acts.all(std::move(by));
    co_return answer_or_refuse(of, found);
}

task<response> of_practice(call& of, service& acts, identity::gate& gate)
{
    auto by = co_await gate.member_of(of);
    if (!by) co_return http::refuse(of, by.error());
    auto found = co_await acts.of_practice(std::move(*by));
    if (!found) co_return http::refuse(of, found.error());
    co_return http::answer(incidents_view{std::move(*found)});
}

task<response> one_of_practice(call& of, service& acts, identity::gate& gate)
{
    auto by = co_await gate.member_of(of);
    if (!by) co_return http::refuse(of, by.error());
    const auto id = of.id("incident");
    if (!id) co_return http::refuse(of, id.error());
    const auto found = co_await acts.one_of_practice(std::move(*by), *id);
    co_return answer_or_refuse(of, found);
}

}  // namespace

void add_routes(http::router& routes, service& acts, identity::gate& gate)
{
    routes
        .add(verb::post, "/practices/{practice}/device-reports", "report_device",
             "What a device holds receipts for, to be compared with what is stored")
        .takes<device_report>()
        .answers<report_outcome>()
        .handle([&acts, &gate](call& of) { return report(of, acts, gate); });
    routes.add(verb::get, "/practices/{practice}/incidents", "list_practice_incidents", "Incidents of a practice")
        .answers<incidents_view>()
        .handle([&acts, &gate](call& of) { return of_practice(of, acts, gate); });
    routes
        .add(verb::get, "/practices/{practice}/incidents/{incident}", "read_practice_incident",
             "An incident of a practice with its evidence, for its administrators")
        .answers<incident_detail>()
        .handle([&acts, &gate](call& of) { return one_of_practice(of, acts, gate); });

    routes.add(verb::get, "/incidents", "list_incidents", "Every incident, for who runs the installation")
        .answers<operation_view>()
        .handle(as_operator(gate, [&acts](call& of, identity::actor by) { return all(of, acts, std::move(by)); }));
    routes.add(verb::get, "/incidents/{incident}", "read_incident", "An incident with its evidence")
        .answers<incident_detail>()
        .handle(as_operator(gate, [&acts](call& of, identity::actor by) { return one(of, acts, std::move(by)); }));
    routes.add(verb::post, "/incidents/{incident}/end", "end_incident", "Say that an incident has ended, and why")
        .takes<ending_wish>()
        .answers<incident_detail>()
        .handle(as_operator(gate, [&acts](call& of, identity::actor by) { return end(of, acts, std::move(by)); }));
}

}  // namespace manent::incident
