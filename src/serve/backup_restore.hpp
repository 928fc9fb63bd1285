// `manent backup restore`: a data folder made from the repository, at the archive's end or at a moment before it.
#pragma once

#include "core/config.hpp"

#include <optional>
#include <string>

namespace manent::serve
{

struct folder_wish
{
    std::optional<std::string> to;  // RFC 3339 with its offset or Z; nullopt: all that the archive holds
    std::string key_file;           // an exported master key
    std::optional<std::string> stanza;
};

// Makes the data folder of `settings`, which must be empty or missing, with the key in its place. The folder's own
// backups take a new name in the repository, so that the old ones stay as they are. 0, or an exception of
// std::runtime_error; what was begun is removed then.
int restore_backup(const config& settings, const folder_wish& wish);

}  // namespace manent::serve
