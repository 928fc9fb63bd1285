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
    // `ballast_bytes` is how much the folder's ballast holds while all is well: what of it was given back is no room
    // for writes.
    disk_guard(std::filesystem::path folder, std::uint64_t reserve_bytes, std::uint64_t ballast_bytes);

    // Asks the system at most four times a second. Belongs to one thread.
    bool is_full();
    [[nodiscard]] std::uint64_t free_bytes() const { return free_bytes_; }
    [[nodiscard]] std::uint64_t ballast_bytes() const { return ballast_now_; }

private:
    std::filesystem::path folder_;
    std::uint64_t reserve_bytes_;
    std::uint64_t ballast_bytes_;
    std::uint64_t free_bytes_ = UINT64_MAX;
    std::uint64_t ballast_now_ = 0;
    std::chrono::steady_clock::time_point asked_;
};

// A file that holds room for PostgreSQL: given back when others have left it less than it needs to finish a checkpoint
// or its recovery, made again when there is room. Belongs to the keeper.
class ballast
{
public:
    // Decides by the free space of now how much it holds: `wanted_bytes`, or a quarter of what is free beyond the
    // reserve; nothing where that would be of no help.
    ballast(const std::filesystem::path& folder, std::uint64_t wanted_bytes, std::uint64_t reserve_bytes);

    // Looks at most four times a second.
    void look();
    [[nodiscard]] std::uint64_t holds_bytes() const { return holds_bytes_; }

private:
    void decide(std::uint64_t free_bytes, std::uint64_t held);
    void make();
    void give_back(std::uint64_t free_bytes);

    std::filesystem::path file_;
    std::uint64_t wanted_bytes_;
    std::uint64_t reserve_bytes_;
    std::uint64_t holds_bytes_ = 0;
    std::chrono::steady_clock::time_point looked_;
};

// What PostgreSQL needs to start and to finish a checkpoint: two segments of the log for each of two servers.
inline constexpr std::uint64_t room_for_postgresql_bytes = std::uint64_t{64} * 1024 * 1024;

}  // namespace manent
