#include "core/id.hpp"

#include <sodium.h>

#include <chrono>
#include <cstring>

namespace manent
{

namespace
{

int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool hyphen_at(std::size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

uuid new_uuid()
{
    uuid id;
    randombytes_buf(id.bytes.data(), id.bytes.size());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    auto milliseconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (std::size_t i = 6; i-- > 0;)
    {
        id.bytes[i] = static_cast<std::uint8_t>(milliseconds & 0xFFU);
        milliseconds >>= 8U;
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

std::optional<uuid> parse_uuid(std::string_view text)
{
    if (text.size() != 36) return std::nullopt;
    uuid id;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (hyphen_at(i))
        {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = id.bytes[nibble / 2];
        byte = static_cast<std::uint8_t>((static_cast<unsigned>(byte) << 4U) | static_cast<unsigned>(value));
        ++nibble;
    }
    return id;
}

std::string to_string(const uuid& id)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t position = 0;
    for (const auto byte : id.bytes)
    {
        if (hyphen_at(position)) ++position;
        text[position++] = digits[byte >> 4U];
        text[position++] = digits[byte & 0x0FU];
    }
    return text;
}

}  // namespace manent

std::size_t std::hash<manent::uuid>::operator()(const manent::uuid& id) const noexcept
{
    // The last eight bytes of a version 7 identifier are random, so they are a hash already.
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data() + 8, sizeof value);
    return value;
}
