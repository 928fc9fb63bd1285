// Searching practitioners in memory: filters, words, nearness, pages, and the same answers as an obvious model.
#include "directory/listing.hpp"

#include "core/text.hpp"
#include "directory/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace manent::directory
{

namespace
{

const point agen{44.2049, 0.6207};
const point toulouse{43.6043, 1.4437};
const point paris{48.8566, 2.3522};

using people = std::vector<std::shared_ptr<const listed_practitioner>>;
using names = std::vector<std::string>;

listed_agenda agenda_at(std::optional<point> where, std::vector<listed_motive> motives)
{
    listed_agenda one;
    one.agenda_id = new_uuid();
    one.practice_name = "Cabinet du Pont";
    one.site.name = "Place Foch";
    one.site.position = where;
    one.motives = std::move(motives);
    return one;
}

std::shared_ptr<listed_practitioner> person(std::string given, std::string family, std::string specialty)
{
    auto one = std::make_shared<listed_practitioner>();
    one->practitioner_id = new_uuid();
    one->given_name = std::move(given);
    one->family_name = std::move(family);
    one->specialty = specialty;
    one->specialties = {std::move(specialty)};
    one->languages = {"fr"};
    return one;
}

const uuid visit = new_uuid();
const uuid first_visit = new_uuid();
const uuid video = new_uuid();

people some_people()
{
    auto thomas = person("Sébastien", "Thomas", "general-practice");
    thomas->specialties.push_back("general-surgery");
    thomas->sector = convention_sector::c1;
    thomas->agendas = {agenda_at(paris, {{video, modality::video, true, true}}),
                       agenda_at(agen, {{visit, modality::in_practice, false, true},
                                        {first_visit, modality::in_practice, true, false}})};
    auto marcel = person("Guillaume", "Marcel", "pneumology");
    marcel->languages = {"fr", "es"};
    marcel->agendas = {agenda_at(toulouse, {{visit, modality::home, true, true}})};
    auto foret = person("Éléonore", "Forêt-Œuvré", "general-practice");
    foret->sector = convention_sector::c3;
    foret->agendas = {agenda_at(std::nullopt, {})};
    return {thomas, marcel, foret};
}

names found(const search_wish& wish)
{
    names list;
    for (const auto& one : listing{some_people()}.search(wish).found) list.push_back(one.who->family_name);
    return list;
}

search_wish wish_for(void (*set)(search_wish&))
{
    search_wish wish;
    set(wish);
    return wish;
}

}  // namespace

TEST(directory_listing, everyone_by_name)
{
    EXPECT_EQ(found({}), (names{"Forêt-Œuvré", "Marcel", "Thomas"}));
    EXPECT_EQ(listing{{}}.search({}).total, 0U);
}

TEST(directory_listing, by_specialty_the_second_one_too)
{
    EXPECT_EQ(found(wish_for([](auto& w) { w.specialty = "general-practice"; })), (names{"Forêt-Œuvré", "Thomas"}));
    EXPECT_EQ(found(wish_for([](auto& w) { w.specialty = "general-surgery"; })), names{"Thomas"});
    EXPECT_EQ(found(wish_for([](auto& w) { w.specialty = "urology"; })), names{});
}

TEST(directory_listing, by_words_of_people_practices_and_places)
{
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = "seb tho"; })), names{"Thomas"});
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = "FORET OEUVRE eleo"; })), names{"Forêt-Œuvré"});
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = "pont foch"; })).size(), 3U);
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = "thomas marcel"; })), names{});
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = "homas"; })), names{});
    EXPECT_EQ(found(wish_for([](auto& w) { w.words = " - "; })).size(), 3U);
}

TEST(directory_listing, nearest_first_by_the_nearest_agenda_and_the_unlocated_last)
{
    search_wish wish;
    wish.near = toulouse;
    const auto result = listing{some_people()}.search(wish);
    ASSERT_EQ(result.found.size(), 3U);
    EXPECT_EQ(result.found[0].who->family_name, "Marcel");
    EXPECT_NEAR(*result.found[0].distance_km, 0, 1e-6);
    EXPECT_EQ(result.found[1].who->family_name, "Thomas");
    EXPECT_NEAR(*result.found[1].distance_km, 93.9, 1);
    EXPECT_EQ(result.found[1].agenda, 1U);
    EXPECT_FALSE(result.found[2].distance_km);
    wish.near = paris;
    EXPECT_EQ(listing{some_people()}.search(wish).found[0].agenda, 0U);
}

