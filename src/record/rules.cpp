#include "record/rules.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <unordered_set>

namespace manent::record
{

namespace
{

bool contains(const std::vector<uuid>& ids, const uuid& id)
{
    return std::ranges::find(ids, id) != ids.end();
}

std::optional<uuid> seen_of(const seen_heads& seen, text_field field)
{
    switch (field)
    {
        case text_field::motif:
            return seen.motif;
        case text_field::interrogatoire:
            return seen.interrogatoire;
        case text_field::examen:
            return seen.examen;
        case text_field::conclusion:
            return seen.conclusion;
        default:
            return std::nullopt;
    }
}

template <class Text>
void tidy(std::optional<Text>& typed)
{
    if (!typed) return;
    typed->value = std::string{trim(typed->value)};
    if (typed->value.empty()) typed.reset();
}

}  // namespace

std::vector<uuid> heads_after(const std::vector<uuid>& before, const link& added)
{
    std::vector<uuid> after;
    std::ranges::copy_if(before, std::back_inserter(after),
                         [&](const uuid& head) { return !contains(added.bases, head); });
    after.push_back(added.revision);
    return after;
}

std::vector<uuid> heads_of(const std::vector<link>& revisions)
{
    std::unordered_set<uuid> named;
    for (const auto& each : revisions) named.insert(each.bases.begin(), each.bases.end());
    std::vector<uuid> heads;
    for (const auto& each : revisions)
    {
        if (!named.contains(each.revision)) heads.push_back(each.revision);
    }
    return heads;
}

std::vector<head_difference> differences(const seen_heads& seen, const heads_by_field& stored)
{
    std::vector<head_difference> found;
    for (const auto field : observation)
    {
        const auto known = stored.find(field);
        const auto heads = known == stored.end() ? std::vector<uuid>{} : known->second;
        const auto named = seen_of(seen, field);
        const auto expected = named ? std::vector<uuid>{*named} : std::vector<uuid>{};
        if (heads != expected) found.push_back({field, named, heads});
    }
    return found;
}

identity_wish tidied(const identity_wish& typed)
{
    auto clean = typed;
    clean.birth_name.value = std::string{trim(clean.birth_name.value)};
    clean.given_names.value = std::string{trim(clean.given_names.value)};
    tidy(clean.used_name);
    tidy(clean.birth_place);
    tidy(clean.phone);
    if (clean.used_name && clean.used_name->value == clean.birth_name.value) clean.used_name.reset();
    if (!clean.address) return clean;
    auto& where = *clean.address;
    for (auto& line : where.lines.items) line.value = std::string{trim(line.value)};
    std::erase_if(where.lines.items, [](const auto& line) { return line.value.empty(); });
    where.postal_code.value = std::string{trim(where.postal_code.value)};
    where.city.value = std::string{trim(where.city.value)};
    if (where.lines.items.empty() && where.postal_code.value.empty() && where.city.value.empty()) clean.address.reset();
    return clean;
}

std::vector<field_error> implausible(const identity_wish& of, local_date today)
{
    constexpr int oldest_year = 1871;
    if (of.birth_date > today) return {{"/birth_date", "in_the_future", std::nullopt}};
    if (static_cast<int>(of.birth_date.year()) < oldest_year) return {{"/birth_date", "too_long_ago", oldest_year}};
    return {};
}

std::string folded_names(std::string_view birth_name, const std::optional<std::string>& used_name,
                         std::string_view given_names)
{
    std::string all{birth_name};
    if (used_name) all += " " + *used_name;
    all += " ";
    all += given_names;
    return fold(all);
}

std::string summary_of(std::string_view text)
{
    constexpr std::size_t points_max = 120;
    while (!text.empty())
    {
        const auto end = text.find_first_of("\r\n");
        const auto line = trim(text.substr(0, end));
        if (!line.empty()) return shorten(line, points_max);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return {};
}

}  // namespace manent::record
