// The commands about the second copy.
#pragma once

#include "core/config.hpp"

#include <string>

namespace manent::serve
{

// Each prints what was done and what remains, answers the exit status, 1 when nothing was done, and throws
// std::runtime_error with a sentence for the terminal.

// Makes the standby of this data folder its primary, through the keeper where one runs.
int promote_standby(const config& settings, bool force);

struct add_standby_wish
{
    std::string address;     // of the other machine
    std::string listens_on;  // this machine's; empty: the one from which packets go there
};
// Opens the running primary for a standby at that address alone, and prints the other machine's command.
int add_standby(const config& settings, const add_standby_wish& wish);

struct join_wish
{
    std::string host;
    int port = 5432;
    std::string name;
};
// On the other machine: copies the primary, with the secret of MANENT_STANDBY_SECRET, then serves.
int join_as_standby(const config& settings, const join_wish& wish);
// Keeps the standby that was joined here until SIGINT or SIGTERM, or until it is promoted.
int serve_standby(const config& settings);

}  // namespace manent::serve
