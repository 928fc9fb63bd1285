// One table of types, limits and formats: `field<T>` says how a member of type T is read from a request, written to an
// answer and described in the OpenAPI document, so that the three cannot drift apart. Structures are described once
// with BOOST_DESCRIBE_STRUCT; every error of a request is collected with its path, none is thrown.
#pragma once

#include "core/id.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <boost/core/type_name.hpp>
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace manent
{

namespace json = boost::json;

// Text of Min to Max code points, trimmed of nothing; U+0000 is refused, for PostgreSQL's text cannot hold it.
template <std::size_t Min, std::size_t Max>
struct text
{
    std::string value;
};

// What a person wrote, kept byte for byte: any Unicode, U+0000 included, up to Max code points.
template <std::size_t Max>
struct verbatim
{
    std::string value;
};

// An address as HTML's input type=email accepts it, at most 254 bytes (RFC 5321), lower-cased in its domain.
struct email_address
{
    std::string value;
};

template <std::int64_t Min, std::int64_t Max>
struct integer
{
    std::int64_t value = Min;
};

// At most Max items.
template <class Item, std::size_t Max>
struct list
{
    std::vector<Item> items;
};

// Where a reader is and what it refused so far.
class json_errors
{
public:
    void refuse(std::string_view code, std::optional<std::int64_t> limit = std::nullopt);
    std::vector<field_error> take() { return std::move(errors_); }
    [[nodiscard]] bool empty() const { return errors_.empty(); }

    // Enters a member or an item for as long as it lives.
    class step
    {
    public:
        step(json_errors& errors, std::string_view member);
        step(json_errors& errors, std::size_t item);
        ~step();
        step(const step&) = delete;
        step& operator=(const step&) = delete;

    private:
        json_errors& errors_;
        std::size_t length_before_;
    };

private:
    std::string path_;
    std::vector<field_error> errors_;
};

template <class T, class Enable = void>
struct field;

namespace json_detail
{

// Not templates, so that they are compiled once. Each refuses with a code and answers false when it cannot read.
bool read_text(const json::value& from, std::size_t min, std::size_t max, bool nul_allowed, std::string& into,
               json_errors& errors);
bool read_integer(const json::value& from, std::int64_t min, std::int64_t max, std::int64_t& into, json_errors& errors);
bool read_email(const json::value& from, std::string& into, json_errors& errors);
const json::string* expect_string(const json::value& from, json_errors& errors);
const json::object* expect_object(const json::value& from, json_errors& errors);
const json::array* expect_array(const json::value& from, std::size_t max, json_errors& errors);
json::object text_schema(std::size_t min, std::size_t max);
json::object format_schema(std::string_view format);
result<json::value> parse(std::string_view body);
// The type's name as OpenAPI allows one: "manent::booking::hold_wish" becomes "booking_hold_wish". It always begins
// with the capability, so that a type of the same name elsewhere renames nothing.
std::string schema_name(std::string_view type_name);

}  // namespace json_detail

// The schema of T, with T's name as its title where it is a structure or an enumeration: what has a title becomes a
// named part of the document (http/openapi.hpp).
template <class T>
json::object schema_of()
{
    auto schema = field<T>::schema();
    if (schema.contains("properties") || schema.contains("enum"))
        schema["title"] = json_detail::schema_name(boost::core::type_name<T>());
    return schema;
}

template <std::size_t Min, std::size_t Max>
struct field<text<Min, Max>>
{
    static void read(const json::value& from, text<Min, Max>& into, json_errors& errors)
    {
        json_detail::read_text(from, Min, Max, false, into.value, errors);
    }
    static json::value write(const text<Min, Max>& from) { return json::value(from.value); }
    static json::object schema() { return json_detail::text_schema(Min, Max); }
};

template <std::size_t Max>
struct field<verbatim<Max>>
{
    static void read(const json::value& from, verbatim<Max>& into, json_errors& errors)
    {
        json_detail::read_text(from, 0, Max, true, into.value, errors);
    }
    static json::value write(const verbatim<Max>& from) { return json::value(from.value); }
    static json::object schema() { return json_detail::text_schema(0, Max); }
};

template <>
struct field<email_address>
{
    static void read(const json::value& from, email_address& into, json_errors& errors)
    {
        json_detail::read_email(from, into.value, errors);
    }
    static json::value write(const email_address& from) { return json::value(from.value); }
    static json::object schema();
};

template <std::int64_t Min, std::int64_t Max>
struct field<integer<Min, Max>>
{
    static void read(const json::value& from, integer<Min, Max>& into, json_errors& errors)
    {
        json_detail::read_integer(from, Min, Max, into.value, errors);
    }
    static json::value write(const integer<Min, Max>& from) { return json::value(from.value); }
    static json::object schema() { return {{"type", "integer"}, {"minimum", Min}, {"maximum", Max}}; }
};

// Strings in answers carry no limit of their own; requests use text<> and verbatim<>.
template <>
struct field<std::string>
{
    static json::value write(const std::string& from) { return json::value(from); }
    static json::object schema() { return {{"type", "string"}}; }
};

template <>
struct field<bool>
{
    static void read(const json::value& from, bool& into, json_errors& errors);
    static json::value write(bool from) { return json::value(from); }
    static json::object schema() { return {{"type", "boolean"}}; }
};

template <>
struct field<double>
{
    static json::value write(double from) { return json::value(from); }
    static json::object schema() { return {{"type", "number"}}; }
};

template <class T>
struct field<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
{
    static json::value write(T from) { return json::value(from); }
    static json::object schema() { return {{"type", "integer"}}; }
};

template <>
struct field<uuid>
{
    static void read(const json::value& from, uuid& into, json_errors& errors);
    static json::value write(const uuid& from) { return json::value(to_string(from)); }
    static json::object schema() { return json_detail::format_schema("uuid"); }
};

template <>
struct field<instant>
{
    static void read(const json::value& from, instant& into, json_errors& errors);
    static json::value write(instant from) { return json::value(format_utc(from)); }
    static json::object schema() { return json_detail::format_schema("date-time"); }
};

// An instant shown in a site's zone; only in answers.
struct local_instant
{
    instant at;
    time_zone zone;
};

template <>
struct field<local_instant>
{
    static json::value write(const local_instant& from) { return json::value(format_in(from.zone, from.at)); }
    static json::object schema() { return json_detail::format_schema("date-time"); }
};

template <>
struct field<local_date>
{
    static void read(const json::value& from, local_date& into, json_errors& errors);
    static json::value write(const local_date& from) { return json::value(format_date(from)); }
    static json::object schema() { return json_detail::format_schema("date"); }
};

template <>
struct field<local_time>
{
    static void read(const json::value& from, local_time& into, json_errors& errors);
    static json::value write(const local_time& from) { return json::value(format_local_time(from)); }
    static json::object schema()
    {
        return {{"type", "string"}, {"pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}};
    }
};

// Free-form members of answers.
template <>
struct field<json::object>
{
    static json::value write(const json::object& from) { return from; }
    static json::object schema() { return {{"type", "object"}}; }
};

template <class T>
struct field<std::optional<T>>
{
    static void read(const json::value& from, std::optional<T>& into, json_errors& errors)
    {
        if (from.is_null()) return;
        field<T>::read(from, into.emplace(), errors);
    }
    static json::value write(const std::optional<T>& from) { return from ? field<T>::write(*from) : json::value(); }
    static json::object schema() { return {{"oneOf", json::array{schema_of<T>(), json::object{{"type", "null"}}}}}; }
};

template <class T>
struct field<std::vector<T>>
{
    static json::value write(const std::vector<T>& from)
    {
        json::array items;
        items.reserve(from.size());
        for (const auto& item : from) items.push_back(field<T>::write(item));
        return items;
    }
    static json::object schema() { return {{"type", "array"}, {"items", schema_of<T>()}}; }
};

template <class Item, std::size_t Max>
struct field<list<Item, Max>>
{
    static void read(const json::value& from, list<Item, Max>& into, json_errors& errors)
    {
        const auto* const array = json_detail::expect_array(from, Max, errors);
        if (array == nullptr) return;
        for (std::size_t i = 0; i < array->size(); ++i)
        {
            const json_errors::step at{errors, i};
            field<Item>::read((*array)[i], into.items.emplace_back(), errors);
        }
    }
    static json::value write(const list<Item, Max>& from) { return field<std::vector<Item>>::write(from.items); }
    static json::object schema() { return {{"type", "array"}, {"items", schema_of<Item>()}, {"maxItems", Max}}; }
};

// Enumerations described with BOOST_DESCRIBE_ENUM are strings of their enumerators' names.
template <class T>
struct field<T, std::enable_if_t<std::is_enum_v<T>>>
{
    static void read(const json::value& from, T& into, json_errors& errors)
    {
        const auto* const name = json_detail::expect_string(from, errors);
        if (name == nullptr) return;
        if (!boost::describe::enum_from_string(std::string{*name}.c_str(), into)) errors.refuse("unknown_value");
    }
    static json::value write(T from) { return json::value(boost::describe::enum_to_string(from, "")); }
    static json::object schema()
    {
        json::array names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d)
                                                                           { names.push_back(json::value(d.name)); });
        return {{"title", json_detail::schema_name(boost::core::type_name<T>())},
                {"type", "string"},
                {"enum", std::move(names)}};
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

// Described structures. In requests a missing optional member is absent, a missing other member is refused, and so is
// an unknown one: a caller's misspelling must not pass for consent.
template <class T>
struct field<T, std::enable_if_t<boost::describe::has_describe_members<T>::value>>
{
    static void read(const json::value& from, T& into, json_errors& errors)
    {
        const auto* const object = json_detail::expect_object(from, errors);
        if (object == nullptr) return;
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) { read_member(*object, into, d, errors); });
        for (const auto& member : *object)
        {
            bool known = false;
            boost::mp11::mp_for_each<members_of<T>>([&](auto d) { known = known || member.key() == d.name; });
            if (known) continue;
            const json_errors::step at{errors, member.key()};
            errors.refuse("unknown_field");
        }
    }

    static json::value write(const T& from)
    {
        json::object object;
        boost::mp11::mp_for_each<members_of<T>>(
            [&](auto d)
            {
                using member = std::remove_cvref_t<decltype(from.*d.pointer)>;
                object.emplace(d.name, field<member>::write(from.*d.pointer));
            });
        return object;
    }

    static json::object schema()
    {
        json::object properties;
        json::array required;
        boost::mp11::mp_for_each<members_of<T>>(
            [&](auto d)
            {
                using member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
                properties.emplace(d.name, schema_of<member>());
                if (!is_optional<member>) required.push_back(json::value(d.name));
            });
        return {{"title", json_detail::schema_name(boost::core::type_name<T>())},
                {"type", "object"},
                {"properties", std::move(properties)},
                {"required", std::move(required)},
                {"additionalProperties", false}};
    }

private:
    template <class Descriptor>
    static void read_member(const json::object& object, T& into, Descriptor d, json_errors& errors)
    {
        using member = std::remove_cvref_t<decltype(into.*d.pointer)>;
        const json_errors::step at{errors, std::string_view{d.name}};
        const auto* const value = object.if_contains(d.name);
        if (value != nullptr)
        {
            field<member>::read(*value, into.*d.pointer, errors);
        }
        else if (!is_optional<member>)
        {
            errors.refuse("required");
        }
    }
};

// The structure that a request's body holds, or every refused member at once.
template <class T>
result<T> read_json(std::string_view body)
{
    auto parsed = json_detail::parse(body);
    if (!parsed) return parsed.error();
    T into{};
    json_errors errors;
    field<T>::read(*parsed, into, errors);
    if (!errors.empty()) return problem{problem_kind::invalid, "invalid_request", errors.take(), {}};
    return into;
}

template <class T>
json::value to_json(const T& from)
{
    return field<T>::write(from);
}

}  // namespace manent
