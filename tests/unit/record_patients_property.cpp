// Which two patients may be one, and what a typed search finds, over random names and dates.
#include "core/text.hpp"
#include "record/rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace manent::record::test
{

namespace
{

const std::vector<std::string> family_names{"Martin", "Martín",       "Dupont", "Dupond",    "Saint-Martin", "Le Goff",
                                            "D'Arcy", "Œuvré-Müller", "Nguyễn", "Ben Salah", "Fontaine",     "Steiner"};
const std::vector<std::string> given_names{"Louise", "Louis",     "Léa",          "Léo",      "Jean-Paul", "Jean Paul",
                                           "Zoé",    "Stéphanie", "Marie Claire", "Éléonore", "Mohamed"};

likeness random_patient()
{
    likeness of;
    of.birth_name = *rc::gen::elementOf(family_names);
    if (*rc::gen::arbitrary<bool>()) of.used_name = *rc::gen::elementOf(family_names);
    of.given_names = *rc::gen::elementOf(given_names);
    const auto day = date::sys_days{date::year{1930} / 1 / 1} + date::days{*rc::gen::inRange(0, 34'000)};
    of.birth_date = local_date{day};
    return of;
}

// What search_patients.sql asks of one row.
bool found_by(const search_terms& terms, const likeness& patient)
{
    const auto names = " " + folded_names(patient.birth_name, patient.used_name, patient.given_names);
    const auto has = [&](const std::string& word) { return names.find(" " + word) != std::string::npos; };
    if (!std::ranges::all_of(terms.words, has)) return false;
    if (!terms.either.empty() && std::ranges::none_of(terms.either, has)) return false;
    if (terms.born_on && *terms.born_on != patient.birth_date) return false;
    if (!terms.born_like) return true;
    const auto iso = format_date(patient.birth_date);
    const auto begun = terms.born_like->substr(0, terms.born_like->size() - 1);
    const auto european = iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
    return european.starts_with(begun) || iso.starts_with(begun);
}

std::string lower_without_accents(std::string_view text)
{
    return fold(text);
}

}  // namespace

RC_GTEST_PROP(record_likeness, is_the_same_both_ways, ())
{
    const auto a = random_patient();
    auto b = random_patient();
    if (*rc::gen::arbitrary<bool>()) b.birth_date = a.birth_date;
    RC_ASSERT(may_be_same(a, b) == may_be_same(b, a));
}

RC_GTEST_PROP(record_likeness, finds_whoever_is_typed_again_with_one_slip, ())
{
    const auto known = random_patient();
    auto typed = known;
    switch (*rc::gen::inRange(0, 4))
    {
        case 0:
            break;
        case 1:
            typed.birth_name = lower_without_accents(typed.birth_name);
            break;
        case 2:
            typed.birth_date = *rc::gen::elementOf(easily_confused(known.birth_date));
            break;
        default:
            std::swap(typed.birth_name, typed.given_names);
            typed.given_names = known.given_names;
            typed.used_name = known.birth_name;
    }
    RC_ASSERT(may_be_same(known, typed));
}

RC_GTEST_PROP(record_likeness, confused_dates_come_back_to_the_right_one, ())
{
    const auto right = random_patient().birth_date;
    const auto slips = easily_confused(right);
    RC_ASSERT(std::ranges::count(slips, right) == 1);
    RC_ASSERT(slips.size() <= 81U);
    for (const auto& slip : slips)
    {
        RC_ASSERT(slip.ok());
        RC_ASSERT(std::ranges::count(easily_confused(slip), right) == 1);
    }
}

TEST(record_likeness, twins_with_names_of_their_own_are_two)
{
    const local_date born{date::year{2019} / 5 / 4};
    EXPECT_FALSE(may_be_same({"Martin", {}, "Léa", born}, {"Martin", {}, "Léo", born}));
    EXPECT_FALSE(may_be_same({"Martin", {}, "Louise", born}, {"Martin", {}, "Camille", born}));
}

TEST(record_likeness, a_name_of_marriage_is_no_stranger)
{
    const local_date born{date::year{1961} / 5 / 4};
    EXPECT_TRUE(may_be_same({"Martin", {}, "Louise", born}, {"Dupont", {}, "Louise", born}));
    EXPECT_TRUE(may_be_same({"Martin", "Dupont", "Louise", born}, {"Dupont", {}, "Louise Marie", born}));
    EXPECT_FALSE(may_be_same({"Martin", {}, "Louise", born}, {"Dupont", {}, "Louise", {date::year{1985} / 11 / 30}}));
}

RC_GTEST_PROP(record_search, finds_a_patient_by_the_beginning_of_any_name, ())
{
    const auto patient = random_patient();
    const auto all = {patient.birth_name, patient.used_name.value_or(patient.birth_name), patient.given_names};
    auto name = *rc::gen::elementOf(std::vector<std::string>(all));
    if (*rc::gen::arbitrary<bool>()) name = lower_without_accents(name);
    // Cut between code points: a person types letters.
    std::size_t length = static_cast<std::size_t>(*rc::gen::inRange(1, static_cast<int>(name.size()) + 1));
    while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U) ++length;
    const auto typed = name.substr(0, length);
    RC_LOG() << typed << " in " << patient.birth_name << " " << patient.given_names << "\n";
    RC_ASSERT(found_by(read_search(typed), patient));
}

RC_GTEST_PROP(record_search, finds_a_patient_while_the_birth_date_is_being_typed, ())
{
    const auto patient = random_patient();
    const auto iso = format_date(patient.birth_date);
    const auto european = iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
    const auto& date = *rc::gen::arbitrary<bool>() ? iso : european;
    const auto shortest = date == iso ? 5 : 3;
    const auto typed = date.substr(0, static_cast<std::size_t>(*rc::gen::inRange(shortest, 11)));
    const auto terms = read_search(fold(patient.birth_name).substr(0, 2) + " " + typed);
    RC_LOG() << typed << "\n";
    RC_ASSERT(found_by(terms, patient));
    if (typed.size() == 10) RC_ASSERT(terms.born_on == patient.birth_date);
}

TEST(record_search, tells_names_dates_and_telephones_apart)
{
    const auto terms = [](std::string_view typed) { return read_search(typed); };
    EXPECT_EQ(terms("Élo Du").words, (std::vector<std::string>{"elo", "du"}));
    EXPECT_EQ(terms("04/05/1985").born_on, (local_date{date::year{1985} / 5 / 4}));
    EXPECT_EQ(terms("4/5/1985").born_on, (local_date{date::year{1985} / 5 / 4}));
    EXPECT_EQ(terms("04.05.1985").born_on, (local_date{date::year{1985} / 5 / 4}));
    EXPECT_EQ(terms("1985-05-04").born_on, (local_date{date::year{1985} / 5 / 4}));
    EXPECT_EQ(terms("04051985").born_on, (local_date{date::year{1985} / 5 / 4}));
    EXPECT_EQ(terms("31/02/1985").born_on, std::nullopt);
    EXPECT_EQ(terms("31/02/1985").born_like, "31/02/1985%");
    EXPECT_EQ(terms("06 12 34 56 78").phone_part, "%612345678%");
    EXPECT_EQ(terms("06.12.34.56.78").phone_part, "%612345678%");
    EXPECT_EQ(terms("+33 6 12").phone_part, "%612%");
    EXPECT_EQ(terms("0612345678").phone_part, "%612345678%");
    const auto both = terms("martin 04/05/1985 06 12");
    EXPECT_EQ(both.words, std::vector<std::string>{"martin"});
    EXPECT_TRUE(both.born_on.has_value());
    EXPECT_EQ(both.phone_part, "%612%");
    EXPECT_EQ(terms("   "), search_terms{});
}

TEST(record_search, two_letters_of_stephanie_are_no_saint)
{
    EXPECT_TRUE(found_by(read_search("st"), {"Martin", {}, "Stéphanie", {}}));
    EXPECT_TRUE(found_by(read_search("st"), {"Saint-Martin", {}, "Louise", {}}));
    EXPECT_TRUE(found_by(read_search("st martin"), {"Saint-Martin", {}, "Louise", {}}));
    EXPECT_TRUE(found_by(read_search("st martin"), {"Martin", {}, "Stéphanie", {}}));
    EXPECT_FALSE(found_by(read_search("saint martin"), {"Martin", {}, "Stéphanie", {}}));
}

TEST(record_summary, is_the_first_line_that_says_something)
{
    EXPECT_EQ(summary_of("\n\n  Angine.\nRepos."), "Angine.");
    EXPECT_EQ(summary_of(" \r\n "), "");
    EXPECT_EQ(summary_of(std::string(300, 'a')).size(), 120 + std::string{"…"}.size());
}

TEST(record_identity, is_tidied_before_it_is_kept)
{
    identity_wish typed;
    typed.birth_name.value = "  Martin ";
    typed.used_name = text<0, 100>{"Martin"};
    typed.given_names.value = "Louise ";
    typed.phone = text<0, 30>{"  "};
    typed.address = address{};
    const auto kept = tidied(typed);
    EXPECT_EQ(kept.birth_name.value, "Martin");
    EXPECT_EQ(kept.given_names.value, "Louise");
    EXPECT_FALSE(kept.used_name || kept.phone || kept.address);
}

TEST(record_identity, nobody_is_born_tomorrow_or_before_the_oldest)
{
    const local_date today{date::year{2026} / 11 / 22};
    identity_wish of;
    of.birth_date = today;
    EXPECT_TRUE(implausible(of, today).empty());
    of.birth_date = local_date{date::year{2026} / 11 / 23};
    ASSERT_EQ(implausible(of, today).size(), 1U);
    EXPECT_EQ(implausible(of, today).front().code, "in_the_future");
    of.birth_date = local_date{date::year{1870} / 12 / 31};
    EXPECT_EQ(implausible(of, today).front().code, "too_long_ago");
}

}  // namespace manent::record::test
