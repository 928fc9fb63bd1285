#include "store/unit.hpp"

#include <cstdio>

namespace manent::store
{

namespace
{

// An array literal: every item quoted, so that no item needs a case of its own.
template <class Item, class Text>
parameter array_literal(const std::vector<Item>& items, Text text)
{
    std::string literal = "{";
    for (const auto& item : items)
    {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : text(item))
        {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return {literal + "}", false};
}

}  // namespace

parameter as_parameter(std::string_view value)
{
    return {std::string{value}, false};
}

parameter as_parameter(const char* value)
{
    return as_parameter(std::string_view{value});
}

parameter as_parameter(const std::string& value)
{
    return {value, false};
}

parameter as_parameter(bool value)
{
    return {value ? "t" : "f", false};
}

parameter as_parameter(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return {text, false};
}

parameter as_parameter(const uuid& value)
{
    return {to_string(value), false};
}

parameter as_parameter(instant value)
{
    return {format_utc(value), false};
}

parameter as_parameter(local_date value)
{
    return {format_date(value), false};
}

parameter as_parameter(const bytes& value)
{
    return {std::string{value.begin(), value.end()}, true};
}

parameter as_parameter(const digest& value)
{
    return {std::string{value.begin(), value.end()}, true};
}

parameter as_parameter(const std::vector<std::string>& value)
{
    return array_literal(value, [](const std::string& item) -> const std::string& { return item; });
}

parameter as_parameter(const std::vector<uuid>& value)
{
    return array_literal(value, [](const uuid& item) { return to_string(item); });
}

parameter as_parameter(const std::vector<bytes>& value)
{
    return array_literal(value, [](const bytes& item) { return "\\x" + to_hex(item); });
}

parameter as_parameter(const std::vector<std::int64_t>& value)
{
    return array_literal(value, [](std::int64_t item) { return std::to_string(item); });
}

parameter as_parameter(const std::vector<instant>& value)
{
    return array_literal(value, [](instant item) { return format_utc(item); });
}

parameter as_parameter(std::nullopt_t)
{
    return {};
}

}  // namespace manent::store
