#include "identity/gate.hpp"

#include "identity/cookies.hpp"
#include "identity/routes.hpp"

#include <algorithm>

namespace manent::identity
{

namespace
{

actor to_actor(const live_session& session, const http::call& asked)
{
    return {session.person,     asked.cookie(session_cookie),
            session.given_name, session.family_name,
            session.language,   asked.language,
            session.email};
}

bool is_loopback(std::string_view host)
{
    const auto port = host.rfind(':');
    const auto name = port == std::string_view::npos || host.ends_with(']') ? host : host.substr(0, port);
    return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

class session_gate final : public gate
{
public:
    explicit session_gate(service& with) : with_{with} {}

    task<result<actor>> signed_in(const http::call& asked) override
    {
        const auto session = co_await living(asked);
        if (!session) co_return session.error();
        co_return to_actor(**session, asked);
    }

    task<std::optional<actor>> perhaps_signed_in(const http::call& asked) override
    {
        const auto session = co_await living(asked);
        if (!session) co_return std::nullopt;
        co_return to_actor(**session, asked);
    }

    task<result<member>> member_of(const http::call& asked, std::string_view path_parameter) override
    {
        const auto session = co_await living(asked);
        if (!session) co_return session.error();
        const auto practice = asked.id(path_parameter);
        if (!practice) co_return practice.error();
        const auto& all = (*session)->memberships;
        const auto found = std::ranges::find(all, *practice, &membership::practice);
        if (found == all.end()) co_return refusal(problem_kind::not_found, "not_found");
        if (!(*session)->second_factor) co_return refusal(problem_kind::forbidden, "second_factor_required");
        if (asked.method != http::verb::get && !is_protected(asked))
            co_return refusal(problem_kind::forbidden, "insecure_origin");
        co_return member{to_actor(**session, asked), *practice, found->role, found->practitioner};
    }

    task<problem> reason_of(const http::call& asked, problem refused) override
    {
        if (refused.kind != problem_kind::not_found) co_return refused;
        with_.forget_sessions();
        const auto session = co_await living(asked);
        co_return session ? std::move(refused) : session.error();
    }

private:
    task<result<known_session>> living(const http::call& asked)
    {
        auto found = co_await with_.find_session(asked.cookie(session_cookie));
        if (!found) co_return found.error();
        if (*found == nullptr) co_return refusal(problem_kind::unauthenticated, "not_signed_in");
        if ((*found)->locked) co_return refusal(problem_kind::locked, "locked");
        co_return *found;
    }

    // Without TLS a browser away from this machine can neither encrypt nor keep what is typed: nothing is written
    // through such a page.
    [[nodiscard]] bool is_protected(const http::call& asked) const
    {
        return asked.over_tls || with_.chosen().public_url.starts_with("https://") || is_loopback(asked.header("host"));
    }

    service& with_;
};

}  // namespace

std::unique_ptr<gate> make_gate(service& with)
{
    return std::make_unique<session_gate>(with);
}

}  // namespace manent::identity
