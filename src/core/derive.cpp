#include "core/derive.hpp"

#include <sodium.h>

namespace manent
{

std::string derived_secret(const secret_key& from, std::string_view purpose)
{
    const auto message = as_bytes(purpose);
    const auto key = from.view();
    std::array<std::uint8_t, 32> made{};
    crypto_generichash(made.data(), made.size(), message.data(), message.size(), key.data(), key.size());
    return to_base64url(made);
}

}  // namespace manent
