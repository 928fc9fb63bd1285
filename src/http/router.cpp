#include "http/router.hpp"

namespace manent::http
{

namespace
{

std::vector<std::string_view> split_path(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty())
    {
        path.remove_prefix(1);  // the slash
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        path = slash == std::string_view::npos ? "" : path.substr(slash);
    }
    return parts;
}

bool is_parameter(std::string_view part)
{
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

bool matches(const std::vector<std::string>& shape, const std::vector<std::string_view>& parts)
{
    if (shape.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        if (shape[i] != parts[i] && !is_parameter(shape[i])) return false;
    }
    return true;
}

std::string_view name_of(verb method)
{
    switch (method)
    {
        case verb::get:
            return "get";
        case verb::post:
            return "post";
        case verb::put:
            return "put";
        case verb::del:
            return "delete";
    }
    return "";
}

json::object parameter(std::string_view name, std::string_view in, bool required, json::object schema)
{
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
}

json::object json_content(const json::object& schema, std::string_view type = "application/json")
{
    return {{"content", json::object{{type, json::object{{"schema", schema}}}}}};
}

json::object describe(const route& each)
{
    json::object operation{{"operationId", each.operation}, {"summary", each.summary}};
    json::array parameters;
    for (const auto part : split_path(each.path))
    {
        if (is_parameter(part))
            parameters.push_back(
                parameter(part.substr(1, part.size() - 2), "path", true, {{"type", "string"}, {"format", "uuid"}}));
    }
    for (const auto& name : each.queries) parameters.push_back(parameter(name, "query", false, {{"type", "string"}}));
    if (each.needs_key)
        parameters.push_back(parameter("Idempotency-Key", "header", true, {{"type", "string"}, {"format", "uuid"}}));
    if (!parameters.empty()) operation.emplace("parameters", std::move(parameters));
    if (!each.request.empty())
    {
        auto body = json_content(each.request);
        body.emplace("required", true);
        operation.emplace("requestBody", std::move(body));
    }
    json::object good = each.answer.empty() ? json::object{} : json_content(each.answer);
    good.emplace("description", "Done");
    auto refused = json_content({{"$ref", "#/components/schemas/problem"}}, "application/problem+json");
    refused.emplace("description", "Refused: RFC 9457");
    operation.emplace("responses",
                      json::object{{std::to_string(each.success), std::move(good)}, {"default", std::move(refused)}});
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

}  // namespace

route& router::add(verb method, std::string path, std::string operation, std::string summary)
{
    return add_plain(method, "/api/v1" + path, std::move(operation), std::move(summary));
}

route& router::add_plain(verb method, std::string path, std::string operation, std::string summary)
{
    auto& entry = routes_.emplace_back();
    entry.described = std::make_unique<route>();
    for (const auto part : split_path(path)) entry.parts.emplace_back(part);
    auto& added = *entry.described;
    added.method = method;
    added.path = std::move(path);
    added.operation = std::move(operation);
    added.summary = std::move(summary);
    return added;
}

router::match router::find(verb method, std::string_view path) const
{
    match found;
    const auto parts = split_path(path);
    for (const auto& [described, shape] : routes_)
    {
        if (!matches(shape, parts)) continue;
        found.path_is_known = true;
        if (described->method != method) continue;
        found.found = described.get();
        for (std::size_t i = 0; i < shape.size(); ++i)
        {
            if (is_parameter(shape[i])) found.parameters.emplace(shape[i].substr(1, shape[i].size() - 2), parts[i]);
        }
        return found;
    }
    return found;
}

json::object router::openapi() const
{
    json::object paths;
    for (const auto& [described, parts] : routes_)
    {
        auto& path = paths[described->path];
        if (!path.is_object()) path = json::object{};
        path.get_object().emplace(name_of(described->method), describe(*described));
    }
    return {{"openapi", "3.1.0"},
            {"info", json::object{{"title", "Manent"}, {"version", MANENT_VERSION}}},
            {"paths", std::move(paths)},
            {"components", json::object{{"schemas", json::object{{"problem", problem_schema()}}}}}};
}

}  // namespace manent::http
