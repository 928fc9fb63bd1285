#include "http/request.hpp"

#include "core/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cctype>

namespace manent::http
{

namespace beast_http = boost::beast::http;

namespace
{

// Nothing from elsewhere, no inline script, nobody may frame it. Styles: the front end's own files, and the style
// attributes that place appointments in a grid.
constexpr std::string_view content_security_policy =
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

std::optional<verb> verb_of(beast_http::verb method)
{
    switch (method)
    {
        case beast_http::verb::get:
        case beast_http::verb::head:
            return verb::get;
        case beast_http::verb::post:
            return verb::post;
        case beast_http::verb::put:
            return verb::put;
        case beast_http::verb::delete_:
            return verb::del;
        default:
            return std::nullopt;
    }
}

void read_cookies(std::string_view header, std::map<std::string, std::string, std::less<>>& into)
{
    while (!header.empty())
    {
        const auto end = header.find(';');
        const auto pair = trim(header.substr(0, end));
        header = end == std::string_view::npos ? "" : header.substr(end + 1);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos) into.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
}

bool has_dot_segment(std::string_view path)
{
    return path.find("/../") != std::string_view::npos || path.find("/./") != std::string_view::npos ||
           path.ends_with("/..") || path.ends_with("/.");
}

bool has_control_character(std::string_view path)
{
    return std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// PostgreSQL takes no text with U+0000, and where C strings are read it would end the text unsaid.
bool is_text(std::string_view queried)
{
    return count_code_points(queried).has_value() && queried.find('\0') == std::string_view::npos;
}

result<call> read_target(std::string_view target)
{
    const auto malformed = refusal(problem_kind::invalid, "malformed_target");
    const auto parsed = boost::urls::parse_origin_form(target);
    if (!parsed) return malformed;
    call read;
    for (const auto& segment : parsed->segments())
    {
        read.path += '/';
        read.path += segment;
    }
    if (read.path.empty()) read.path = "/";
    if (has_dot_segment(read.path) || has_control_character(read.path) || !count_code_points(read.path))
        return malformed;
    // A plus sign is a space where browsers write one, and %2B a plus sign: the order in which they are read matters.
    constexpr bool space_as_plus = true;
    for (const auto& parameter : parsed->params(boost::urls::encoding_opts{space_as_plus}))
    {
        if (!is_text(parameter.key) || !is_text(parameter.value)) return malformed;
        read.queries.emplace_back(parameter.key, parameter.value);
        constexpr std::size_t queries_max = 32;
        if (read.queries.size() > queries_max) return malformed;
    }
    return read;
}

// Cross-site request forgery is closed here, once: browsers say where an unsafe request comes from.
bool from_another_site(const call& asked)
{
    if (asked.method == verb::get) return false;
    const auto fetch_site = asked.header("sec-fetch-site");
    if (!fetch_site.empty() && fetch_site != "same-origin" && fetch_site != "none") return true;
    const auto origin = asked.header("origin");
    if (origin.empty()) return false;
    return origin != (asked.over_tls ? "https://" : "http://") + asked.header("host");
}

}  // namespace

result<call> read_call(raw_request& from, std::string remote_address, bool over_tls)
{
    const auto method = verb_of(from.method());
    auto target = read_target(std::string_view{from.target().data(), from.target().size()});
    if (!target) return target;
    call& read = *target;
    read.over_tls = over_tls;
    read.remote_address = std::move(remote_address);
    for (const auto& header : from)
    {
        std::string name{header.name_string()};
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        read.headers.emplace(std::move(name), std::string{header.value()});
    }
    read.language = preferred_language(read.header("accept-language"));
    read_cookies(read.header("cookie"), read.cookies);
    if (!method) return refusal(problem_kind::invalid, "method_not_allowed");
    read.method = *method;
    if (from_another_site(read)) return refusal(problem_kind::forbidden, "cross_site");
    read.body = std::move(from.body());
    return target;
}

raw_response write_response(response answered, const std::string& request_id, unsigned version, bool keep_alive,
                            bool over_tls, bool head_only)
{
    raw_response raw{static_cast<beast_http::status>(answered.status), version};
    raw.set(beast_http::field::server, "Manent");
    raw.set("X-Request-Id", request_id);
    raw.set("Content-Security-Policy", content_security_policy);
    raw.set("X-Content-Type-Options", "nosniff");
    raw.set("Referrer-Policy", "no-referrer");
    raw.set("Cross-Origin-Opener-Policy", "same-origin");
    raw.set("Cross-Origin-Resource-Policy", "same-origin");
    raw.set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)");
    if (over_tls) raw.set("Strict-Transport-Security", "max-age=31536000");
    raw.set(beast_http::field::cache_control, "no-store");
    for (const auto& [name, value] : answered.headers)
    {
        if (name == "Set-Cookie") raw.insert(name, value);
        else raw.set(name, value);
    }
    if (!answered.content_type.empty()) raw.set(beast_http::field::content_type, answered.content_type);
    raw.keep_alive(keep_alive);
    const auto length = answered.body.size();
    if (!head_only) raw.body() = std::move(answered.body);
    if (answered.status != 304 && answered.status != 204) raw.content_length(length);
    return raw;
}

std::string new_request_id()
{
    return to_base64url(random_bytes(12));
}

}  // namespace manent::http
