#include "http/dispatcher.hpp"

#include "core/log.hpp"

namespace manent::http
{

namespace beast_http = boost::beast::http;

namespace
{

// For a request that could not be read: enough of a call to word the refusal.
call unread_call(const raw_request& header, const std::string& request_id)
{
    call unread;
    unread.request_id = request_id;
    unread.language = preferred_language(std::string{header[beast_http::field::accept_language]});
    return unread;
}

// Logged with the request's id, answered without the server's text.
task<response> guarded(const route& chosen, call& asked)
{
    try
    {
        co_return co_await chosen.handled_by(asked);
    }
    catch (const std::exception& fault)
    {
        log::error("fault", {{"request_id", asked.request_id}, {"route", chosen.operation}, {"what", fault.what()}});
    }
    auto failed = refuse(asked, refusal(problem_kind::unavailable, "fault"));
    failed.status = 500;
    co_return failed;
}

}  // namespace

const route* dispatcher::route_of(const raw_request& header) const
{
    const std::string_view target{header.target().data(), header.target().size()};
    const auto path = target.substr(0, target.find('?'));
    const auto method = header.method() == beast_http::verb::post  ? verb::post
                        : header.method() == beast_http::verb::put ? verb::put
                                                                   : verb::get;
    return routes_.find(method, path).found;
}

task<response> dispatcher::answer(raw_request& raw, const std::string& remote, const std::string& request_id,
                                  bool over_tls)
{
    const auto began = std::chrono::steady_clock::now();
    auto read = read_call(raw, remote, over_tls);
    if (!read) co_return refuse(unread_call(raw, request_id), read.error());
    call& asked = *read;
    asked.request_id = request_id;
    auto match = routes_.find(asked.method, asked.path);
    if (match.found == nullptr || !match.found->handled_by) co_return without_route(asked, match.path_is_known);
    asked.parameters = std::move(match.parameters);
    response answered = co_await guarded(*match.found, asked);
    const auto took = std::chrono::steady_clock::now() - began;
    counters_.answered(match.found->operation, answered.status, took);
    if (answered.status >= 500)
        log::warning("answered", {{"request_id", request_id},
                                  {"route", match.found->operation},
                                  {"status", answered.status},
                                  {"ms", std::chrono::duration<double, std::milli>(took).count()}});
    co_return answered;
}

task<dispatcher::admission> dispatcher::admit(raw_request& raw, const std::string& remote,
                                              const std::string& request_id, bool over_tls)
{
    admission made;
    auto read = read_call(raw, remote, over_tls);
    if (!read)
    {
        made.refused = refuse(unread_call(raw, request_id), read.error());
        co_return made;
    }
    made.asked = std::move(*read);
    made.asked.request_id = request_id;
    auto match = routes_.find(verb::get, made.asked.path);
    made.asked.parameters = std::move(match.parameters);
    made.to = match.found;
    // A browser sends no preflight for a web socket: its origin must be asked here.
    const auto origin = made.asked.header("origin");
    const bool ours = origin.empty() || origin == (over_tls ? "https://" : "http://") + made.asked.header("host");
    if (made.to == nullptr || !made.to->admits) made.refused = without_route(made.asked, false);
    else if (!ours) made.refused = refuse(made.asked, refusal(problem_kind::forbidden, "cross_site"));
    else made.refused = co_await made.to->admits(made.asked);
    co_return made;
}

response dispatcher::without_route(const call& asked, bool path_is_known) const
{
    if (path_is_known)
    {
        auto refused = refuse(asked, refusal(problem_kind::invalid, "method_not_allowed"));
        refused.status = 405;
        return refused;
    }
    const bool page = asked.method == verb::get && !asked.path.starts_with("/api/");
    return page ? files_.serve(asked) : refuse(asked, refusal(problem_kind::not_found, "not_found"));
}

}  // namespace manent::http
