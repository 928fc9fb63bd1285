// What a receipt says of copies: how many, on how many machines, and what they share. Pure; `database` asks the server.
#pragma once

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

// The failure domain that all counted copies share.
BOOST_DEFINE_ENUM_CLASS(copies_where, same_disk, same_machine, two_machines)

struct copies
{
    int count = 1;  // the primary's own included
    int machines = 1;
    copies_where where = copies_where::same_disk;
};

// A standby as the primary sees it.
struct standby
{
    std::string name;
    std::optional<std::string> address;  // none on a unix socket
};

// Whether who streams by this name is a copy of the database: a backup that is being taken reports positions too.
bool is_copy(std::string_view name);

// How far a standby's log is on its disk. `sender` is the primary's process that streams to it.
struct flushed_position
{
    int sender = 0;
    std::uint64_t flushed_to = 0;
    bool synchronous = false;  // commits wait for it
};

using standbys_by_sender = std::map<int, standby>;

// Counts whoever is known and has the position on disk; a sender that is not among the known counts for nothing.
// `one_disk` says whether the copies of this machine lie on one device.
copies count_copies(const std::vector<flushed_position>& flushed, const standbys_by_sender& known,
                    std::uint64_t position, bool one_disk);

}  // namespace manent::store
