// What a receipt says of copies: how many, on how many machines, and what they share. Pure; `database` asks the server.
#pragma once

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
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

struct standby_state
{
    std::string name;
    std::uint64_t flushed_to = 0;
    std::optional<std::string> address;  // as the primary sees it; none on a unix socket
};

// `one_disk` says whether the copies of this machine lie on one device.
copies count_copies(const std::vector<standby_state>& standbys, std::uint64_t position, bool one_disk);

}  // namespace manent::store
