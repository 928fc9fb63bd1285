// Whom a motive is for, as text and as JSON: by hand, for "new" cannot be an enumerator's name.
#pragma once

#include "core/json.hpp"
#include "directory/types.hpp"

#include <string_view>

namespace manent::directory
{

// Texts of the schema. A text that is none of them is a fault and throws std::logic_error.
admission admission_of(std::string_view text);
std::string_view text_of(admission one);

}  // namespace manent::directory

namespace manent
{

template <>
struct field<directory::admission>
{
    static void read(const json::value& from, directory::admission& into, json_errors& errors);
    static json::value write(directory::admission from);
    static json::object schema();
};

}  // namespace manent
