#include "directory/fhir_values.hpp"

namespace manent::directory::fhir
{

namespace
{

// The member's value inside a step that the caller holds; refuses absence when it is required.
const json::value* find(const json::object& from, std::string_view name, presence needed, json_errors& errors)
{
    const auto* const value = from.if_contains(name);
    if (value == nullptr && needed == presence::required) errors.refuse("required");
    return value;
}

// Far above what a resource needs, and far below what would hurt.
constexpr std::size_t items_max = 1000;

}  // namespace

const json::object* object_member(const json::object& from, std::string_view name, presence needed, json_errors& errors)
{
    const json_errors::step at{errors, name};
    const auto* const value = find(from, name, needed, errors);
    return value == nullptr ? nullptr : json_detail::expect_object(*value, errors);
}

const json::array* list_member(const json::object& from, std::string_view name, presence needed, json_errors& errors)
{
    const json_errors::step at{errors, name};
    const auto* const value = find(from, name, needed, errors);
    if (value == nullptr) return nullptr;
    const auto* const items = json_detail::expect_array(*value, items_max, errors);
    if (items != nullptr && items->empty() && needed == presence::required) errors.refuse("required");
    return items;
}

std::optional<std::string> text_member(const json::object& from, std::string_view name, std::size_t max,
                                       presence needed, json_errors& errors)
{
    const json_errors::step at{errors, name};
    const auto* const value = find(from, name, needed, errors);
    std::string text;
    // FHIR has no empty strings: what is there says something.
    if (value == nullptr || !json_detail::read_text(*value, 1, max, false, text, errors)) return std::nullopt;
    return text;
}

std::optional<instant> instant_member(const json::object& from, std::string_view name, json_errors& errors)
{
    const json_errors::step at{errors, name};
    const auto* const value = find(from, name, presence::required, errors);
    const auto* const text = value == nullptr ? nullptr : json_detail::expect_string(*value, errors);
    if (text == nullptr) return std::nullopt;
    const auto parsed = parse_instant(std::string_view{text->data(), text->size()});
    if (!parsed) errors.refuse("not_an_instant");
    return parsed;
}

std::optional<std::string> reference_member(const json::object& from, std::string_view name, presence needed,
                                            json_errors& errors)
{
    constexpr std::size_t reference_max = 2000;
    const auto* const holder = object_member(from, name, needed, errors);
    if (holder == nullptr) return std::nullopt;
    const json_errors::step at{errors, name};
    return text_member(*holder, "reference", reference_max, needed, errors);
}

std::vector<std::string> codes_of(const json::object& concept_, std::string_view system, json_errors& errors)
{
    constexpr std::size_t code_max = 200;
    std::vector<std::string> codes;
    each_member_object(concept_, "coding", presence::optional, errors,
                       [&](const json::object& coding)
                       {
                           const auto* const named = coding.if_contains("system");
                           if (named == nullptr || !named->is_string() || named->get_string() != system) return;
                           auto code = text_member(coding, "code", code_max, presence::required, errors);
                           if (code) codes.push_back(std::move(*code));
                       });
    return codes;
}

}  // namespace manent::directory::fhir
