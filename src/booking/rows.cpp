#include "booking/rows.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <array>
#include <stdexcept>
#include <utility>

namespace manent::booking
{

namespace
{

template <class Enum>
using names = std::array<std::pair<Enum, std::string_view>, 3>;

constexpr names<audience> audiences{
    {{audience::everyone, "public"}, {audience::professionals, "professionals"}, {audience::regulators, "regulators"}}};

template <class Enum>
Enum named(const names<Enum>& all, std::string_view text)
{
    for (const auto& [one, name] : all)
    {
        if (name == text) return one;
    }
    throw std::logic_error("not a word of booking: " + std::string{text});
}

template <class Enum>
std::string_view name_of(const names<Enum>& all, Enum one)
{
    for (const auto& [known, name] : all)
    {
        if (known == one) return name;
    }
    throw std::logic_error("a word of booking without a name");
}

template <class Enum>
Enum described(std::string_view text)
{
    Enum one{};
    if (!boost::describe::enum_from_string(std::string{text}.c_str(), one))
        throw std::logic_error("not a word of booking: " + std::string{text});
    return one;
}

}  // namespace

state state_of(std::string_view text)
{
    return described<state>(text);
}

std::string_view text_of(state one)
{
    return boost::describe::enum_to_string(one, "");
}

modality modality_of(std::string_view text)
{
    return described<modality>(text);
}

std::string_view text_of(modality one)
{
    return boost::describe::enum_to_string(one, "");
}

audience audience_of(std::string_view text)
{
    return named(audiences, text);
}

std::string_view text_of(audience one)
{
    return name_of(audiences, one);
}

motive read_motive(const store::row& from, int first)
{
    motive one;
    one.motive_id = from.get<uuid>(first);
    one.label = from.get<std::string>(first + 1);
    one.duration_min = from.get<int>(first + 2);
    one.modality = modality_of(from.raw(first + 3));
    one.admits = admission_of(from.raw(first + 4));
    one.earliest_min = from.get<int>(first + 5);
    one.latest_days = from.get<int>(first + 6);
    one.cancel_min = from.get<int>(first + 7);
    one.repeatable = from.get<bool>(first + 8);
    one.tint = from.get<int>(first + 9);
    one.sign = from.get<std::string>(first + 10);
    one.instructions = from.get<std::string>(first + 11);
    one.is_public = from.get<bool>(first + 12);
    return one;
}

opening read_opening(const store::row& from, int first)
{
    opening one;
    one.opening_id = from.get<uuid>(first);
    one.weekday = from.get<std::optional<int>>(first + 1);
    one.on_date = from.get<std::optional<local_date>>(first + 2);
    one.starts = {from.get<int>(first + 3)};
    one.ends = {from.get<int>(first + 4)};
    one.valid_from = from.get<std::optional<local_date>>(first + 5);
    one.valid_until = from.get<std::optional<local_date>>(first + 6);
    one.audience = audience_of(from.raw(first + 7));
    one.capacity = from.get<int>(first + 8);
    one.step_min = from.get<std::optional<int>>(first + 9);
    one.prefers_neighbours = from.get<bool>(first + 10);
    one.motive_ids = from.get<std::vector<uuid>>(first + 11);
    return one;
}

taken read_taken(const store::row& from, int first)
{
    taken one;
    one.appointment_id = from.get<uuid>(first);
    one.starts_at = from.get<instant>(first + 1);
    one.ends_at = from.get<instant>(first + 2);
    one.lane = from.get<int>(first + 3);
    one.state = state_of(from.raw(first + 4));
    one.hold_expires_at = from.get<std::optional<instant>>(first + 5);
    return one;
}

}  // namespace manent::booking
