// Cryptography from libsodium behind the program's own words: digests, seals (XChaCha20-Poly1305), password hashes
// (argon2id), tokens. Keys live in `secret_key`, which is wiped when it ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace manent
{

using bytes = std::vector<std::uint8_t>;
using byte_view = std::span<const std::uint8_t>;

inline byte_view as_bytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Must be called once before anything else here; throws when the system gives no randomness.
void start_crypto();

bytes random_bytes(std::size_t count);
// 32 random bytes in base64url: session tokens, hold tokens.
std::string random_token();
// `digits` decimal digits, each value equally likely: codes sent by mail.
std::string random_digits(std::size_t digits);

using digest = std::array<std::uint8_t, 32>;
digest sha256(byte_view data);
// SHA-256 over salt then text: what receipts carry for each field.
digest salted_digest(byte_view salt, std::string_view text);
bool equal_in_constant_time(byte_view a, byte_view b);

class secret_key
{
public:
    static constexpr std::size_t size = 32;
    static secret_key random();
    // nullopt unless there are exactly 32 bytes.
    static std::optional<secret_key> from(byte_view material);
    ~secret_key();
    secret_key(const secret_key&) = default;
    secret_key& operator=(const secret_key&) = default;
    [[nodiscard]] byte_view view() const { return material_; }

private:
    secret_key() = default;
    std::array<std::uint8_t, size> material_{};
};

// nonce (24 bytes) ‖ ciphertext ‖ tag (16 bytes). The associated data is not stored: whoever opens must name it again.
bytes seal(const secret_key& key, byte_view plain, byte_view associated_data);
// nullopt when the key, the data or the associated data is not the one that was sealed.
std::optional<bytes> open_sealed(const secret_key& key, byte_view sealed, byte_view associated_data);

// argon2id, t=2, 19 MiB (OWASP's floor), as libsodium's own string. Takes about 30 ms: keep it off the I/O threads.
std::string hash_password(std::string_view password);
bool password_matches(const std::string& stored_hash, std::string_view password);

std::string to_base64url(byte_view data);
std::optional<bytes> from_base64url(std::string_view text);
std::string to_hex(byte_view data);

}  // namespace manent
