#include "identity/route_answers.hpp"

namespace manent::identity
{

namespace
{

using http::call;
using http::refuse;
using http::response;
using http::verb;

// One of two shapes, told apart by their first member.
template <class A, class B>
void answer_either(http::route& of, std::string_view title)
{
    of.answer = {{"title", title}, {"oneOf", json::array{field<A>::schema(), field<B>::schema()}}};
}

signed_in_answer describe(const live_session& session)
{
    signed_in_answer shown;
    shown.locked = session.locked;
    shown.person = {session.person, session.given_name, session.family_name, session.email, session.language};
    shown.expires_at = session.expires_at;
    shown.second_factor = session.second_factor;
    shown.is_operator = session.is_operator && session.second_factor;
    for (const auto& each : session.memberships)
        shown.memberships.push_back({each.practice, each.practice_name, each.role, each.practitioner, session.pin_set});
    return shown;
}

task<response> show_session(call& asked, service& with)
{
    const auto found = co_await with.find_session(asked.cookie(session_cookie));
    if (!found) co_return refuse(asked, found.error());
    auto demonstration = co_await with.demonstration();
    if (!demonstration) co_return refuse(asked, demonstration.error());
    if (*found == nullptr) co_return http::answer(signed_out_answer{false, std::move(*demonstration)});
    auto shown = describe(**found);
    shown.demonstration = std::move(*demonstration);
    co_return http::answer(shown);
}

// Decodes, acts, answers the step: every way of signing in is of this form.
template <class Request, class Act>
http::handler stepping(service& with, Act act, int status = 200)
{
    return [&with, act, status](call& asked) -> task<response>
    {
        const auto wish = http::read_body<Request>(asked);
        if (!wish) co_return refuse(asked, wish.error());
        const auto from = caller_of(asked);
        const auto step = co_await act(with, from, *wish);
        if (!step) co_return refuse(asked, step.error());
        co_return answer_step(asked, *step, with.chosen(), status);
    };
}

task<response> sign_out(call& asked, service& with)
{
    const auto left = co_await with.sign_out(caller_of(asked));
    if (!left) co_return refuse(asked, left.error());
    auto answered = http::no_content();
    answered.with("Set-Cookie", write_cookie(session_cookie, "", seconds{0}, asked.over_tls));
    co_return answered;
}

task<response> begin_totp(call& asked, service& with)
{
    const auto wish = http::read_body<totp_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto begun = co_await with.begin_totp(caller_of(asked), **session, wish->password.value);
    if (!begun) co_return refuse(asked, begun.error());
    co_return http::answer(*begun);
}

task<response> confirm_totp(call& asked, service& with)
{
    const auto wish = http::read_body<totp_code_request>(asked);
    if (!wish) co_return refuse(asked, wish.error());
    const auto session = co_await open_session(with, asked);
    if (!session) co_return refuse(asked, session.error());
    const auto confirmed = co_await with.confirm_totp(caller_of(asked), **session, wish->code.value);
    if (!confirmed) co_return refuse(asked, confirmed.error());
    co_return http::no_content();
}

}  // namespace

void add_session_routes(http::router& to, service& with)
{
    auto& show = to.add(verb::get, "/session", "show_session", "Who is signed in on this browser");
    answer_either<signed_out_answer, signed_in_answer>(show, "identity_session");
    show.handle([&with](call& asked) { return show_session(asked, with); });

    auto& enter = to.add(verb::post, "/sessions", "sign_in", "Sign in with e-mail and password");
    answer_either<step_done, step_waiting>(enter.takes<sign_in_request>(), "identity_step");
    enter.handle(stepping<sign_in_request>(
        with, [](service& by, const caller& from, const sign_in_request& wish) { return by.sign_in(from, wish); }));

    auto& code = to.add(verb::post, "/sessions/code", "enter_code", "Enter the code of a sign-in or a new account");
    answer_either<step_done, step_waiting>(code.takes<code_request>(), "identity_step");
    code.handle(stepping<code_request>(
        with, [](service& by, const caller& from, const code_request& wish) { return by.enter_code(from, wish); }));

    to.add(verb::del, "/session", "sign_out", "Sign out of this browser")
        .answers_nothing()
        .handle([&with](call& asked) { return sign_out(asked, with); });

    constexpr int accepted = 202;
    to.add(verb::post, "/accounts", "create_account", "Create a patient's account")
        .takes<account_request>()
        .answers<step_waiting>(accepted)
        .handle(stepping<account_request>(
            with,
            [](service& by, const caller& from, const account_request& wish) { return by.create_account(from, wish); },
            accepted));

    to.add(verb::post, "/password-resets", "forget_password", "Ask for a code to choose a new password")
        .takes<forgotten_request>()
        .answers<step_waiting>(accepted)
        .handle(stepping<forgotten_request>(
            with,
            [](service& by, const caller& from, const forgotten_request& wish)
            { return by.forget_password(from, wish.email); },
            accepted));

    auto& choose = to.add(verb::post, "/password-resets/confirm", "set_password", "Choose a new password by its code");
    answer_either<step_done, step_waiting>(choose.takes<new_password_request>(), "identity_step");
    choose.handle(stepping<new_password_request>(with,
                                                 [](service& by, const caller& from, const new_password_request& wish)
                                                 { return by.set_password(from, wish); }));

    to.add(verb::post, "/session/totp", "begin_totp", "Begin to set up an authenticator app")
        .takes<totp_request>()
        .answers<totp_enrolment>()
        .handle([&with](call& asked) { return begin_totp(asked, with); });
    to.add(verb::post, "/session/totp/confirm", "confirm_totp", "Put the authenticator app to use by its first code")
        .takes<totp_code_request>()
        .answers_nothing()
        .handle([&with](call& asked) { return confirm_totp(asked, with); });
}

}  // namespace manent::identity
