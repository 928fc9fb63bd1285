#include "directory/administration_routes.hpp"

namespace manent::directory
{

namespace
{

using http::verb;

template <class T>
task<http::response> shown(const http::call& asked, identity::gate& gate, result<T> outcome, int status = 200)
{
    if (!outcome) co_return http::refuse(asked, co_await gate.reason_of(asked, outcome.error()));
    co_return http::answer(*outcome, status);
}

task<http::response> find_practice(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    co_return co_await shown(asked, gate, co_await acts.practice(*who));
}

task<http::response> change_practice(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    auto wanted = http::read_body<practice_change_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    co_return co_await shown(asked, gate, co_await acts.change_practice(*who, std::move(*wanted)));
}

task<http::response> list_sites(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    co_return co_await shown(asked, gate, co_await acts.sites(*who));
}

task<http::response> list_practitioners(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    co_return co_await shown(asked, gate, co_await acts.practitioners(*who));
}

task<http::response> add_site(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = asked.idempotency_key();
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<site_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    co_return co_await shown(asked, gate, co_await acts.add_site(*who, std::move(*wanted), *key, asked.fingerprint()),
                             201);
}

task<http::response> change_site(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto site = asked.id("site");
    if (!site) co_return http::refuse(asked, site.error());
    auto wanted = http::read_body<site_change_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    co_return co_await shown(asked, gate, co_await acts.change_site(*who, *site, std::move(*wanted)));
}

task<http::response> add_practitioner(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = asked.idempotency_key();
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<practitioner_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    co_return co_await shown(asked, gate,
                             co_await acts.add_practitioner(*who, std::move(*wanted), *key, asked.fingerprint()), 201);
}

task<http::response> change_practitioner(http::call& asked, administration& acts, identity::gate& gate)
{
    const auto who = co_await gate.member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto practitioner = asked.id("practitioner");
    if (!practitioner) co_return http::refuse(asked, practitioner.error());
    auto wanted = http::read_body<entry_change_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    co_return co_await shown(asked, gate, co_await acts.change_practitioner(*who, *practitioner, std::move(*wanted)));
}

}  // namespace

void add_administration_routes(http::router& routes, administration& acts, identity::gate& gate)
{
    const std::string practice = "/practices/{practice}";
    routes.add(verb::get, practice, "find_own_practice", "What the practice says of itself")
        .answers<own_practice>()
        .handle([&](http::call& asked) { return find_practice(asked, acts, gate); });
    routes.add(verb::put, practice, "change_practice", "Corrects the practice's name and details")
        .takes<practice_change_wish>()
        .answers<own_practice>()
        .handle([&](http::call& asked) { return change_practice(asked, acts, gate); });
    routes.add(verb::get, practice + "/sites", "list_sites", "Where the practice works")
        .answers<own_sites>()
        .handle([&](http::call& asked) { return list_sites(asked, acts, gate); });
    routes.add(verb::post, practice + "/sites", "add_site", "Adds a site")
        .takes<site_wish>()
        .answers<own_site>(201)
        .keyed()
        .handle([&](http::call& asked) { return add_site(asked, acts, gate); });
    routes.add(verb::put, practice + "/sites/{site}", "change_site", "Corrects a site")
        .takes<site_change_wish>()
        .answers<own_site>()
        .handle([&](http::call& asked) { return change_site(asked, acts, gate); });
    routes
        .add(verb::get, practice + "/practitioners", "list_own_practitioners",
             "The practice's practitioners and who answers for their entries")
        .answers<own_practitioners>()
        .handle([&](http::call& asked) { return list_practitioners(asked, acts, gate); });
    routes
        .add(verb::post, practice + "/practitioners", "add_practitioner",
             "Adds a practitioner whom the directory does not know, with an agenda")
        .takes<practitioner_wish>()
        .answers<added_practitioner>(201)
        .keyed()
        .handle([&](http::call& asked) { return add_practitioner(asked, acts, gate); });
    routes
        .add(verb::put, practice + "/practitioners/{practitioner}", "change_practitioner",
             "Corrects a practitioner's entry")
        .takes<entry_change_wish>()
        .answers<own_practitioner>()
        .handle([&](http::call& asked) { return change_practitioner(asked, acts, gate); });
}

}  // namespace manent::directory
