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

std::uint8_t bit_of(modality how, bool known)
{
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(how) * 2 + (known ? 1U : 0U)));
}

std::uint8_t offers_of(const listed_agenda& agenda)
{
    std::uint8_t offers = 0;
    for (const auto& one : agenda.motives)
    {
        if (one.admits_new) offers |= bit_of(one.modality, false);
        if (one.admits_known) offers |= bit_of(one.modality, true);
    }
    return offers;
}

// What an agenda must offer one of; 0 when it need not offer anything.
std::uint8_t wanted_of(const search_wish& wish)
{
    if (!wish.modality && !wish.known) return 0;
    std::uint8_t wanted = 0;
    for (const auto how : {modality::in_practice, modality::home, modality::video})
    {
        for (const bool known : {false, true})
        {
            const bool meant = wish.modality.value_or(how) == how && wish.known.value_or(known) == known;
            if (meant) wanted |= bit_of(how, known);
        }
    }
    return wanted;
}

// The first motive that fits. Who says nothing of knowing the practice is taken for a new patient first.
std::optional<uuid> motive_for(const listed_agenda& agenda, const search_wish& wish)
{
    std::optional<uuid> second_best;
    for (const auto& one : agenda.motives)
    {
        if (wish.modality && one.modality != *wish.modality) continue;
        if (wish.known && !(*wish.known ? one.admits_known : one.admits_new)) continue;
        if (wish.known || one.admits_new) return one.motive_id;
        if (!second_best) second_best = one.motive_id;
    }
    return second_best;
}

bool holds(const std::vector<std::string>& list, const std::string& item)
{
    return std::ranges::find(list, item) != list.end();
}

}  // namespace

listing::listing(std::vector<std::shared_ptr<const listed_practitioner>> all) : all_{std::move(all)}
{
    sort_by_name();
    std::unordered_map<std::string, std::vector<index>> words;
    for (index i = 0; i < all_.size(); ++i)
    {
        add_rows(i);
        add_words(i, words);
    }
    first_row_.push_back(static_cast<index>(rows_.size()));
    for (auto& [text, practitioners] : words) words_.push_back({text, std::move(practitioners)});
    std::ranges::sort(words_, {}, &word::text);
}

void listing::sort_by_name()
{
    struct named
    {
        std::string name;
        std::shared_ptr<const listed_practitioner> who;
    };
    std::vector<named> sorted;
    sorted.reserve(all_.size());
    // A blank sorts before every letter, so that the names compare one after the other.
    for (auto& one : all_)
        sorted.push_back({quick_fold(one->family_name) + "  " + quick_fold(one->given_name), std::move(one)});
    std::ranges::sort(sorted, {}, [](const named& n) { return std::tie(n.name, n.who->practitioner_id); });
    for (std::size_t i = 0; i < sorted.size(); ++i) all_[i] = std::move(sorted[i].who);
}

void listing::add_rows(index of)
{
    const auto& who = *all_[of];
    first_row_.push_back(static_cast<index>(rows_.size()));
    for (index i = 0; i < who.agendas.size(); ++i)
    {
        const auto& agenda = who.agendas[i];
        const auto& position = agenda.site.position;
        const auto at = static_cast<index>(rows_.size());
        rows_.push_back({of, i, direction_of(position.value_or(point{})), position.has_value(), offers_of(agenda)});
        for (const auto& slug : who.specialties) rows_by_specialty_[slug].push_back(at);
    }
}

void listing::add_words(index of, std::unordered_map<std::string, std::vector<index>>& words) const
{
    const auto add = [&](std::string_view text)
    {
        const auto folded = quick_fold(text);
        for (const auto one : split_list(folded, ' '))
        {
            auto& having = words[std::string{one}];
            if (having.empty() || having.back() != of) having.push_back(of);
        }
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

std::vector<listing::index> listing::beginning_with(std::string_view prefix) const
{
    std::vector<index> having;
    std::size_t lists = 0;
    auto at = std::ranges::lower_bound(words_, prefix, {}, [](const word& w) { return std::string_view{w.text}; });
    for (; at != words_.end() && std::string_view{at->text}.starts_with(prefix); ++at, ++lists)
        having.insert(having.end(), at->practitioners.begin(), at->practitioners.end());
    if (lists < 2) return having;
    std::ranges::sort(having);
    const auto repeated = std::ranges::unique(having);
    having.erase(repeated.begin(), repeated.end());
    return having;
}

std::optional<std::vector<listing::index>> listing::with_words(std::string_view words) const
{
    std::optional<std::vector<index>> having_all;
    const auto folded = quick_fold(words);
    for (const auto wanted : split_list(folded, ' '))
    {
        auto having = beginning_with(wanted);
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

template <class Visit>
void listing::each_row(const search_wish& wish, Visit visit) const
{
    if (const auto named = with_words(wish.words))
    {
        for (const auto who : *named)
        {
            if (wish.specialty && !holds(all_[who]->specialties, *wish.specialty)) continue;
            for (index at = first_row_[who]; at < first_row_[who + 1]; ++at) visit(at);
        }
        return;
    }
    if (wish.specialty)
    {
        const auto found = rows_by_specialty_.find(*wish.specialty);
        if (found == rows_by_specialty_.end()) return;
        for (const auto at : found->second) visit(at);
        return;
    }
    for (index at = 0; at < rows_.size(); ++at) visit(at);
}

std::vector<listing::candidate> listing::candidates(const search_wish& wish) const
{
    constexpr float beyond_any = std::numeric_limits<float>::max();
    const auto from = wish.near ? direction_of(*wish.near) : std::array<float, 3>{};
    const auto wanted = wanted_of(wish);
    std::vector<candidate> best;
    const auto consider = [&](index at)
    {
        const auto& one = rows_[at];
        if (wanted != 0 && (one.offers & wanted) == 0) return;
        // Rare wishes, and the only ones that leave the flat rows.
        if (wish.language && !holds(all_[one.practitioner]->languages, *wish.language)) return;
        if (wish.sector && all_[one.practitioner]->sector != wish.sector) return;
        const float distance = !wish.near ? 0 : one.has_position ? chord_squared(from, one.direction) : beyond_any;
        const bool again = !best.empty() && rows_[best.back().row].practitioner == one.practitioner;
        if (!again)
        {
            best.push_back({distance, at});
            return;
        }
        // The nearest stands for all of a practitioner's agendas, and among equals one that can be booked.
        auto& standing = best.back();
        const bool more_to_book = one.offers != 0 && rows_[standing.row].offers == 0;
        if (distance < standing.distance || (distance == standing.distance && more_to_book)) standing = {distance, at};
    };
    each_row(wish, consider);
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
        found_agenda found{all_[one.practitioner], one.agenda, std::nullopt, std::nullopt};
        found.motive_id = motive_for(found.where(), wish);
        const auto& position = found.where().site.position;
        if (wish.near && position) found.distance_km = distance_km(*wish.near, *position);
        result.found.push_back(std::move(found));
    }
    return result;
}

}  // namespace manent::directory
