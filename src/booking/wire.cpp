#include "booking/wire.hpp"

#include "booking/rows.hpp"

namespace manent
{

namespace
{

constexpr std::initializer_list<booking::audience> audiences{
    booking::audience::everyone, booking::audience::professionals, booking::audience::regulators};

// Adds "public" to the schema of a motive's other members.
json::object with_public(json::object schema)
{
    schema["properties"].as_object().emplace("public", field<bool>::schema());
    schema["required"].as_array().push_back("public");
    return schema;
}

}  // namespace

void field<booking::audience>::read(const json::value& from, booking::audience& into, json_errors& errors)
{
    const auto* const name = json_detail::expect_string(from, errors);
    if (name == nullptr) return;
    for (const auto one : audiences)
    {
        if (booking::text_of(one) != std::string_view{*name}) continue;
        into = one;
        return;
    }
    errors.refuse("unknown_value");
}

json::value field<booking::audience>::write(booking::audience from)
{
    return json::value(booking::text_of(from));
}

json::object field<booking::audience>::schema()
{
    json::array names;
    for (const auto one : audiences) names.push_back(json::value(booking::text_of(one)));
    return {{"type", "string"}, {"enum", std::move(names)}};
}

void field<booking::motive_wish>::read(const json::value& from, booking::motive_wish& into, json_errors& errors)
{
    const auto* const object = json_detail::expect_object(from, errors);
    if (object == nullptr) return;
    {
        const json_errors::step at{errors, std::string_view{"public"}};
        const auto* const value = object->if_contains("public");
        if (value == nullptr) errors.refuse("required");
        else field<bool>::read(*value, into.is_public, errors);
    }
    auto members = *object;
    members.erase("public");
    field<booking::motive_members>::read(members, into.members, errors);
}

json::object field<booking::motive_wish>::schema()
{
    return with_public(field<booking::motive_members>::schema());
}

json::value field<booking::motive_view>::write(const booking::motive_view& from)
{
    const auto& of = from.of;
    json::object object;
    object.emplace("motive_id", to_string(of.motive_id));
    object.emplace("agenda_ids", field<std::optional<std::vector<uuid>>>::write(from.agenda_ids));
    object.emplace("label", of.label);
    object.emplace("duration_min", of.duration_min);
    object.emplace("modality", booking::text_of(of.modality));
    object.emplace("admits", booking::text_of(of.admits));
    object.emplace("earliest_min", of.earliest_min);
    object.emplace("latest_days", of.latest_days);
    object.emplace("cancel_min", of.cancel_min);
    object.emplace("tint", of.tint);
    object.emplace("sign", of.sign);
    object.emplace("instructions", of.instructions);
    object.emplace("public", of.is_public);
    object.emplace("repeatable", of.repeatable);
    return object;
}

json::object field<booking::motive_view>::schema()
{
    auto schema = with_public(field<booking::motive_members>::schema());
    auto& properties = schema["properties"].as_object();
    properties.emplace("motive_id", field<uuid>::schema());
    properties["agenda_ids"] = field<std::optional<std::vector<uuid>>>::schema();  // not told under an agenda
    properties["repeatable"] = field<bool>::schema();
    schema["required"].as_array().push_back("motive_id");
    return schema;
}

}  // namespace manent
