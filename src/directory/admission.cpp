#include "directory/admission.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace manent::directory
{

namespace
{

constexpr std::array<std::pair<admission, std::string_view>, 3> admissions{
    {{admission::new_patients, "new"}, {admission::known_patients, "known"}, {admission::both, "both"}}};

}  // namespace

admission admission_of(std::string_view text)
{
    for (const auto& [one, name] : admissions)
    {
        if (name == text) return one;
    }
    throw std::logic_error("not an admission: " + std::string{text});
}

std::string_view text_of(admission one)
{
    for (const auto& [known, name] : admissions)
    {
        if (known == one) return name;
    }
    throw std::logic_error("an admission without a name");
}

}  // namespace manent::directory

namespace manent
{

void field<directory::admission>::read(const json::value& from, directory::admission& into, json_errors& errors)
{
    const auto* const text = json_detail::expect_string(from, errors);
    if (text == nullptr) return;
    for (const auto& [one, name] : directory::admissions)
    {
        if (name != std::string_view{*text}) continue;
        into = one;
        return;
    }
    errors.refuse("unknown_value");
}

json::value field<directory::admission>::write(directory::admission from)
{
    return json::value(directory::text_of(from));
}

json::object field<directory::admission>::schema()
{
    json::array names;
    for (const auto& [one, name] : directory::admissions) names.push_back(json::value(name));
    return {{"type", "string"}, {"enum", std::move(names)}};
}

}  // namespace manent
