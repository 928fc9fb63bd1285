// What an administrator types about a site or a practitioner: what is kept of it, and what is refused.
#include "directory/administration_rules.hpp"
#include "directory_data.hpp"

#include <gtest/gtest.h>

namespace manent::directory
{

namespace
{

using names = std::vector<std::string>;

template <class Planned>
names refusals(const result<Planned>& of)
{
    names list;
    if (of) return list;
    for (const auto& one : of.error().fields) list.push_back(one.path + " " + one.code);
    return list;
}

site_wish a_site()
{
    return {{"Cabinet"}, {{{" 12 rue des Quais "}, {" "}}}, {"47000"}, {"47001"}, std::nullopt, {{" "}}, std::nullopt};
}

entry_wish an_entry()
{
    return {std::nullopt, {"Dr"}, {" Ana "}, {"Costa"}, {{{"general-practice"}}}, std::nullopt, {{{"fr"}}}};
}

}  // namespace

TEST(directory_administration, numbers_get_the_prefix_of_their_kind)
{
    EXPECT_EQ(with_prefix("10100 050 078"), "810100050078");
    EXPECT_EQ(with_prefix("2a9300123"), "02A9300123");
    EXPECT_EQ(with_prefix(" "), "");
    // Twelve digits with the prefix already: not what a person has on their card.
    EXPECT_EQ(with_prefix("810100050078").front(), '?');
}

TEST(directory_administration, a_practice_has_a_name_and_a_telephone_or_none)
{
    const auto made = plan_practice({{" Cabinet du Port "}, {{" 05 53 00 00 00 "}}, {480}, {3}});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->name, "Cabinet du Port");
    EXPECT_EQ(made->phone, "05 53 00 00 00");
    EXPECT_EQ(made->session_minutes, 480);
    EXPECT_EQ(made->version, 3);
    EXPECT_EQ(plan_practice({{"Cabinet"}, {{" "}}, {480}, {1}})->phone, "");
    EXPECT_EQ(refusals(plan_practice({{"Cabinet"}, {{"poste 12"}}, {480}, {1}})), names{"/phone not_a_phone"});
}

TEST(directory_administration, a_site_stands_in_its_commune)
{
    const auto made = plan_site(a_site(), the_data());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->lines, names{"12 rue des Quais"});
    EXPECT_EQ(made->city, "Agen");
    EXPECT_EQ(made->time_zone, "Europe/Paris");
    EXPECT_TRUE(made->position);
    EXPECT_FALSE(made->phone);
    auto wish = a_site();
    wish.time_zone = {"Indian/Reunion"};
    EXPECT_EQ(plan_site(wish, the_data())->time_zone, "Indian/Reunion");
    wish.time_zone = {"Mars/Olympus"};
    wish.insee = {"00000"};
    EXPECT_EQ(refusals(plan_site(wish, the_data())), (names{"/insee unknown_value", "/time_zone unknown_value"}));
}

TEST(directory_administration, an_entry_names_every_refusal)
{
    const auto made = plan_entry(an_entry(), the_data());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->given_name, "Ana");
    auto wish = an_entry();
    wish.national_number = {"10100050079"};
    wish.specialties = {{{"general-practice"}, {"general-practice"}, {"magic"}}};
    wish.languages = {{{"fr"}, {"FR"}}};
    EXPECT_EQ(refusals(plan_entry(wish, the_data())),
              (names{"/national_number wrong_key", "/specialties/1 duplicate", "/specialties/2 unknown_value",
                     "/languages/1 unknown_value"}));
}

}  // namespace manent::directory
