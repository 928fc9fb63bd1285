#include "core/disk.hpp"

#include "core/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace manent
{

namespace
{

[[noreturn]] void fail(const char* what, const std::filesystem::path& file)
{
    throw std::filesystem::filesystem_error{what, file, {errno, std::generic_category()}};
}

// Closed at the end of its scope; after a failed write the error of close() adds nothing.
struct open_file
{
    open_file(const std::filesystem::path& file, int flags) : descriptor{::open(file.c_str(), flags | O_CLOEXEC, 0644)}
    {
        if (descriptor < 0) fail("cannot open", file);
    }
    ~open_file() { ::close(descriptor); }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    const int descriptor;
};

}  // namespace

void sync_folder(const std::filesystem::path& folder)
{
    const open_file opened{folder, O_RDONLY | O_DIRECTORY};
    if (::fsync(opened.descriptor) != 0) fail("cannot sync", folder);
}

void write_durably(const std::filesystem::path& file, std::string_view content)
{
    auto fresh = file;
    fresh += ".new";
    {
        const open_file opened{fresh, O_WRONLY | O_CREAT | O_TRUNC};
        for (auto left = content; !left.empty();)
        {
            const auto count = ::write(opened.descriptor, left.data(), left.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail("cannot write", fresh);
            left.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fsync(opened.descriptor) != 0) fail("cannot sync", fresh);
    }
    std::filesystem::rename(fresh, file);
    sync_folder(file.parent_path());
}

namespace
{

constexpr std::chrono::milliseconds looks_every{250};

std::filesystem::path ballast_of(const std::filesystem::path& folder)
{
    return folder / "ballast";
}

// Nothing where the system does not say.
std::uint64_t size_of(const std::filesystem::path& file)
{
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

std::optional<std::uint64_t> free_in(const std::filesystem::path& folder)
{
    std::error_code unknown;
    const auto space = std::filesystem::space(folder, unknown);
    if (unknown) return std::nullopt;
    return space.available;
}

}  // namespace

disk_guard::disk_guard(std::filesystem::path folder, std::uint64_t reserve_bytes, std::uint64_t ballast_bytes)
    : folder_{std::move(folder)}, reserve_bytes_{reserve_bytes}, ballast_bytes_{ballast_bytes}
{
}

bool disk_guard::is_full()
{
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ >= looks_every)
    {
        asked_ = now;
        ballast_now_ = size_of(ballast_of(folder_));
        ballast_bytes_ = std::max(ballast_bytes_, ballast_now_);
        if (const auto found = free_in(folder_)) free_bytes_ = *found;
    }
    return free_bytes_ < reserve_bytes_ + (ballast_bytes_ - ballast_now_);
}

ballast::ballast(const std::filesystem::path& folder, std::uint64_t wanted_bytes, std::uint64_t reserve_bytes)
    : file_{ballast_of(folder)}, wanted_bytes_{wanted_bytes}, reserve_bytes_{reserve_bytes}
{
    if (wanted_bytes_ > 0) look();
    else if (size_of(file_) > 0) give_back(0);
}

void ballast::look()
{
    const auto now = std::chrono::steady_clock::now();
    if (wanted_bytes_ == 0 || now - looked_ < looks_every) return;
    looked_ = now;
    const auto free = free_in(file_.parent_path());
    if (!free) return;
    const auto held = size_of(file_);
    if (holds_bytes_ == 0) decide(*free, held);
    if (held > 0 && *free < room_for_postgresql_bytes) give_back(*free);
    else if (held < holds_bytes_ && *free >= reserve_bytes_ + holds_bytes_ + room_for_postgresql_bytes) make();
}

void ballast::decide(std::uint64_t free_bytes, std::uint64_t held)
{
    const auto all = free_bytes + held;
    const auto may_hold = std::min(wanted_bytes_, (all - std::min(all, reserve_bytes_)) / 4);
    if (may_hold >= room_for_postgresql_bytes / 2) holds_bytes_ = may_hold;
    // On a disk that is full already: what is there goes when the room is needed.
    holds_bytes_ = std::max(holds_bytes_, std::min(wanted_bytes_, held));
}

void ballast::make()
{
    int failed = 0;
    {
        const open_file opened{file_, O_WRONLY | O_CREAT};
        // Real blocks: a file with holes would hold no room.
        if (::fallocate(opened.descriptor, 0, 0, static_cast<off_t>(holds_bytes_)) != 0) failed = errno;
    }
    if (failed == 0)
    {
        log::info("ballast_made", {{"bytes", holds_bytes_}});
        return;
    }
    // A file system that cannot promise room, or no longer has it.
    log::warning("ballast_not_made", {{"why", std::generic_category().message(failed)}});
    std::error_code gone;
    std::filesystem::remove(file_, gone);
    if (failed == EOPNOTSUPP) wanted_bytes_ = holds_bytes_ = 0;
}

void ballast::give_back(std::uint64_t free_bytes)
{
    std::error_code failed;
    std::filesystem::remove(file_, failed);
    if (failed) log::error("ballast_not_given_back", {{"why", failed.message()}});
    else log::warning("ballast_given_back", {{"free_bytes", free_bytes}});
}

}  // namespace manent
