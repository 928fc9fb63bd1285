#include "core/crypto.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace manent
{

void start_crypto()
{
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: no source of randomness");
}

bytes random_bytes(std::size_t count)
{
    bytes data(count);
    randombytes_buf(data.data(), data.size());
    return data;
}

std::string random_token()
{
    return to_base64url(random_bytes(32));
}

std::string random_digits(std::size_t digits)
{
    std::string code(digits, '0');
    std::ranges::generate(code, [] { return static_cast<char>('0' + randombytes_uniform(10)); });
    return code;
}

digest sha256(byte_view data)
{
    digest sum{};
    crypto_hash_sha256(sum.data(), data.data(), data.size());
    return sum;
}

digest salted_digest(byte_view salt, std::string_view text)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, salt.data(), salt.size());
    const auto data = as_bytes(text);
    crypto_hash_sha256_update(&state, data.data(), data.size());
    digest sum{};
    crypto_hash_sha256_final(&state, sum.data());
    return sum;
}

bool equal_in_constant_time(byte_view a, byte_view b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

secret_key secret_key::random()
{
    secret_key key;
    randombytes_buf(key.material_.data(), key.material_.size());
    return key;
}

std::optional<secret_key> secret_key::from(byte_view material)
{
    if (material.size() != size) return std::nullopt;
    secret_key key;
    std::ranges::copy(material, key.material_.begin());
    return key;
}

secret_key::~secret_key()
{
    sodium_memzero(material_.data(), material_.size());
}

bytes seal(const secret_key& key, byte_view plain, byte_view associated_data)
{
    constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    bytes sealed(nonce_size + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    randombytes_buf(sealed.data(), nonce_size);
    unsigned long long written = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + nonce_size, &written, plain.data(), plain.size(),
                                               associated_data.data(), associated_data.size(), nullptr, sealed.data(),
                                               key.view().data());
    return sealed;
}

std::optional<bytes> open_sealed(const secret_key& key, byte_view sealed, byte_view associated_data)
{
    constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.size() < nonce_size + tag_size) return std::nullopt;
    bytes plain(sealed.size() - nonce_size - tag_size);
    unsigned long long written = 0;
    const int refused = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain.data(), &written, nullptr, sealed.data() + nonce_size, sealed.size() - nonce_size, associated_data.data(),
        associated_data.size(), sealed.data(), key.view().data());
    if (refused != 0) return std::nullopt;
    return plain;
}

std::string hash_password(std::string_view password)
{
    constexpr unsigned long long passes = 2;
    constexpr std::size_t memory_bytes = std::size_t{19} * 1024 * 1024;
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(), passes, memory_bytes) != 0)
        throw std::runtime_error("argon2id could not get its memory");
    return hash.data();
}

bool password_matches(const std::string& stored_hash, std::string_view password)
{
    return crypto_pwhash_str_verify(stored_hash.c_str(), password.data(), password.size()) == 0;
}

std::string to_base64url(byte_view data)
{
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(data.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), data.data(), data.size(), variant);
    text.pop_back();  // the terminating zero
    return text;
}

std::optional<bytes> from_base64url(std::string_view text)
{
    bytes data(text.size() * 3 / 4 + 1);
    std::size_t length = 0;
    const char* end = nullptr;
    const int refused = sodium_base642bin(data.data(), data.size(), text.data(), text.size(), nullptr, &length, &end,
                                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (refused != 0 || end != text.data() + text.size()) return std::nullopt;
    data.resize(length);
    return data;
}

std::string to_hex(byte_view data)
{
    std::string text(data.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), data.data(), data.size());
    text.pop_back();
    return text;
}

}  // namespace manent
