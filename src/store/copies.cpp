#include "store/copies.hpp"

#include <set>

namespace manent::store
{

bool is_copy(std::string_view name)
{
    return name != "pg_basebackup" && name != "pg_receivewal";
}

copies count_copies(const std::vector<flushed_position>& flushed, const standbys_by_sender& known,
                    std::uint64_t position, bool one_disk)
{
    copies counted;
    std::set<std::string> other_machines;
    for (const auto& each : flushed)
    {
        const auto found = known.find(each.sender);
        if (position == 0 || each.flushed_to < position || found == known.end()) continue;
        const auto& standby = found->second;
        ++counted.count;
        const bool here = !standby.address || standby.address->starts_with("127.") || *standby.address == "::1";
        if (!here) other_machines.insert(*standby.address);
    }
    counted.machines = 1 + static_cast<int>(other_machines.size());
    if (counted.machines > 1) counted.where = copies_where::two_machines;
    else counted.where = counted.count > 1 && !one_disk ? copies_where::same_machine : copies_where::same_disk;
    return counted;
}

}  // namespace manent::store
