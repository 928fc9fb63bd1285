// `manent verify`: proves that what was written can be read, on every copy.
#pragma once

#include "core/config.hpp"

namespace manent::serve
{

// Opens every stored revision on the primary and on the standby with its patient's key, compares its digest, its place
// and its heads, and that the standby holds as many. Prints what it found: 0, or 1 when anything is wrong or a copy
// could not be asked. Starts the database when it does not run. Throws std::runtime_error when the primary cannot be
// asked at all.
int verify_copies(const config& settings);

}  // namespace manent::serve
