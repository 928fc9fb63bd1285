// The serving process: what the keeper starts as `manent answer`.
#pragma once

#include "core/config.hpp"

namespace manent::serve
{

// Reads its settings from the environment that the keeper gave it, answers until SIGTERM, drains, and returns the exit
// status. Becomes the unprivileged account after it read the master key.
int answer_requests(const config& given);

}  // namespace manent::serve
