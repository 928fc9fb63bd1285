#include "http/message.hpp"

#include <boost/json/serialize.hpp>

namespace manent::http
{

namespace
{

const words* spoken = nullptr;

std::string find_or_empty(const std::map<std::string, std::string, std::less<>>& in, std::string_view name)
{
    const auto found = in.find(name);
    return found == in.end() ? std::string{} : found->second;
}

json::array write_field_errors(const call& of, const std::vector<field_error>& refused)
{
    json::array errors;
    for (const auto& each : refused)
    {
        json::object error{{"path", each.path}, {"code", each.code}};
        words::arguments with;
        if (each.limit)
        {
            error.emplace("limit", *each.limit);
            with.emplace("limit", std::to_string(*each.limit));
        }
        error.emplace("detail", spoken->say(of.language, "field." + each.code, with));
        errors.push_back(std::move(error));
    }
    return errors;
}

}  // namespace

std::optional<std::string> call::query(std::string_view name) const
{
    for (const auto& [key, value] : queries)
    {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::string call::header(std::string_view name) const
{
    return find_or_empty(headers, name);
}

std::string call::cookie(std::string_view name) const
{
    return find_or_empty(cookies, name);
}

result<uuid> call::id(std::string_view parameter) const
{
    const auto parsed = parse_uuid(find_or_empty(parameters, parameter));
    if (!parsed) return refusal(problem_kind::not_found, "not_found");
    return *parsed;
}

result<uuid> call::idempotency_key() const
{
    const auto given = header("idempotency-key");
    if (given.empty()) return refusal(problem_kind::invalid, "key_missing");
    const auto parsed = parse_uuid(given);
    if (!parsed) return refusal(problem_kind::invalid, "key_malformed");
    return *parsed;
}

digest call::fingerprint() const
{
    const std::string whole = std::to_string(static_cast<int>(method)) + " " + path + "\n" + body;
    return sha256(as_bytes(whole));
}

void speak_with(const words& sentences)
{
    spoken = &sentences;
}

int status_of(problem_kind kind)
{
    switch (kind)
    {
        case problem_kind::invalid:
            return 400;
        case problem_kind::unauthenticated:
            return 401;
        case problem_kind::forbidden:
            return 403;
        case problem_kind::not_found:
            return 404;
        case problem_kind::conflict:
            return 409;
        case problem_kind::too_large:
            return 413;
        case problem_kind::unprocessable:
            return 422;
        case problem_kind::locked:
            return 423;
        case problem_kind::too_many:
            return 429;
        case problem_kind::unavailable:
            return 503;
        case problem_kind::storage_full:
            return 507;
    }
    return 500;
}

response answer_json(const json::value& body, int status)
{
    return {status, "application/json", json::serialize(body), {}};
}

response no_content()
{
    return {204, "", "", {}};
}

response refuse(const call& of, const problem& refused)
{
    const int status = status_of(refused.kind);
    json::object body{{"type", "about:blank"},
                      {"status", status},
                      {"code", refused.code},
                      {"title", spoken->say(of.language, "problem." + refused.code + ".title")},
                      {"detail", spoken->say(of.language, "problem." + refused.code + ".detail")},
                      {"request_id", of.request_id}};
    if (!refused.fields.empty()) body.emplace("errors", write_field_errors(of, refused.fields));
    response answered{status, "application/problem+json", {}, {}};
    for (const auto& member : refused.details)
    {
        if (member.key() == "retry_after_s") answered.with("Retry-After", json::serialize(member.value()));
        else body.emplace(member.key(), member.value());
    }
    answered.body = json::serialize(body);
    return answered;
}

}  // namespace manent::http
