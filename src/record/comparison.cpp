#include "record/comparison.hpp"

#include <algorithm>
#include <unordered_map>

namespace manent::record
{

std::vector<uuid> choose_to_open(const std::vector<held_revision>& held, const std::vector<listed_revision>& stored,
                                 std::size_t bytes_max)
{
    std::unordered_map<uuid, const held_revision*> by_id;
    for (const auto& each : held) by_id.emplace(each.revision, &each);
    std::vector<const listed_revision*> order;
    for (const auto& each : stored) order.push_back(&each);
    std::ranges::stable_partition(order,
                                  [&](const auto* each)
                                  {
                                      const auto found = by_id.find(each->revision);
                                      return found != by_id.end() && found->second->digest != each->digest;
                                  });
    std::vector<uuid> chosen;
    std::size_t sum = 0;
    for (const auto* each : order)
    {
        if (!chosen.empty() && sum + each->sealed_bytes > bytes_max) continue;
        sum += each->sealed_bytes;
        chosen.push_back(each->revision);
    }
    return chosen;
}

std::optional<difference> judge(byte_view held, byte_view stored, byte_view recomputed)
{
    if (!equal_in_constant_time(held, recomputed)) return difference::text_changed;
    if (!equal_in_constant_time(held, stored)) return difference::digest_changed;
    return std::nullopt;
}

difference difference_of(fault_of_revision fault)
{
    if (fault == fault_of_revision::subject_missing) return difference::subject_missing;
    if (fault == fault_of_revision::key_does_not_open) return difference::key_does_not_open;
    return difference::text_does_not_open;
}

}  // namespace manent::record
