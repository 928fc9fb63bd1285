#include "directory/listing.hpp"

#include "directory/csv.hpp"
#include "directory/quick_fold.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

namespace manent::directory
{

namespace
{

std::array<float, 3> direction_of(point where)
{
    constexpr double radians = std::numbers::pi / 180;
    const double latitude = where.latitude * radians;
    const double longitude = where.longitude * radians;
    return {static_cast<float>(std::cos(latitude) * std::cos(longitude)),
            static_cast<float>(std::cos(latitude) * std::sin(longitude)), static_cast<float>(std::sin(latitude))};
}

// Grows with the great circle, and costs no trigonometry.
float chord_squared(const std::array<float, 3>& a, const std::array<float, 3>& b)
{
    const float x = a[0] - b[0];
    const float y = a[1] - b[1];
    const float z = a[2] - b[2];
    return x * x + y * y + z * z;
}

// The first motive that fits; outer nullopt when one was asked for and there is none.
std::optional<std::optional<uuid>> motive_for(const listed_agenda& agenda, const search_wish& wish)
{
    // Who says nothing is taken for a new patient first.
    const listed_motive* second_best = nullptr;
    for (const auto& one : agenda.motives)
    {
        if (wish.modality && one.modality != *wish.modality) continue;
        if (wish.known && !(*wish.known ? one.admits_known : one.admits_new)) continue;
        if (wish.known || one.admits_new) return one.motive_id;
        if (second_best == nullptr) second_best = &one;
    }
    if (second_best != nullptr) return second_best->motive_id;
    if (wish.modality || wish.known) return std::nullopt;
    return std::optional<uuid>{};
}

}  // namespace

listing::listing(std::vector<std::shared_ptr<const listed_practitioner>> all) : all_{std::move(all)}
{
    struct named
    {
        std::string family;
        std::string given;
        std::shared_ptr<const listed_practitioner> who;
    };
    std::vector<named> sorted;
    sorted.reserve(all_.size());
    for (auto& one : all_)
        sorted.push_back({quick_fold(one->family_name), quick_fold(one->given_name), std::move(one)});
    std::ranges::sort(sorted, {}, [](const named& n) { return std::tie(n.family, n.given, n.who->practitioner_id); });
    for (std::size_t i = 0; i < sorted.size(); ++i) all_[i] = std::move(sorted[i].who);
    for (index i = 0; i < all_.size(); ++i)
    {
        add_rows(i);
        add_words(i);
    }
    first_row_.push_back(static_cast<index>(rows_.size()));
    const auto order = [](const word& w) { return std::tie(w.text, w.practitioner); };
    std::ranges::sort(words_, {}, order);
    const auto repeated = std::ranges::unique(words_, {}, order);
    words_.erase(repeated.begin(), repeated.end());
}

void listing::add_rows(index of)
{
    const auto& who = *all_[of];
    first_row_.push_back(static_cast<index>(rows_.size()));
    for (index i = 0; i < who.agendas.size(); ++i)
    {
        const auto& position = who.agendas[i].site.position;
        const auto at = static_cast<index>(rows_.size());
        rows_.push_back({of, i, position.has_value(), direction_of(position.value_or(point{}))});
        for (const auto& slug : who.specialties) rows_by_specialty_[slug].push_back(at);
    }
}

void listing::add_words(index of)
{
    const auto add = [&](std::string_view text)
    {
        const auto folded = quick_fold(text);
        for (const auto one : split_list(folded, ' ')) words_.push_back({std::string{one}, of});
    };
    const auto& who = *all_[of];
    add(who.given_name);
    add(who.family_name);
    for (const auto& agenda : who.agendas)
    {
        add(agenda.practice_name);
        add(agenda.site.name);
    }
}

std::optional<std::vector<listing::index>> listing::with_words(std::string_view words) const
{
    std::optional<std::vector<index>> having_all;
    const auto folded = quick_fold(words);
    for (const auto wanted : split_list(folded, ' '))
    {
        std::vector<index> having;
        auto at = std::ranges::lower_bound(words_, wanted, {}, [](const word& w) { return std::string_view{w.text}; });
        for (; at != words_.end() && std::string_view{at->text}.starts_with(wanted); ++at)
            having.push_back(at->practitioner);
        std::ranges::sort(having);
        const auto repeated = std::ranges::unique(having);
        having.erase(repeated.begin(), repeated.end());
        if (having_all)
        {
            std::vector<index> both;
            std::ranges::set_intersection(*having_all, having, std::back_inserter(both));
            having = std::move(both);
        }
        having_all = std::move(having);
    }
    return having_all;
}

std::vector<listing::index> listing::rows_of(const search_wish& wish) const
{
    if (const auto named = with_words(wish.words))
    {
        std::vector<index> rows;
        for (const auto who : *named)
        {
            for (index at = first_row_[who]; at < first_row_[who + 1]; ++at) rows.push_back(at);
        }
        return rows;
    }
    if (wish.specialty)
    {
        const auto found = rows_by_specialty_.find(*wish.specialty);
        return found == rows_by_specialty_.end() ? std::vector<index>{} : found->second;
    }
    std::vector<index> rows(rows_.size());
    for (index i = 0; i < rows.size(); ++i) rows[i] = i;
    return rows;
}

bool listing::fits(const listed_practitioner& who, const search_wish& wish) const
{
    const auto holds = [](const std::vector<std::string>& list, const std::string& item)
    { return std::ranges::find(list, item) != list.end(); };
    if (wish.specialty && !holds(who.specialties, *wish.specialty)) return false;
    if (wish.language && !holds(who.languages, *wish.language)) return false;
    return !wish.sector || who.sector == wish.sector;
}

std::vector<listing::candidate> listing::candidates(const search_wish& wish) const
{
    constexpr float beyond_any = std::numeric_limits<float>::max();
    const auto from = wish.near ? direction_of(*wish.near) : std::array<float, 3>{};
    std::vector<candidate> best;
    for (const auto at : rows_of(wish))
    {
        const auto& one = rows_[at];
        const auto& who = *all_[one.practitioner];
        if (!fits(who, wish)) continue;
        const auto motive = motive_for(who.agendas[one.agenda], wish);
        if (!motive) continue;
        const float distance = !wish.near ? 0 : one.has_position ? chord_squared(from, one.direction) : beyond_any;
        // Rows of one practitioner follow each other: the nearest stands for all of them, and among equals one that
        // can be booked.
        const bool again = !best.empty() && rows_[best.back().row].practitioner == one.practitioner;
        if (!again) best.push_back({distance, at, *motive});
        else if (distance < best.back().distance ||
                 (distance == best.back().distance && *motive && !best.back().motive_id))
            best.back() = {distance, at, *motive};
    }
    return best;
}

search_result listing::search(const search_wish& wish) const
{
    auto fitting = candidates(wish);
    search_result result;
    result.total = fitting.size();
    const auto first = std::min(wish.offset, fitting.size());
    const auto last = std::min(first + wish.limit, fitting.size());
    // Rows stand in the order of names, which decides between equally far ones.
    std::ranges::partial_sort(fitting, fitting.begin() + static_cast<std::ptrdiff_t>(last), {},
                              [](const candidate& c) { return std::tie(c.distance, c.row); });
    for (auto i = first; i < last; ++i)
    {
        const auto& one = rows_[fitting[i].row];
        found_agenda found{all_[one.practitioner], one.agenda, fitting[i].motive_id, std::nullopt};
        const auto& position = found.where().site.position;
        if (wish.near && position) found.distance_km = distance_km(*wish.near, *position);
        result.found.push_back(std::move(found));
    }
    return result;
}

}  // namespace manent::directory
