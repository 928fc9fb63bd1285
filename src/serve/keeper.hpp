// The small process that outlives what serves: it owns PostgreSQL's processes and the listening socket, starts the
// serving process, and starts it again when it dies.
#pragma once

#include "core/config.hpp"
#include "serve/installation.hpp"

#include <functional>

namespace manent::serve
{

// Serves until SIGINT or SIGTERM; the exit status of the program. `when_new` runs once, between the first migrations
// and the first request of a new data folder; what `greeting` says is printed after the address. Throws
// std::runtime_error with a sentence for the terminal.
int keep(const config& given, const std::function<void(const config&, installation&)>& when_new,
         const std::function<std::string(installation&)>& greeting);

}  // namespace manent::serve
