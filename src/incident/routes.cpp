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

}  // namespace

void add_routes(http::router& routes, service& acts, identity::gate& gate)
{
    routes
        .add(verb::post, "/practices/{practice}/device-reports", "report_device",
             "What a device holds receipts for, to be compared with what is stored")
        .takes<device_report>()
        .answers<report_outcome>()
        .handle([&acts, &gate](call& of) { return report(of, acts, gate); });
}

}  // namespace manent::incident
