// Reading members of FHIR resources out of JSON: each refusal keeps its path. FHIR allows members that a reader does
// not know, so that, unlike in requests, unknown ones are passed over.
#pragma once

#include "core/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::directory::fhir
{

enum class presence
{
    required,
    optional
};

// The member as an object or a list, nullptr when it is absent or refused.
const json::object* object_member(const json::object& from, std::string_view name, presence needed,
                                  json_errors& errors);
const json::array* list_member(const json::object& from, std::string_view name, presence needed, json_errors& errors);

// Text of at most `max` code points; nullopt when absent or refused.
std::optional<std::string> text_member(const json::object& from, std::string_view name, std::size_t max,
                                       presence needed, json_errors& errors);
std::optional<instant> instant_member(const json::object& from, std::string_view name, json_errors& errors);
// The `reference` of a Reference member.
std::optional<std::string> reference_member(const json::object& from, std::string_view name, presence needed,
                                            json_errors& errors);

// The codes of a CodeableConcept that belong to `system`.
std::vector<std::string> codes_of(const json::object& concept_, std::string_view system, json_errors& errors);

// Calls `read` for each object of a list, inside its step; what is no object is refused.
template <class Read>
void each_object(const json::array& items, json_errors& errors, Read read)
{
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const json_errors::step at{errors, i};
        if (const auto* const item = json_detail::expect_object(items[i], errors)) read(*item);
    }
}

// The same for a list member, if it is there.
template <class Read>
void each_member_object(const json::object& from, std::string_view name, presence needed, json_errors& errors,
                        Read read)
{
    const auto* const items = list_member(from, name, needed, errors);
    if (items == nullptr) return;
    const json_errors::step at{errors, name};
    each_object(*items, errors, read);
}

}  // namespace manent::directory::fhir
