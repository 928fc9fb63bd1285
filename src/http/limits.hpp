// How long and how large each phase of a connection may be.
#pragma once

#include <chrono>
#include <cstddef>

namespace manent::http
{

struct limits
{
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t sessions_max = 4096;
    std::chrono::seconds header_time{10};
    std::chrono::seconds body_time{30};
    std::chrono::seconds idle_time{60};
    std::chrono::seconds answer_time{30};  // to write an answer to a slow reader
    std::chrono::seconds drain_time{10};
};

}  // namespace manent::http
