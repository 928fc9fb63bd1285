#include "identity/routes.hpp"

#include "identity/route_answers.hpp"

namespace manent::identity
{

namespace
{

// Long enough that a practice's machine stays known; every full sign-in begins it anew.
constexpr seconds device_lifetime{std::chrono::hours{24 * 365}};

bool is_secure(const http::call& asked, const settings& chosen)
{
    return asked.over_tls || chosen.public_url.starts_with("https://");
}

}  // namespace

caller caller_of(const http::call& asked)
{
    return {asked.remote_address, asked.cookie(session_cookie), asked.cookie(device_cookie), asked.language};
}

void set_device_cookie(http::response& on, const http::call& asked, std::string_view token, const settings& chosen)
{
    on.with("Set-Cookie", write_cookie(device_cookie, token, device_lifetime, is_secure(asked, chosen)));
}

http::response answer_step(const http::call& asked, const sign_in_step& step, const settings& chosen, int status)
{
    if (!step.session) return http::answer(step_waiting{sign_in_state::code_required, step.by, step.sign_in}, status);
    auto answered = http::answer(step_done{}, status);
    const auto lifetime = std::chrono::floor<seconds>(step.session->expires_at - now());
    answered.with("Set-Cookie", write_cookie(session_cookie, step.session->token, lifetime, is_secure(asked, chosen)));
    if (step.device_token) set_device_cookie(answered, asked, *step.device_token, chosen);
    return answered;
}

task<result<known_session>> living_session(service& with, const http::call& asked)
{
    auto found = co_await with.find_session(asked.cookie(session_cookie));
    if (found && *found == nullptr) co_return refusal(problem_kind::unauthenticated, "not_signed_in");
    co_return found;
}

task<result<known_session>> open_session(service& with, const http::call& asked)
{
    auto found = co_await living_session(with, asked);
    if (found && (*found)->locked) co_return refusal(problem_kind::locked, "locked");
    co_return found;
}

void add_routes(http::router& to, service& with, gate& asking)
{
    add_session_routes(to, with);
    add_desk_routes(to, with);
    add_people_routes(to, with, asking);
}

}  // namespace manent::identity
