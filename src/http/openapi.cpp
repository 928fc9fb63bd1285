#include "http/openapi.hpp"

#include <stdexcept>

namespace manent::http
{

namespace
{

json::object parameter(std::string_view name, std::string_view in, bool required, json::object schema)
{
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
}

json::object json_content(json::object schema, std::string_view type = "application/json")
{
    return {{"content", json::object{{type, json::object{{"schema", std::move(schema)}}}}}};
}

json::object reference_to(std::string_view name)
{
    return {{"$ref", "#/components/schemas/" + std::string{name}}};
}

json::array describe_parameters(const route& each, const std::vector<std::string>& parts)
{
    const json::object text{{"type", "string"}};
    const json::object id{{"type", "string"}, {"format", "uuid"}};
    json::array parameters;
    for (const auto& part : parts)
    {
        if (const auto name = parameter_of(part); !name.empty())
            parameters.push_back(parameter(name, "path", true, id));
    }
    for (const auto& name : each.queries) parameters.push_back(parameter(name, "query", false, text));
    if (each.needs_key) parameters.push_back(parameter("Idempotency-Key", "header", true, id));
    for (const auto& name : each.headers) parameters.push_back(parameter(name, "header", false, id));
    return parameters;
}

json::array names_of(const json::object& members)
{
    json::array names;
    for (const auto& member : members) names.push_back(json::value(member.key()));
    return names;
}

}  // namespace

json::object named_schemas::refer(const json::object& schema, schema_side side)
{
    auto whole = schema;
    if (auto* const items = whole.if_contains("items")) *items = refer(items->as_object(), side);
    if (auto* const choices = whole.if_contains("oneOf"))
    {
        for (auto& choice : choices->as_array()) choice = refer(choice.as_object(), side);
    }
    if (auto* const members = whole.if_contains("properties"))
    {
        for (auto& member : members->as_object()) member.value() = refer(member.value().as_object(), side);
        if (side == schema_side::answer) whole["required"] = names_of(members->as_object());
    }
    const auto* const title = whole.if_contains("title");
    if (title == nullptr) return whole;
    const std::string name{title->as_string()};
    whole.erase("title");
    add(name, std::move(whole));
    return reference_to(name);
}

void named_schemas::add(const std::string& name, json::object schema)
{
    const auto [stands, is_new] = schemas_.try_emplace(name, schema);
    if (!is_new && stands->second != schema)
        throw std::logic_error{"two different structures are called " + name + " in the description of the API"};
}

json::object named_schemas::take()
{
    json::object all;
    for (auto& [name, schema] : schemas_) all.emplace(name, std::move(schema));
    schemas_.clear();
    return all;
}

json::object describe(const route& each, const std::vector<std::string>& parts, named_schemas& schemas)
{
    json::object operation{{"operationId", each.operation}, {"summary", each.summary}};
    auto parameters = describe_parameters(each, parts);
    if (!parameters.empty()) operation.emplace("parameters", std::move(parameters));
    if (!each.request.empty())
    {
        auto body = json_content(schemas.refer(each.request, schema_side::request));
        body.emplace("required", true);
        operation.emplace("requestBody", std::move(body));
    }
    json::object good;
    if (!each.answer.empty()) good = json_content(schemas.refer(each.answer, schema_side::answer));
    good.emplace("description", "Done");
    auto refused = json_content(reference_to("problem"), "application/problem+json");
    refused.emplace("description", "Refused: RFC 9457");
    json::object responses{{std::to_string(each.success), good}, {"default", std::move(refused)}};
    if (each.success_known != 0) responses.emplace(std::to_string(each.success_known), std::move(good));
    operation.emplace("responses", std::move(responses));
    return operation;
}

json::object problem_schema()
{
    const json::object text{{"type", "string"}};
    const json::object error{
        {"type", "object"},
        {"properties",
         json::object{{"path", text}, {"code", text}, {"detail", text}, {"limit", json::object{{"type", "integer"}}}}},
        {"required", json::array{"path", "code", "detail"}}};
    return {{"type", "object"},
            {"properties", json::object{{"type", text},
                                        {"status", json::object{{"type", "integer"}}},
                                        {"code", text},
                                        {"title", text},
                                        {"detail", text},
                                        {"request_id", text},
                                        {"errors", json::object{{"type", "array"}, {"items", error}}}}},
            {"required", json::array{"type", "status", "code", "title", "detail", "request_id"}}};
}

std::string_view parameter_of(std::string_view part)
{
    const bool named = part.size() > 2 && part.front() == '{' && part.back() == '}';
    return named ? part.substr(1, part.size() - 2) : std::string_view{};
}

}  // namespace manent::http
