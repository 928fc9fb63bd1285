// When a letter that could not be sent is tried again. Pure.
#pragma once

#include <chrono>
#include <optional>

namespace manent::notify
{

constexpr std::chrono::seconds first_wait = std::chrono::minutes{1};
constexpr std::chrono::seconds longest_wait = std::chrono::hours{6};
constexpr std::chrono::seconds tried_for = std::chrono::hours{72};

// The pause after the `attempts`-th try (1 for the first) of a letter of this age: 1, 3, 9, 27 … minutes, at most six
// hours. nullopt when the next try would come more than three days after the letter was written: it has failed.
std::optional<std::chrono::seconds> wait_after(int attempts, std::chrono::seconds age);

}  // namespace manent::notify
