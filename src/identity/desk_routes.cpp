#include "identity/route_answers.hpp"

namespace manent::identity
{

namespace
{

using http::call;
using http::refuse;
using http::response;
using http::verb;

task<response> set_pin(call& asked, service& with)
{
    const auto wish = http::read_body<pin_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto device = co_await with.set_pin(caller_of(asked), **session, *wish);
    if (!device) co_return refuse(asked, device.error());
    auto answered = http::no_content();
    if (*device) set_device_cookie(answered, asked, **device, with.chosen());
    co_return answered;
}

task<response> lock(call& asked, service& with)
{
    const auto session = co_await living_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto locked = co_await with.lock(caller_of(asked));
    if (!locked) co_return refuse(asked, locked.error());
    co_return http::no_content();
}

task<response> unlock(call& asked, service& with)
{
    const auto wish = http::read_body<unlock_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await living_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto unlocked = co_await with.unlock(caller_of(asked), **session, wish->pin.value);
    if (!unlocked) co_return refuse(asked, unlocked.error());
    co_return http::no_content();
}

task<response> release_journal_keys(call& asked, service& with)
{
    const auto wish = http::read_body<journal_keys_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto released = co_await with.release_journal_keys(**session, wish->device_id);
    if (!released) co_return refuse(asked, released.error());
    co_return http::answer(*released);
}

task<response> show_desk(call& asked, service& with)
{
    const auto people = co_await with.desk(caller_of(asked));
    if (!people) co_return refuse(asked, people.error());
    co_return http::answer(*people);
}

task<response> switch_person(call& asked, service& with)
{
    const auto wish = http::read_body<switch_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto step = co_await with.switch_to(caller_of(asked), *wish);
    if (!step) co_return refuse(asked, step.error());
    auto answered = answer_step(asked, *step, with.chosen(), 204);
    answered.content_type.clear();
    answered.body.clear();
    co_return answered;
}

}  // namespace

void add_desk_routes(http::router& to, service& with)
{
    to.add(verb::put, "/session/pin", "set_pin", "Set the PIN by which one comes back at this desk")
        .takes<pin_request>()
        .answers_nothing()
        .handle([&with](call& asked) { return set_pin(asked, with); });
    to.add(verb::post, "/session/lock", "lock_session", "Lock this desk at once")
        .answers_nothing()
        .handle([&with](call& asked) { return lock(asked, with); });
    to.add(verb::post, "/session/unlock", "unlock_session", "Come back at a locked desk by PIN")
        .takes<unlock_request>()
        .answers_nothing()
        .handle([&with](call& asked) { return unlock(asked, with); });
    to.add(verb::post, "/session/journal-keys", "release_journal_keys",
           "What the journal of this person on one device is opened with")
        .takes<journal_keys_request>()
        .answers<journal_keys_answer>()
        .handle([&with](call& asked) { return release_journal_keys(asked, with); });
    to.add(verb::get, "/desk", "show_desk", "Who may take over this desk by PIN")
        .answers<list_of<desk_person>>()
        .handle([&with](call& asked) { return show_desk(asked, with); });
    to.add(verb::post, "/desk/switch", "switch_person", "Take over this desk by PIN")
        .takes<switch_request>()
        .answers_nothing()
        .handle([&with](call& asked) { return switch_person(asked, with); });
}

}  // namespace manent::identity
