// National numbers: keys, prefixes, and what people type.
#include "directory/national_number.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace manent::directory
{

TEST(directory_national_number, luhn_holds_for_published_numbers)
{
    EXPECT_EQ(check_rpps("10002909371"), number_check::valid);
    EXPECT_TRUE(luhn_holds("34173748400020"));
    EXPECT_TRUE(luhn_holds("0"));
    EXPECT_FALSE(luhn_holds(""));
    EXPECT_FALSE(luhn_holds(std::string(33, '0')));
}

TEST(directory_national_number, two_published_examples_have_a_wrong_key)
{
    EXPECT_EQ(check_rpps("10002673899"), number_check::wrong_key);
    EXPECT_EQ(check_rpps("10100050075"), number_check::wrong_key);
}

TEST(directory_national_number, refuses_what_is_no_rpps_number)
{
    for (const auto* text : {"", "1000290937", "100029093711", "1000290937a", "1000290937 ", "-0002909371"})
        EXPECT_EQ(check_rpps(text), number_check::malformed) << text;
}

RC_GTEST_PROP(directory_national_number, one_wrong_digit_breaks_the_key, ())
{
    auto digits = *rc::gen::container<std::string>(10, rc::gen::inRange('0', static_cast<char>('9' + 1)));
    char key = '0';
    while (!luhn_holds(digits + key)) ++key;
    auto number = digits + key;
    RC_ASSERT(key <= '9');
    RC_ASSERT(check_rpps(number) == number_check::valid);
    const auto where = *rc::gen::inRange<std::size_t>(0, number.size());
    const auto other = *rc::gen::inRange('0', static_cast<char>('9' + 1));
    RC_PRE(other != number[where]);
    number[where] = other;
    RC_ASSERT(check_rpps(number) == number_check::wrong_key);
}

TEST(directory_national_number, reads_practitioners_with_their_prefix)
{
    const auto rpps = read_practitioner_number("810002909371");
    EXPECT_EQ(rpps.kind, practitioner_number_kind::rpps);
    EXPECT_EQ(rpps.number, "10002909371");
    EXPECT_EQ(rpps.check, number_check::valid);
    EXPECT_EQ(read_practitioner_number("810002673899").check, number_check::wrong_key);

    const auto adeli = read_practitioner_number("0751234567");
    EXPECT_EQ(adeli.kind, practitioner_number_kind::adeli);
    EXPECT_EQ(adeli.check, number_check::valid);
    EXPECT_EQ(read_practitioner_number("02A1234567").check, number_check::valid);

    EXPECT_EQ(read_practitioner_number("075123456").check, number_check::malformed);
    EXPECT_EQ(read_practitioner_number("910002909371").kind, practitioner_number_kind::unknown);
    EXPECT_EQ(read_practitioner_number("").check, number_check::malformed);
}

TEST(directory_national_number, reads_organisations_with_their_prefix)
{
    EXPECT_EQ(read_organisation_number("1810004421").kind, organisation_number_kind::finess);
    EXPECT_TRUE(read_organisation_number("1810004421").well_formed);
    EXPECT_TRUE(read_organisation_number("12A0000014").well_formed);
    EXPECT_EQ(read_organisation_number("334173748400020").kind, organisation_number_kind::siret);
    EXPECT_EQ(read_organisation_number("334173748400020").number, "34173748400020");
    EXPECT_TRUE(read_organisation_number("2341737484").well_formed);
    EXPECT_EQ(read_organisation_number("412345678912345").kind, organisation_number_kind::rpps_practice);
    EXPECT_FALSE(read_organisation_number("33417374840002").well_formed);
    EXPECT_FALSE(read_organisation_number("181000442").well_formed);
    EXPECT_EQ(read_organisation_number("9").kind, organisation_number_kind::unknown);
}

}  // namespace manent::directory
