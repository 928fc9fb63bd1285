// A request as a handler sees it and the answer it gives: no streams, no sockets.
#pragma once

#include "core/crypto.hpp"
#include "core/json.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "core/words.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace manent::http
{

enum class verb
{
    get,
    post,
    put,
    del
};

// One request. Views are valid as long as the call.
struct call
{
    verb method = verb::get;
    std::string path;                                          // decoded, without the query
    std::vector<std::pair<std::string, std::string>> queries;  // decoded, in order
    std::map<std::string, std::string, std::less<>> headers;   // names in lower case
    std::map<std::string, std::string, std::less<>> cookies;
    std::map<std::string, std::string, std::less<>> parameters;  // of the route's path
    std::string body;
    std::string remote_address;
    std::string request_id;
    manent::language language = manent::language::fr;
    bool over_tls = false;

    // nullopt when absent.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] std::string cookie(std::string_view name) const;
    // A path parameter that must be a UUID: what is none cannot exist, so it is not_found.
    [[nodiscard]] result<uuid> id(std::string_view parameter) const;
    // The Idempotency-Key header, which must be a UUID.
    [[nodiscard]] result<uuid> idempotency_key() const;
    // SHA-256 over method, path and body: a key used again must come with the same.
    [[nodiscard]] digest fingerprint() const;
};

// Reads a query parameter with the limits of T; absent and empty are nullopt.
template <class T>
result<std::optional<T>> read_query(const call& of, std::string_view name)
{
    const auto given = of.query(name);
    if (!given || given->empty()) return std::optional<T>{};
    json_errors errors;
    const json_errors::step at{errors, name};
    T into{};
    // Round brackets: in braces Boost.JSON makes a list of one.
    json::value value(*given);
    if constexpr (
        requires { into.value = std::int64_t{}; } && !requires { into.value = std::string{}; })
    {
        std::int64_t number = 0;
        const auto end = given->data() + given->size();
        const bool numeric = std::from_chars(given->data(), end, number).ptr == end;
        if (numeric) value = number;
    }
    if constexpr (std::is_same_v<T, bool>)
    {
        if (*given == "true" || *given == "false") value = *given == "true";
    }
    field<T>::read(value, into, errors);
    if (!errors.empty()) return problem{problem_kind::invalid, "invalid_request", errors.take(), {}};
    return std::optional<T>{std::move(into)};
}

// The body as T; refuses a body that is not sent as JSON.
template <class T>
result<T> read_body(const call& of)
{
    if (!of.header("content-type").starts_with("application/json")) return refusal(problem_kind::invalid, "not_json");
    return read_json<T>(of.body);
}

struct response
{
    int status = 200;
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    response& with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

response answer_json(const json::value& body, int status = 200);

template <class T>
response answer(const T& body, int status = 200)
{
    return answer_json(to_json(body), status);
}

response no_content();

// RFC 9457 in the caller's language.
response refuse(const call& of, const problem& refused);

int status_of(problem_kind kind);

// The sentences that refusals are worded with; set once before serving.
void speak_with(const words& sentences);

// One side of a web socket; belongs to the thread that serves.
class web_socket
{
public:
    virtual ~web_socket() = default;
    // Queues a text message; false once the socket is closed. A reader so slow that 1,000 wait is closed.
    virtual bool send(std::string text) = 0;
    virtual void close() = 0;
    // Returns when the other side has gone.
    virtual task<void> until_closed() = 0;
};

using handler = std::function<task<response>(call&)>;
// Runs as long as the socket; answers a response instead when the call may not be upgraded.
using socket_handler = std::function<task<std::optional<response>>(call&)>;
using socket_opened = std::function<void(const call&, std::shared_ptr<web_socket>)>;

}  // namespace manent::http
