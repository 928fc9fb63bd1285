#include "directory/service.hpp"

#include "directory/names.hpp"
#include "directory/rules.hpp"
#include "directory/store.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace manent::directory
{

namespace
{

// A tenth of a kilometre is as fine as a postal address is known.
double rounded_km(double distance)
{
    return std::round(distance * 10) / 10;
}

std::vector<modality> modalities_of(const listed_agenda& agenda)
{
    std::vector<modality> offered;
    for (const auto how : {modality::in_practice, modality::home, modality::video})
    {
        if (std::ranges::find(agenda.motives, how, &listed_motive::modality) != agenda.motives.end())
            offered.push_back(how);
    }
    return offered;
}

site_answer answer_of(const listed_site& site)
{
    const auto& position = site.position;
    return {site.site_id,
            site.name,
            site.lines,
            site.postal_code,
            site.city,
            position ? std::optional{position->latitude} : std::nullopt,
            position ? std::optional{position->longitude} : std::nullopt,
            site.time_zone};
}

place_answer answer_of(const place& where, std::string_view postal_code)
{
    const auto& position = where.position;
    return {where.insee,
            where.name,
            std::string{postal_code},
            where.departement,
            position ? std::optional{position->latitude} : std::nullopt,
            position ? std::optional{position->longitude} : std::nullopt};
}

}  // namespace

service::service(store::database& app, reference_data data)
    : app_{app},
      data_{std::move(data)},
      listing_{std::make_shared<listing>(std::vector<std::shared_ptr<const listed_practitioner>>{})}
{
}

std::shared_ptr<const listing> service::current() const
{
    {
        const std::shared_lock together{mutex_};
        if (changed_.empty() || clock::now() < take_in_from_) return listing_;
    }
    const std::unique_lock alone{mutex_};
    if (!changed_.empty() && clock::now() >= take_in_from_) take_in_changes();
    return listing_;
}

void service::take_in_changes() const
{
    const auto began = clock::now();
    practitioners all;
    for (const auto& one : listing_->all())
    {
        if (!changed_.contains(one->practitioner_id)) all.push_back(one);
    }
    for (auto& [unused, one] : changed_) all.push_back(std::move(one));
    changed_.clear();
    listing_ = std::make_shared<listing>(std::move(all));
    const auto ended = clock::now();
    take_in_from_ = ended + 10 * (ended - began);
}

task<result<void>> service::read_everyone()
{
    auto read = co_await read_listed(app_, std::nullopt);
    if (!read) co_return read.error();
    auto everyone = std::make_shared<listing>(std::move(*read));
    const std::unique_lock alone{mutex_};
    listing_ = std::move(everyone);
    changed_.clear();
    co_return result<void>{};
}

task<result<void>> service::read_again(uuid practice)
{
    auto read = co_await read_listed(app_, practice);
    if (!read) co_return read.error();
    const std::unique_lock alone{mutex_};
    for (auto& one : *read) changed_[one->practitioner_id] = std::move(one);
    co_return result<void>{};
}

search_result service::search(search_wish wish) const
{
    const auto listed = current();
    if (wish.specialty || wish.words.empty()) return listed->search(wish);
    if (const auto* const named = data_.specialties.named(wish.words))
    {
        wish.specialty = named->slug;
        wish.words.clear();
        return listed->search(wish);
    }
    auto result = listed->search(wish);
    if (result.total > 0) return result;
    const auto begun = data_.specialties.search(wish.words, 1);
    if (begun.empty()) return result;
    wish.specialty = begun.front()->slug;
    wish.words.clear();
    return listed->search(wish);
}

search_answer service::answer_search(const search_wish& wish, const place* around, language in,
                                     const next_starts& free) const
{
    constexpr std::size_t starts_max = 4;
    const auto result = search(wish);
    search_answer answer;
    answer.total = result.total;
    if (around != nullptr)
        answer.place = answer_of(*around, around->postal_codes.empty() ? "" : around->postal_codes.front());
    for (const auto& found : result.found)
    {
        const auto& who = *found.who;
        const auto& where = found.where();
        found_answer one;
        if (!who.is_organisation) one.practitioner_id = who.practitioner_id;
        one.practice_id = where.practice_id;
        one.name = display_name(who.title, who.given_name, who.family_name);
        // Whoever practises several is shown with the one that was looked for.
        one.specialty = wish.specialty.value_or(who.specialty);
        if (const auto* const known = data_.specialties.find(one.specialty))
            one.specialty_label = known->label.in(code_of(in));
        one.agenda_id = where.agenda_id;
        one.practice_name = where.practice_name;
        one.site = answer_of(where.site);
        if (found.distance_km) one.distance_km = rounded_km(*found.distance_km);
        one.sector = who.sector;
        one.languages = who.languages;
        one.modalities = modalities_of(where);
        one.motive_id = found.motive_id;
        const auto* const zone = find_zone(where.site.time_zone);
        if (found.motive_id && zone != nullptr)
        {
            for (const auto start : free(where.agenda_id, *found.motive_id, wish.known.value_or(false), starts_max))
                one.next_slots.push_back({start, zone});
        }
        answer.items.push_back(std::move(one));
    }
    return answer;
}

task<result<practitioner_answer>> service::practitioner(uuid id, language in)
{
    auto read = co_await read_practitioner(app_, id);
    if (!read) co_return read.error();
    co_return page_of(std::move(*read), in);
}

task<result<practitioner_answer>> service::organisation(uuid practice, language in)
{
    auto read = co_await read_organisation(app_, practice);
    if (!read) co_return read.error();
    co_return page_of(std::move(*read), in);
}

practitioner_answer service::page_of(stored_practitioner read, language in) const
{
    const auto& who = read.who;
    practitioner_answer answer;
    if (!who.is_organisation) answer.practitioner_id = who.practitioner_id;
    answer.name = display_name(who.title, who.given_name, who.family_name);
    answer.specialty = who.specialty;
    if (const auto* const known = data_.specialties.find(who.specialty))
        answer.specialty_label = known->label.in(code_of(in));
    answer.sector = who.sector;
    if (const auto* const known =
            who.sector ? data_.sectors.find(boost::describe::enum_to_string(*who.sector, "")) : nullptr)
        answer.sector_label = known->label.in(code_of(in));
    answer.languages = who.languages;
    answer.presentation = std::move(read.presentation);
    answer.agendas = std::move(read.agendas);
    return answer;
}

std::vector<specialty_answer> service::specialties(language in) const
{
    std::vector<specialty_answer> all;
    for (const auto& one : data_.specialties.all())
        all.push_back({one.slug, one.label.in(code_of(in)), one.common_rank.has_value(), one.tint, one.title});
    return all;
}

std::vector<place_answer> service::places(std::string_view text) const
{
    constexpr std::size_t shown_max = 8;
    std::vector<place_answer> found;
    for (const auto& one : data_.places.search(text, shown_max))
        found.push_back(answer_of(*one.where, one.postal_code));
    return found;
}

task<result<void>> add_practitioners(store::database& as_owner, const reference_data& data,
                                     std::vector<new_practitioner> added, number_origin numbers)
{
    const auto good = check(added, data.specialties, numbers);
    if (!good) co_return good.error();
    co_return co_await write_practitioners(as_owner, added);
}

task<result<void>> set_up(store::database& as_owner, practice_setup added)
{
    if (added.adds_nothing()) co_return result<void>{};
    co_return co_await write_setup(as_owner, added);
}

}  // namespace manent::directory