TEST(directory_listing, filters_choose_the_agenda_and_the_motive)
{
    search_wish wish;
    wish.specialty = "general-practice";
    wish.near = agen;
    wish.modality = modality::video;
    auto result = listing{some_people()}.search(wish);
    ASSERT_EQ(result.total, 1U);
    EXPECT_EQ(result.found[0].agenda, 0U);
    EXPECT_EQ(result.found[0].motive_id, video);
    wish.modality = modality::in_practice;
    wish.known = true;
    EXPECT_EQ(listing{some_people()}.search(wish).found[0].motive_id, visit);
    wish.known = false;
    EXPECT_EQ(listing{some_people()}.search(wish).found[0].motive_id, first_visit);
    wish.known = std::nullopt;
    // Whoever says nothing is shown what new patients may book.
    EXPECT_EQ(listing{some_people()}.search(wish).found[0].motive_id, first_visit);
    wish.modality = modality::home;
    EXPECT_EQ(listing{some_people()}.search(wish).total, 0U);
}

TEST(directory_listing, an_agenda_without_motives_is_shown_but_offers_none)
{
    const auto result = listing{some_people()}.search(wish_for([](auto& w) { w.words = "foret"; }));
    ASSERT_EQ(result.total, 1U);
    EXPECT_FALSE(result.found[0].motive_id);
}

TEST(directory_listing, by_language_and_sector)
{
    EXPECT_EQ(found(wish_for([](auto& w) { w.language = "es"; })), names{"Marcel"});
    EXPECT_EQ(found(wish_for([](auto& w) { w.sector = convention_sector::c3; })), names{"Forêt-Œuvré"});
    EXPECT_EQ(found(wish_for([](auto& w) { w.sector = convention_sector::nc; })), names{});
}

TEST(directory_listing, pages)
{
    search_wish wish;
    wish.limit = 2;
    EXPECT_EQ(found(wish), (names{"Forêt-Œuvré", "Marcel"}));
    wish.offset = 2;
    EXPECT_EQ(found(wish), names{"Thomas"});
    wish.offset = 99;
    EXPECT_EQ(found(wish), names{});
    EXPECT_EQ(listing{some_people()}.search(wish).total, 3U);
}

RC_GTEST_PROP(directory_listing, finds_what_a_slow_search_finds_in_the_same_order, ())
{
    const auto count = *rc::gen::inRange(0, 40);
    people all;
    for (int i = 0; i < count; ++i)
    {
        auto one = person(*rc::gen::element<std::string>("Anne", "Luc", "Élise"),
                          *rc::gen::element<std::string>("Martin", "Le Goff", "Petit"),
                          *rc::gen::element<std::string>("cardiology", "urology"));
        for (int at = *rc::gen::inRange(0, 3); at > 0; --at)
        {
            const bool located = *rc::gen::inRange(0, 5) > 0;
            const point where{*rc::gen::inRange(42, 51) + 0.25, *rc::gen::inRange(-4, 8) + 0.5};
            one->agendas.push_back(agenda_at(located ? std::optional{where} : std::nullopt, {}));
        }
        all.push_back(one);
    }
    search_wish wish;
    if (*rc::gen::inRange(0, 2) == 0) wish.specialty = "urology";
    if (*rc::gen::inRange(0, 2) == 0) wish.words = *rc::gen::element<std::string>("mar", "goff le", "an");
    wish.near = paris;
    wish.limit = 1000;

    struct slow
    {
        double km;
        std::string name;
        uuid id;
    };
    std::vector<slow> expected;
    for (const auto& one : all)
    {
        if (one->agendas.empty()) continue;
        if (wish.specialty && one->specialty != *wish.specialty) continue;
        const auto name = fold(one->family_name) + " " + fold(one->given_name);
        bool fits = true;
        for (const auto word : split_list(wish.words, ' '))
        {
            const auto searched = " " + name + " cabinet du pont place foch";
            fits = fits && searched.find(" " + std::string{word}) != std::string::npos;
        }
        if (!fits) continue;
        double km = 1e9;
        for (const auto& agenda : one->agendas)
            if (agenda.site.position) km = std::min(km, distance_km(paris, *agenda.site.position));
        expected.push_back({km, name, one->practitioner_id});
    }
    std::ranges::sort(expected, {}, [](const slow& s) { return std::tuple{s.km, s.name, s.id}; });
    const auto result = listing{all}.search(wish);
    RC_ASSERT(result.total == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        RC_ASSERT(std::abs(result.found[i].distance_km.value_or(1e9) - expected[i].km) < 0.5);
        RC_ASSERT(result.found[i].who->practitioner_id == expected[i].id);
    }
}

}  // namespace manent::directory
