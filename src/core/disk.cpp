#include "core/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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
