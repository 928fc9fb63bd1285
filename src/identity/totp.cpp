#include "identity/totp.hpp"

#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <liboath/oath.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace manent::identity
{

namespace
{

constexpr unsigned digits = 6;
constexpr std::int64_t step_s = 30;
constexpr std::int64_t skew_steps = 1;

std::string percent_encoded(std::string_view text)
{
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

bytes read_bytes(const boost::json::value& from)
{
    const auto data = from_base64url(from.as_string().c_str());
    if (!data) throw std::runtime_error("a second factor is not in its format");
    return *data;
}

}  // namespace

std::int64_t totp_step(instant at)
{
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count() / step_s;
}

std::string totp_code(byte_view secret, std::int64_t step)
{
    std::array<char, digits + 1> code{};
    const int failed =
        oath_hotp_generate(reinterpret_cast<const char*>(secret.data()), secret.size(),
                           static_cast<std::uint64_t>(step), digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, code.data());
    if (failed != OATH_OK) throw std::runtime_error("liboath cannot make a code");
    return code.data();
}

std::optional<std::int64_t> match_totp(byte_view secret, std::string_view code, instant at, std::int64_t last_used)
{
    std::optional<std::int64_t> matched;
    const auto present = totp_step(at);
    for (auto step = present - skew_steps; step <= present + skew_steps; ++step)
    {
        const auto expected = totp_code(secret, step);
        if (equal_in_constant_time(as_bytes(expected), as_bytes(code)) && step > last_used) matched = step;
    }
    return matched;
}

std::optional<std::string> usable_totp(byte_view secret, instant at, std::int64_t last_used)
{
    const auto present = totp_step(at);
    const auto step = std::max(present, last_used + 1);
    if (step > present + skew_steps) return std::nullopt;
    return totp_code(secret, step);
}

bytes new_totp_secret()
{
    constexpr std::size_t secret_size = 20;  // RFC 4226, R6: 160 bits
    return random_bytes(secret_size);
}

std::vector<std::string> new_recovery_codes()
{
    constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789!";
    constexpr std::size_t letters = 31;  // the last sign only makes the count a power of two, and is drawn again
    constexpr std::size_t code_size = 10;
    std::vector<std::string> codes(recovery_codes_count);
    for (auto& code : codes)
    {
        while (code.size() < code_size)
        {
            const auto drawn = random_bytes(1).front() % alphabet.size();
            if (drawn < letters) code += alphabet[drawn];
        }
    }
    return codes;
}

std::string to_base32(byte_view data)
{
    char* encoded = nullptr;
    std::size_t size = 0;
    const int failed = oath_base32_encode(reinterpret_cast<const char*>(data.data()), data.size(), &encoded, &size);
    if (failed != OATH_OK) throw std::runtime_error("liboath cannot encode a secret");
    const std::unique_ptr<char, decltype(&std::free)> held{encoded, &std::free};
    std::string text{encoded, size};
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, byte_view secret)
{
    return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
           "?secret=" + to_base32(secret) + "&issuer=" + percent_encoded(issuer) + "&algorithm=SHA1&digits=6&period=30";
}

std::string write_factor(const factor& from)
{
    boost::json::array recovery;
    for (const auto& each : from.candidate_recovery) recovery.push_back(boost::json::value(to_base64url(each)));
    return boost::json::serialize(boost::json::object{{"secret", to_base64url(from.secret)},
                                                      {"candidate", to_base64url(from.candidate)},
                                                      {"candidate_recovery", std::move(recovery)}});
}

factor read_factor(std::string_view text)
{
    const auto parsed = boost::json::parse(text).as_object();
    factor read{read_bytes(parsed.at("secret")), read_bytes(parsed.at("candidate")), {}};
    for (const auto& each : parsed.at("candidate_recovery").as_array())
        read.candidate_recovery.push_back(read_bytes(each));
    return read;
}

}  // namespace manent::identity
