#include "identity/rules.hpp"

#include "identity/common_passwords.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cctype>

namespace manent::identity
{

namespace
{

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool counts_by(std::string_view digits, int step)
{
    for (std::size_t i = 1; i < digits.size(); ++i)
    {
        if (digits[i] - digits[i - 1] != step) return false;
    }
    return true;
}

}  // namespace

std::string prepared(std::string_view password)
{
    UErrorCode failed = U_ZERO_ERROR;
    const auto* const nfc = icu::Normalizer2::getNFCInstance(failed);
    const auto typed =
        icu::UnicodeString::fromUTF8(icu::StringPiece{password.data(), static_cast<std::int32_t>(password.size())});
    const auto composed = U_SUCCESS(failed) ? nfc->normalize(typed, failed) : typed;
    std::string utf8;
    (U_SUCCESS(failed) ? composed : typed).toUTF8String(utf8);
    return utf8;
}

std::optional<problem> refuse_password(std::string_view password, std::string_view email, std::string_view path)
{
    const auto plain = account_name(password);
    const auto address = account_name(email);
    if (plain == address || plain == address.substr(0, address.find('@')))
        return refused_field(std::string{path}, "password_is_email");
    if (is_common_password(plain)) return refused_field(std::string{path}, "password_common");
    return std::nullopt;
}

std::optional<problem> refuse_pin(std::string_view pin)
{
    constexpr std::size_t digits_min = 4;
    constexpr std::size_t digits_max = 8;
    if (!std::ranges::all_of(pin, is_digit)) return refused_field("/pin", "not_digits");
    if (pin.size() < digits_min) return refused_field("/pin", "too_short", digits_min);
    if (pin.size() > digits_max) return refused_field("/pin", "too_long", digits_max);
    if (counts_by(pin, 0) || counts_by(pin, 1) || counts_by(pin, -1)) return refused_field("/pin", "pin_too_plain");
    return std::nullopt;
}

bool is_phone(std::string_view number)
{
    constexpr auto digits_min = 6;
    constexpr auto digits_max = 15;
    const auto digits = std::ranges::count_if(number, is_digit);
    const auto belongs = [](char c)
    { return is_digit(c) || std::string_view{" .-()/"}.find(c) != std::string_view::npos; };
    const auto national = number.starts_with('+') ? number.substr(1) : number;
    return digits >= digits_min && digits <= digits_max && std::ranges::all_of(national, belongs);
}

std::string tidy_code(std::string_view typed)
{
    std::string code;
    for (const char c : typed)
    {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) code += lower(c);
    }
    return code;
}

std::string account_name(std::string_view email)
{
    std::string name{email};
    std::ranges::transform(name, name.begin(), lower);
    return name;
}

std::optional<seconds> wait_before_attempt(const throttle& by, int count, instant last, instant now)
{
    if (count < by.free_attempts) return std::nullopt;
    auto wait = by.first_wait;
    for (int i = by.free_attempts; i < count && wait < by.window; ++i) wait *= 2;
    const auto open_again = last + std::min(wait, by.window);
    if (open_again <= now) return std::nullopt;
    return std::chrono::ceil<seconds>(open_again - now);
}

std::string address_group(std::string_view address)
{
    boost::system::error_code unreadable;
    const auto parsed = boost::asio::ip::make_address(std::string{address}, unreadable);
    if (unreadable || !parsed.is_v6()) return std::string{address};
    auto network = parsed.to_v6();
    if (network.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, network).to_string();
    auto octets = network.to_bytes();
    std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
    return boost::asio::ip::address_v6{octets}.to_string();
}

bool may_invite(role who, role whom)
{
    return who == role::administrator || (who == role::practitioner && whom == role::secretary);
}

std::optional<problem> refuse_birth_date(local_date born, local_date today)
{
    // Somewhere on earth tomorrow has begun.
    if (date::sys_days{born} > date::sys_days{today} + date::days{1})
        return refused_field("/birth_date", "in_the_future");
    constexpr int years_max = 130;
    if (born.year() + date::years{years_max} < today.year()) return refused_field("/birth_date", "too_long_ago");
    return std::nullopt;
}

}  // namespace manent::identity
