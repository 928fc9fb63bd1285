// Identifiers: UUID version 7 (RFC 9562), so that rows written together lie together in an index.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace manent
{

struct uuid
{
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const uuid&) const = default;
};

// A new identifier from the system's clock and random source. Thread-safe.
uuid new_uuid();

// The canonical 36-character form only, upper or lower case; anything else is nullopt.
std::optional<uuid> parse_uuid(std::string_view text);

// Lower case, with hyphens.
std::string to_string(const uuid& id);

}  // namespace manent

template <>
struct std::hash<manent::uuid>
{
    std::size_t operator()(const manent::uuid& id) const noexcept;
};
