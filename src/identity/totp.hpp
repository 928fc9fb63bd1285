// Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 s) and what is kept of them: the secret in use, and the
// one that is being set up until its first code proves that the app has it. Pure; sealing is `keys`' business.
#pragma once

#include "core/crypto.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::identity
{

constexpr std::size_t recovery_codes_count = 10;

// The number of whole 30-second steps since 1970.
std::int64_t totp_step(instant at);
std::string totp_code(byte_view secret, std::int64_t step);

// The step whose code this is, of the present one and its two neighbours (clocks differ), and later than the last one
// used: a code is good once.
std::optional<std::int64_t> match_totp(byte_view secret, std::string_view code, instant at, std::int64_t last_used);

// A code that match_totp would take right now, for the demonstration; nullopt when the window is used up.
std::optional<std::string> usable_totp(byte_view secret, instant at, std::int64_t last_used);

bytes new_totp_secret();
// Ten codes of ten characters (50 bits), without letters that look like digits.
std::vector<std::string> new_recovery_codes();

// RFC 4648, without padding, as authenticator apps read it.
std::string to_base32(byte_view data);
std::string otpauth_uri(std::string_view issuer, std::string_view account, byte_view secret);

// What credential.totp_secret holds, sealed.
struct factor
{
    bytes secret;                           // empty: none in use yet
    bytes candidate;                        // empty: none being set up
    std::vector<bytes> candidate_recovery;  // hashes of the recovery codes that come with the candidate
};

std::string write_factor(const factor& from);
// Throws std::runtime_error for a text that write_factor did not make.
factor read_factor(std::string_view text);

}  // namespace manent::identity
