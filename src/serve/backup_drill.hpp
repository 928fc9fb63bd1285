// `manent backup check`: the restore drill. A backup that was never restored is a hope.
#pragma once

#include "core/config.hpp"

#include <optional>
#include <string>

namespace manent::serve
{

struct drill_wish
{
    std::optional<std::string> key_file;  // an export; nullopt: the installation's own key
    std::optional<std::string> stanza;
    std::optional<std::string> scratch;  // folder that the drill makes and removes
};

// Reads every file of the repository, restores the newest backup and all of the archive into a scratch cluster, opens
// every revision there with the key, and compares with the running database where one runs: what was written before
// the drill began must be there. Prints what it found: 0, or 1 when anything is wrong. Throws std::runtime_error.
int check_backup(const config& settings, const drill_wish& wish);

}  // namespace manent::serve
