// The commands about the second copy.
#pragma once

#include "core/config.hpp"

namespace manent::serve
{

// Makes the standby of this data folder its primary, through the keeper where one runs. Prints what was done and what
// remains; the exit status, 1 when nothing was done. Throws std::runtime_error.
int promote_standby(const config& settings, bool force);

}  // namespace manent::serve
