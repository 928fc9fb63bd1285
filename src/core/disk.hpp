// The disk: files that are written whole or not at all, and the watch over free space where the database lives. When
// PostgreSQL's log needs a segment that the disk cannot give, it stops and cannot start again, so writes are refused
// while there is still room.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace manent
{

// The file has its former content or the new one, whatever happens meanwhile, and the new one is on disk on return.
// Throws std::filesystem_error.
void write_durably(const std::filesystem::path& file, std::string_view content);
// Makes what was created, renamed or removed in the folder lasting. Throws std::filesystem_error.
void sync_folder(const std::filesystem::path& folder);

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
