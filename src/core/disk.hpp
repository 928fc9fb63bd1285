// Watches free space where the database lives: when its log needs a segment that the disk cannot give, PostgreSQL stops
// and cannot start again, so writes are refused while there is still room.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace manent
{

class disk_guard
{
public:
    disk_guard(std::filesystem::path folder, std::uint64_t reserve_bytes);

    // Asks the system at most four times a second. Belongs to one thread.
    bool is_full();
    [[nodiscard]] std::uint64_t free_bytes() const { return free_bytes_; }

private:
    std::filesystem::path folder_;
    std::uint64_t reserve_bytes_;
    std::uint64_t free_bytes_ = UINT64_MAX;
    std::chrono::steady_clock::time_point asked_;
};

}  // namespace manent
