#include "core/disk.hpp"

#include <system_error>

namespace manent
{

disk_guard::disk_guard(std::filesystem::path folder, std::uint64_t reserve_bytes)
    : folder_{std::move(folder)}, reserve_bytes_{reserve_bytes}
{
}

bool disk_guard::is_full()
{
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ >= std::chrono::milliseconds{250})
    {
        asked_ = now;
        std::error_code unknown;
        const auto space = std::filesystem::space(folder_, unknown);
        if (!unknown) free_bytes_ = space.available;
    }
    return free_bytes_ < reserve_bytes_;
}

}  // namespace manent
