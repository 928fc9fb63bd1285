#include "directory/sas_bundle.hpp"

#include "directory/sas_reader.hpp"

#include <algorithm>

namespace manent::directory::sas
{

namespace
{

result<json::value> parse(std::string_view text)
{
    // FHIR nests deeper than requests do: extensions within contained resources within entries.
    json::parse_options options;
    options.max_depth = 32;
    json::stream_parser parser{{}, options};
    boost::system::error_code failure;
    const auto read = parser.write_some(text.data(), text.size(), failure);
    if (!failure && read < text.size()) failure = json::error::extra_data;
    if (!failure) parser.finish(failure);
    if (!failure) return parser.release();
    auto refused = refusal(problem_kind::invalid, "invalid_json");
    const auto until = text.substr(0, read);
    refused.details["line"] = 1 + std::count(until.begin(), until.end(), '\n');
    return refused;
}

}  // namespace

result<bundle> read_bundle(std::string_view text)
{
    constexpr std::size_t entries_max = 200'000;
    auto parsed = parse(text);
    if (!parsed) return parsed.error();
    const auto* const object = parsed->if_object();
    const auto* const type = object == nullptr ? nullptr : object->if_contains("resourceType");
    const bool is_bundle = type != nullptr && type->is_string() && type->get_string() == "Bundle";
    if (!is_bundle) return refusal(problem_kind::invalid, "not_a_bundle");
    const auto* const entries = object->if_contains("entry");
    // An answer without any slot has no entries at all.
    if (entries == nullptr) return bundle{};
    const auto* const list = entries->if_array();
    if (list == nullptr) return refusal(problem_kind::invalid, "not_a_bundle");
    if (list->size() > entries_max)
        return refused_field("/entry", "too_many_items", static_cast<std::int64_t>(entries_max));
    return reader{*list}.read();
}

void shift_to_coming_week(bundle& moved, instant now)
{
    if (moved.slots.empty()) return;
    const auto* const paris = find_zone("Europe/Paris");
    const auto monday_of = [&](instant at)
    {
        const auto day = date_in(paris, at);
        return add_days(day, 1 - iso_weekday(day));
    };
    const auto earliest = std::ranges::min_element(moved.slots, {}, &slot::starts_at);
    // Both are Mondays, so that the difference is whole weeks.
    const int days = days_between(monday_of(earliest->starts_at), add_days(monday_of(now), 7));
    for (auto& one : moved.slots)
    {
        const auto lasts = one.ends_at - one.starts_at;
        const auto day = add_days(date_in(paris, one.starts_at), days);
        // Seconds, which no agenda has, would be lost by way of minutes.
        const auto past_minute = one.starts_at - std::chrono::floor<minutes>(one.starts_at);
        one.starts_at = instant_of(paris, day, time_in(paris, one.starts_at)) + past_minute;
        one.ends_at = one.starts_at + lasts;
    }
}

}  // namespace manent::directory::sas
