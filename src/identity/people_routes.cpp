#include "identity/route_answers.hpp"

namespace manent::identity
{

namespace
{

using http::call;
using http::refuse;
using http::response;
using http::verb;

constexpr int created = 201;

task<response> list_persons(call& asked, service& with)
{
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto persons = co_await with.persons_of(**session);
    if (!persons) co_return refuse(asked, persons.error());
    co_return http::answer(*persons);
}

task<response> add_person(call& asked, service& with)
{
    const auto wish = http::read_body<relative_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto added = co_await with.add_person(**session, *wish);
    if (!added) co_return refuse(asked, added.error());
    co_return http::answer(*added, created);
}

task<response> list_access_events(call& asked, service& with)
{
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto events = co_await with.access_events_of(asked.cookie(session_cookie));
    if (!events) co_return refuse(asked, events.error());
    co_return http::answer(*events);
}

task<response> list_members(call& asked, service& with, gate& asking)
{
    const auto member = co_await asking.member_of(asked);
    if (!member) co_return refuse(asked, member.error());
    const auto members = co_await with.members_of(*member);
    if (!members) co_return refuse(asked, members.error());
    co_return http::answer(*members);
}

task<response> invite_member(call& asked, service& with, gate& asking)
{
    const auto member = co_await asking.member_of(asked);
    if (!member) co_return refuse(asked, member.error());
    const auto wish = http::read_body<invitation_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto invited = co_await with.invite(caller_of(asked), *member, *wish);
    if (!invited) co_return refuse(asked, invited.error());
    co_return http::answer(*invited, created);
}

task<response> link_member(call& asked, service& with, gate& asking)
{
    const auto member = co_await asking.member_of(asked);
    if (!member) co_return refuse(asked, member.error());
    const auto membership = asked.id("membership");
    if (!membership) co_return refuse(asked, membership.error());
    const auto wish = http::read_body<member_change_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto linked = co_await with.link_member(*member, *membership, *wish);
    if (!linked) co_return refuse(asked, linked.error());
    co_return http::no_content();
}

task<response> end_membership(call& asked, service& with, gate& asking)
{
    const auto member = co_await asking.member_of(asked);
    if (!member) co_return refuse(asked, member.error());
    const auto membership = asked.id("membership");
    if (!membership) co_return refuse(asked, membership.error());
    const auto ended = co_await with.end_membership(*member, *membership);
    if (!ended) co_return refuse(asked, ended.error());
    co_return http::no_content();
}

}  // namespace

void add_people_routes(http::router& to, service& with, gate& asking)
{
    to.add(verb::get, "/me/persons", "list_persons", "Oneself and those one may act for")
        .answers<list_of<known_person>>()
        .handle([&with](call& asked) { return list_persons(asked, with); });
    to.add(verb::post, "/me/persons", "add_person", "Add somebody to act for")
        .takes<relative_request>()
        .answers<known_person>(created)
        .handle([&with](call& asked) { return add_person(asked, with); });
    to.add(verb::get, "/me/access-events", "list_access_events", "Who read or wrote one's own data")
        .answers<list_of<access_event>>()
        .handle([&with](call& asked) { return list_access_events(asked, with); });
    to.add(verb::get, "/practices/{practice}/members", "list_members", "Who works in the practice")
        .answers<list_of<practice_member>>()
        .handle([&with, &asking](call& asked) { return list_members(asked, with, asking); });
    to.add(verb::post, "/practices/{practice}/members", "invite_member", "Invite somebody to work in the practice")
        .takes<invitation_request>()
        .answers<practice_member>(created)
        .handle([&with, &asking](call& asked) { return invite_member(asked, with, asking); });
    to.add(verb::put, "/practices/{practice}/members/{membership}", "link_member",
           "Says which practitioner's account it is")
        .takes<member_change_request>()
        .answers_nothing()
        .handle([&with, &asking](call& asked) { return link_member(asked, with, asking); });
    to.add(verb::del, "/practices/{practice}/members/{membership}", "end_membership",
           "Takes somebody out of the practice, or an invitation back")
        .answers_nothing()
        .handle([&with, &asking](call& asked) { return end_membership(asked, with, asking); });
}

}  // namespace manent::identity
