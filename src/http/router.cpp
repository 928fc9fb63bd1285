#include "http/router.hpp"

#include "http/openapi.hpp"

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

bool matches(const std::vector<std::string>& shape, const std::vector<std::string_view>& parts)
{
    if (shape.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        if (shape[i] != parts[i] && parameter_of(shape[i]).empty()) return false;
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

}  // namespace

route& router::add(verb method, std::string path, std::string operation, std::string summary)
{
    return add_plain(method, "/api/v1" + std::move(path), std::move(operation), std::move(summary));
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
            if (const auto name = parameter_of(shape[i]); !name.empty()) found.parameters.emplace(name, parts[i]);
        }
        return found;
    }
    return found;
}

json::object router::openapi() const
{
    named_schemas schemas;
    json::object paths;
    for (const auto& [described, parts] : routes_)
    {
        auto& path = paths[described->path];
        if (!path.is_object()) path = json::object{};
        path.get_object().emplace(name_of(described->method), describe(*described, parts, schemas));
    }
    schemas.add("problem", problem_schema());
    return {{"openapi", "3.1.0"},
            {"info", json::object{{"title", "Manent"}, {"version", MANENT_VERSION}}},
            {"paths", std::move(paths)},
            {"components", json::object{{"schemas", schemas.take()}}}};
}

}  // namespace manent::http
