#include "notify/rules.hpp"

#include <algorithm>

namespace manent::notify
{

std::optional<std::chrono::seconds> wait_after(int attempts, std::chrono::seconds age)
{
    auto wait = first_wait;
    for (int i = 1; i < attempts && wait < longest_wait; ++i) wait *= 3;
    wait = std::min(wait, longest_wait);
    if (age + wait > tried_for) return std::nullopt;
    return wait;
}

}  // namespace manent::notify
