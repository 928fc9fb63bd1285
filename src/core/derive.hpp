// Secrets that follow from the master key, so that one export keeps them all.
#pragma once

#include "core/crypto.hpp"

namespace manent
{

// 32 bytes in base64url, the same at each call for one key and purpose; neither the key nor another purpose's secret
// can be computed from it (keyed BLAKE2b).
std::string derived_secret(const secret_key& from, std::string_view purpose);

}  // namespace manent
