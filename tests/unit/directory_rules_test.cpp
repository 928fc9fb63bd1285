// Who may be added to the directory: a typed number must have its key, an imported one may not.
#include "directory/rules.hpp"
#include "directory_data.hpp"

#include <gtest/gtest.h>

namespace manent::directory
{

namespace
{

using names = std::vector<std::string>;

names refusals(std::vector<new_practitioner> added, number_origin numbers)
{
    names list;
    const auto checked = check(added, the_data().specialties, numbers);
    if (checked) return list;
    for (const auto& one : checked.error().fields) list.push_back(one.path + " " + one.code);
    return list;
}

new_practitioner with(std::optional<std::string> number, names specialties)
{
    new_practitioner one;
    one.national_number = std::move(number);
    one.specialties = std::move(specialties);
    return one;
}

}  // namespace

TEST(directory_rules, a_typed_number_with_a_wrong_key_is_refused_and_an_imported_one_kept)
{
    const auto wrong = with("810002673899", {"pneumology"});
    EXPECT_EQ(refusals({wrong}, number_origin::typed), names{"/practitioners/0/national_number wrong_key"});
    EXPECT_EQ(refusals({wrong}, number_origin::imported), names{});
    EXPECT_EQ(refusals({with("810002909371", {"pneumology"})}, number_origin::typed), names{});
    EXPECT_EQ(refusals({with(std::nullopt, {"nursing"})}, number_origin::typed), names{});
}

TEST(directory_rules, every_error_is_named)
{
    EXPECT_EQ(refusals({with("810002909371", {"nursing"}), with("12", {}), with("0751234567", {"nursing", "magic"})},
                       number_origin::imported),
              (names{"/practitioners/1/national_number not_a_national_number", "/practitioners/1/specialties required",
                     "/practitioners/2/specialties unknown_value"}));
}

}  // namespace manent::directory
