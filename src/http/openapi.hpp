// Puts the OpenAPI document together: every structure and enumeration that requests and answers are made of stands
// once, under its name, in components/schemas, and is referred to from there. `npm run types` makes the front end's
// types of it.
#pragma once

#include "http/router.hpp"

#include <map>
#include <string>
#include <vector>

namespace manent::http
{

// Whom a schema is written for. In a request an optional member may be left out; an answer always has all its members,
// those without a value as null, because that is how field<T>::write writes them.
enum class schema_side
{
    request,
    answer
};

// The named schemas of one document.
class named_schemas
{
public:
    // The schema with a $ref in the place of each part that has a title, itself included. Throws std::logic_error when
    // a part's title already stands for something else.
    json::object refer(const json::object& schema, schema_side side);
    // Same refusal.
    void add(const std::string& name, json::object schema);
    // In alphabetical order, so that the document changes only where the types do.
    json::object take();

private:
    std::map<std::string, json::object> schemas_;
};

// One route as an operation of the document; `parts` is its path cut at the slashes.
json::object describe(const route& each, const std::vector<std::string>& parts, named_schemas& schemas);

// Problem details as `refuse` writes them (RFC 9457).
json::object problem_schema();

// "practice" of "{practice}"; empty for a fixed part.
std::string_view parameter_of(std::string_view part);

}  // namespace manent::http
