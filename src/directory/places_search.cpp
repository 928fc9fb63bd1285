// Searching among places: what a person types, and what a registry wrote.
#include "core/text.hpp"
#include "directory/csv.hpp"
#include "directory/place_key.hpp"
#include "directory/places.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace manent::directory
{

namespace
{

constexpr std::array<std::string_view, 3> divided_cities{"75056", "69123", "13055"};

bool is_divided(const place& one)
{
    return std::ranges::find(divided_cities, one.insee) != divided_cities.end();
}

std::string_view postal_code_with(const place& one, std::string_view prefix)
{
    for (const auto& code : one.postal_codes)
    {
        if (code.starts_with(prefix)) return code;
    }
    return {};
}

found_place answer(const place& one, std::string_view postal_prefix)
{
    const auto asked = postal_code_with(one, postal_prefix);
    const auto first = one.postal_codes.empty() ? std::string_view{} : std::string_view{one.postal_codes.front()};
    return {&one, asked.empty() ? first : asked};
}

// "AGEN CEDEX 9" is delivered in Agen.
std::string without_cedex(std::string key)
{
    const auto cedex = key.find(" cedex");
    if (cedex != std::string::npos) key.resize(cedex);
    return key;
}

// The département of a postal code: its first two digits, three overseas. Corsica's two share 20.
bool in_departement(const place& one, std::string_view postal_code)
{
    if (postal_code.starts_with("20")) return one.departement_code == "2A" || one.departement_code == "2B";
    return postal_code.starts_with(one.departement_code);
}

// What follows a leading article is the whole name to most people; what follows another word is not.
int match(std::string_view key, name_part part, std::string_view query)
{
    const bool exact = key.size() == query.size();
    if (exact && part == name_part::whole) return 0;
    if (exact && part == name_part::after_article) return 1;
    return part == name_part::later_words ? 3 : 2;
}

}  // namespace

std::vector<found_place> places::search(std::string_view text, std::size_t limit) const
{
    // Nobody types more; longer texts would only cost time.
    constexpr std::size_t bytes_max = 200;
    const auto key = place_key(text.substr(0, bytes_max));
    if (key.empty() || limit == 0) return {};
    if (only_digits(key)) return by_postal_code(key, limit);
    auto found = by_name(key, {}, limit);
    if (!found.empty()) return found;
    const auto last = key.rfind(' ');
    const auto first = key.find(' ');
    if (last == std::string::npos) return {};
    const std::string_view view{key};
    if (only_digits(view.substr(last + 1))) return by_name(view.substr(0, last), view.substr(last + 1), limit);
    if (only_digits(view.substr(0, first))) return by_name(view.substr(first + 1), view.substr(0, first), limit);
    return {};
}

std::vector<found_place> places::by_name(std::string_view key, std::string_view postal_prefix, std::size_t limit) const
{
    using candidate = std::tuple<int, int, row>;  // match, weight negated, place
    std::vector<candidate> candidates;
    auto at = std::ranges::lower_bound(names_, key, {}, [](const name_key& n) { return std::string_view{n.text}; });
    for (; at != names_.end() && std::string_view{at->text}.starts_with(key); ++at)
    {
        const auto& one = all_[at->place];
        if (!postal_prefix.empty() && postal_code_with(one, postal_prefix).empty()) continue;
        candidates.emplace_back(match(at->text, at->part, key), -weights_[at->place], at->place);
    }
    // A heap, for a single letter matches thousands of which a few are shown; one place may match by several words.
    std::ranges::make_heap(candidates, std::greater{});
    std::vector<found_place> found;
    while (!candidates.empty() && found.size() < limit)
    {
        std::ranges::pop_heap(candidates, std::greater{});
        const auto& one = all_[std::get<2>(candidates.back())];
        candidates.pop_back();
        const bool known = std::ranges::any_of(found, [&](const found_place& f) { return f.where == &one; });
        if (!known) found.push_back(answer(one, postal_prefix));
    }
    return found;
}

std::vector<found_place> places::by_postal_code(std::string_view prefix, std::size_t limit) const
{
    constexpr std::size_t whole_code = 5;
    using candidate = std::tuple<bool, int, row>;  // a divided city behind its arrondissement, weight negated, place
    std::vector<candidate> candidates;
    auto at = std::ranges::lower_bound(postal_codes_, prefix, {},
                                       [](const postal_key& p) { return std::string_view{p.code}; });
    for (; at != postal_codes_.end() && std::string_view{at->code}.starts_with(prefix); ++at)
    {
        const bool behind = prefix.size() == whole_code && is_divided(all_[at->place]);
        candidates.emplace_back(behind, -weights_[at->place], at->place);
    }
    std::ranges::sort(candidates);
    const auto repeated = std::ranges::unique(candidates);
    candidates.erase(repeated.begin(), repeated.end());
    std::vector<found_place> found;
    for (const auto& [unused, weight, where] : candidates)
    {
        if (found.size() == limit) break;
        found.push_back(answer(all_[where], prefix));
    }
    return found;
}

std::vector<places::row> places::of_postal_code(std::string_view code) const
{
    std::vector<row> rows;
    const auto range =
        std::ranges::equal_range(postal_codes_, code, {}, [](const postal_key& p) { return std::string_view{p.code}; });
    for (const auto& key : range) rows.push_back(key.place);
    const auto heavier = [&](row at) { return std::tuple{is_divided(all_[at]), -weights_[at]}; };
    std::ranges::stable_sort(rows, {}, heavier);
    return rows;
}

const place* places::of_address(std::string_view city, std::string_view postal_code) const
{
    const auto key = without_cedex(place_key(city));
    const auto code = trim(postal_code);
    const auto sharing = of_postal_code(code);
    // The arrondissement before its city, for both carry the code and its name begins with the city's.
    const auto begins = [&](row at) { return !key.empty() && place_key(all_[at].name).starts_with(key + " "); };
    const auto same = [&](row at) { return place_key(all_[at].name) == key; };
    const auto arrondissement = [&](row at) { return all_[at].name.ends_with("Arrondissement") && begins(at); };
    for (const auto at : sharing)
    {
        if (arrondissement(at)) return &all_[at];
    }
    for (const auto at : sharing)
    {
        if (same(at)) return &all_[at];
    }
    for (const auto at : sharing)
    {
        if (begins(at)) return &all_[at];
    }
    if (const auto* const named = named_in_departement(key, code)) return named;
    return sharing.empty() ? nullptr : &all_[sharing.front()];
}

const place* places::named_in_departement(std::string_view key, std::string_view postal_code) const
{
    const place* best = nullptr;
    const auto range =
        std::ranges::equal_range(names_, key, {}, [](const name_key& n) { return std::string_view{n.text}; });
    for (const auto& name : range)
    {
        const auto& one = all_[name.place];
        if (name.part == name_part::later_words || (!postal_code.empty() && !in_departement(one, postal_code)))
            continue;
        if (best == nullptr || one.population > best->population) best = &one;
    }
    return best;
}

}  // namespace manent::directory
