#include "directory/national_number.hpp"

#include <algorithm>

namespace manent::directory
{

namespace
{

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

// Département numbers of Corsica put a letter into FINESS and ADELI numbers: "2A0000014".
bool digits_with_corsican_letter(std::string_view text)
{
    if (text.size() > 2 && text[0] == '2' && (text[1] == 'A' || text[1] == 'B')) text.remove_prefix(2);
    return all_digits(text);
}

}  // namespace

bool luhn_holds(std::string_view digits)
{
    constexpr std::size_t digits_max = 32;
    if (!all_digits(digits) || digits.size() > digits_max) return false;
    int sum = 0;
    bool doubled = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit)
    {
        const int value = (*digit - '0') * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
    }
    return sum % 10 == 0;
}

number_check check_rpps(std::string_view number)
{
    constexpr std::size_t rpps_length = 11;
    if (number.size() != rpps_length || !all_digits(number)) return number_check::malformed;
    return luhn_holds(number) ? number_check::valid : number_check::wrong_key;
}

practitioner_number read_practitioner_number(std::string_view prefixed)
{
    if (prefixed.empty()) return {};
    const auto number = prefixed.substr(1);
    if (prefixed[0] == '8') return {practitioner_number_kind::rpps, std::string{number}, check_rpps(number)};
    if (prefixed[0] == '0')
    {
        const bool shaped = number.size() == 9 && digits_with_corsican_letter(number);
        return {practitioner_number_kind::adeli, std::string{number},
                shaped ? number_check::valid : number_check::malformed};
    }
    return {};
}

organisation_number read_organisation_number(std::string_view prefixed)
{
    if (prefixed.empty()) return {};
    const auto number = prefixed.substr(1);
    const auto as = [&](organisation_number_kind kind, bool well_formed) {
        return organisation_number{kind, std::string{number}, well_formed};
    };
    switch (prefixed[0])
    {
        case '0':
            return as(organisation_number_kind::adeli_practice, digits_with_corsican_letter(number));
        case '1':
            return as(organisation_number_kind::finess, number.size() == 9 && digits_with_corsican_letter(number));
        case '2':
            return as(organisation_number_kind::siren, number.size() == 9 && all_digits(number));
        case '3':
            return as(organisation_number_kind::siret, number.size() == 14 && all_digits(number));
        case '4':
            return as(organisation_number_kind::rpps_practice, all_digits(number));
        default:
            return {};
    }
}

}  // namespace manent::directory
