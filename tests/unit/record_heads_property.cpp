// Heads of a field and what a closing has not seen, against a model that asks every revision about every other.
#include "record/rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace manent::record::test
{

namespace
{

uuid numbered(int number)
{
    uuid id;
    id.bytes[0] = static_cast<std::uint8_t>(number);
    id.bytes[15] = 7;
    return id;
}

// Revisions 0, 1, 2 … in the order in which they came; bases are earlier ones, or such as this server never saw.
std::vector<link> random_field()
{
    std::vector<link> revisions;
    const auto count = *rc::gen::inRange(0, 12);
    for (int i = 0; i < count; ++i)
    {
        link each{numbered(i), {}};
        const auto bases = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-3, i == 0 ? 0 : i));
        for (const int base : bases)
        {
            if (each.bases.size() < bases_max) each.bases.push_back(numbered(base < 0 ? 200 - base : base));
        }
        revisions.push_back(std::move(each));
    }
    return revisions;
}

// The definition, word for word: a head is a revision that no other names as a base.
std::set<uuid> model_heads(const std::vector<link>& revisions)
{
    std::set<uuid> heads;
    for (const auto& each : revisions)
    {
        bool named = false;
        for (const auto& other : revisions)
            for (const auto& base : other.bases) named = named || base == each.revision;
        if (!named) heads.insert(each.revision);
    }
    return heads;
}

std::set<uuid> as_set(const std::vector<uuid>& ids)
{
    return {ids.begin(), ids.end()};
}

}  // namespace

RC_GTEST_PROP(record_heads, are_the_revisions_that_no_other_names, ())
{
    const auto revisions = random_field();
    const auto heads = heads_of(revisions);
    RC_ASSERT(as_set(heads) == model_heads(revisions));
    RC_ASSERT(heads.size() == as_set(heads).size());
    RC_CLASSIFY(heads.size() > 1, "to be merged");
}

RC_GTEST_PROP(record_heads, are_the_same_one_by_one_as_all_at_once, ())
{
    const auto revisions = random_field();
    std::vector<uuid> heads;
    for (std::size_t i = 0; i < revisions.size(); ++i)
    {
        heads = heads_after(heads, revisions[i]);
        const std::vector<link> so_far{revisions.begin(), revisions.begin() + static_cast<std::ptrdiff_t>(i) + 1};
        RC_ASSERT(heads == heads_of(so_far));
    }
}

RC_GTEST_PROP(record_heads, never_become_none_and_the_newest_is_always_one, ())
{
    const auto revisions = random_field();
    std::vector<uuid> heads;
    for (const auto& each : revisions)
    {
        heads = heads_after(heads, each);
        RC_ASSERT(!heads.empty());
        RC_ASSERT(heads.back() == each.revision);
    }
}

TEST(record_heads, two_texts_on_one_base_both_stay_until_a_third_names_both)
{
    const auto base = numbered(0);
    const auto mine = numbered(1);
    const auto theirs = numbered(2);
    const auto merged = numbered(3);
    std::vector<link> revisions{{base, {}}, {mine, {base}}, {theirs, {base}}};
    EXPECT_EQ(heads_of(revisions), (std::vector{mine, theirs}));
    revisions.push_back({merged, {mine, theirs}});
    EXPECT_EQ(heads_of(revisions), (std::vector{merged}));
}

RC_GTEST_PROP(record_closing, names_every_field_whose_state_was_not_seen_and_no_other, ())
{
    heads_by_field stored;
    for (const auto field : observation)
    {
        const auto count = *rc::gen::inRange(0, 3);
        for (int i = 0; i < count; ++i) stored[field].push_back(numbered(10 * static_cast<int>(field) + i));
    }
    const auto pick = [&](text_field field) -> std::optional<uuid>
    {
        if (*rc::gen::inRange(0, 3) == 0) return std::nullopt;
        return numbered(10 * static_cast<int>(field) + *rc::gen::inRange(0, 2));
    };
    const seen_heads seen{pick(text_field::motif), pick(text_field::interrogatoire), pick(text_field::examen),
                          pick(text_field::conclusion)};
    const auto found = differences(seen, stored);
    const std::map<text_field, std::optional<uuid>> named{{text_field::motif, seen.motif},
                                                          {text_field::interrogatoire, seen.interrogatoire},
                                                          {text_field::examen, seen.examen},
                                                          {text_field::conclusion, seen.conclusion}};
    for (const auto field : observation)
    {
        const auto& heads = stored[field];
        const bool same =
            heads.empty() ? !named.at(field).has_value() : heads.size() == 1 && named.at(field) == heads.front();
        const auto told = std::ranges::count(found, field, &head_difference::field);
        RC_ASSERT(told == (same ? 0 : 1));
    }
}

}  // namespace manent::record::test
