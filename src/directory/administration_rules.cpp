#include "directory/administration_rules.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "directory/import_plan.hpp"
#include "directory/national_number.hpp"
#include "identity/rules.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>

namespace manent::directory
{

namespace
{

constexpr std::size_t rpps_digits = 11;
constexpr std::size_t adeli_characters = 9;

class refusals
{
public:
    void add(std::string path, std::string code) { refused_.fields.push_back({std::move(path), std::move(code), {}}); }
    [[nodiscard]] bool none() const { return refused_.fields.empty(); }
    [[nodiscard]] const problem& all() const { return refused_; }

private:
    problem refused_{problem_kind::invalid, "invalid_request", {}, {}};
};

bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

bool is_small_letter(char one)
{
    return one >= 'a' && one <= 'z';
}

std::string trimmed(const std::string& text)
{
    return std::string{trim(text)};
}

// Each once, and each one of those that `knows` knows.
template <class Wanted, class Knows>
std::vector<std::string> each_known(const Wanted& wanted, std::string_view member, Knows knows, refusals& refused)
{
    const auto path = "/" + std::string{member};
    std::vector<std::string> kept;
    if (wanted.items.empty()) refused.add(path, "required");
    for (std::size_t i = 0; i < wanted.items.size(); ++i)
    {
        const auto& one = wanted.items[i].value;
        if (!knows(one)) refused.add(path + "/" + std::to_string(i), "unknown_value");
        else if (std::ranges::find(kept, one) != kept.end()) refused.add(path + "/" + std::to_string(i), "duplicate");
        else kept.push_back(one);
    }
    return kept;
}

std::optional<std::string> check_typed(std::string_view typed, refusals& refused)
{
    auto number = with_prefix(typed);
    if (number.empty()) return std::nullopt;
    switch (read_practitioner_number(number).check)
    {
        case number_check::valid:
            return number;
        case number_check::wrong_key:
            refused.add("/national_number", "wrong_key");
            return std::nullopt;
        case number_check::malformed:
            refused.add("/national_number", "not_a_national_number");
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::string with_prefix(std::string_view typed)
{
    std::string number;
    for (const auto one : typed)
    {
        if (one != ' ' && one != '.') number += one >= 'a' && one <= 'z' ? static_cast<char>(one - 'a' + 'A') : one;
    }
    if (number.size() == rpps_digits) return "8" + number;
    if (number.size() == adeli_characters) return "0" + number;
    // No prefix stands for what is neither, so that nothing reads as the other kind.
    return number.empty() ? number : "?" + number;
}

result<own_practice> plan_practice(const practice_change_wish& wanted)
{
    refusals refused;
    own_practice made;
    made.name = trimmed(wanted.name.value);
    if (wanted.phone) made.phone = trimmed(wanted.phone->value);
    if (!made.phone.empty() && !identity::is_phone(made.phone)) refused.add("/phone", "not_a_phone");
    made.session_minutes = static_cast<int>(wanted.session_minutes.value);
    made.version = static_cast<int>(wanted.version.value);
    if (!refused.none()) return refused.all();
    return made;
}

result<new_site> plan_site(const site_wish& wanted, const reference_data& data)
{
    refusals refused;
    new_site made;
    made.name = trimmed(wanted.name.value);
    for (const auto& line : wanted.lines.items)
    {
        if (auto kept = trimmed(line.value); !kept.empty()) made.lines.push_back(std::move(kept));
    }
    made.postal_code = wanted.postal_code.value;
    if (!std::ranges::all_of(made.postal_code, is_digit)) refused.add("/postal_code", "not_a_postal_code");
    const auto* const commune = data.places.of_insee(wanted.insee.value);
    if (commune == nullptr) refused.add("/insee", "unknown_value");
    else
    {
        made.insee = commune->insee;
        made.city = commune->name;
        made.position = commune->position;
        made.time_zone = time_zone_of(commune->departement_code);
    }
    if (wanted.time_zone)
    {
        if (find_zone(wanted.time_zone->value) == nullptr) refused.add("/time_zone", "unknown_value");
        made.time_zone = wanted.time_zone->value;
    }
    if (wanted.access) made.access = trimmed(wanted.access->value);
    if (wanted.phone)
    {
        if (auto phone = trimmed(wanted.phone->value); !phone.empty()) made.phone = std::move(phone);
    }
    if (!refused.none()) return refused.all();
    return made;
}

result<new_practitioner> plan_entry(const entry_wish& wanted, const reference_data& data)
{
    refusals refused;
    new_practitioner made;
    if (wanted.national_number) made.national_number = check_typed(wanted.national_number->value, refused);
    made.title = trimmed(wanted.title.value);
    made.given_name = trimmed(wanted.given_name.value);
    made.family_name = trimmed(wanted.family_name.value);
    made.specialties = each_known(
        wanted.specialties, "specialties",
        [&](const std::string& slug) { return data.specialties.find(slug) != nullptr; }, refused);
    if (wanted.sector) made.sector = boost::describe::enum_to_string(*wanted.sector, "");
    const auto is_language = [](const std::string& code) { return std::ranges::all_of(code, is_small_letter); };
    made.languages = each_known(wanted.languages, "languages", is_language, refused);
    if (!refused.none()) return refused.all();
    return made;
}

}  // namespace manent::directory
