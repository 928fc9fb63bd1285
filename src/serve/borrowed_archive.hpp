// The backup repository as a reader needs it, beside an installation or without one: its own configuration in a folder
// that is removed at the end, with a key that may be an exported one. Nothing is ever written into the repository.
#pragma once

#include "core/config.hpp"
#include "core/crypto.hpp"
#include "store/archive.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace manent::serve
{

class borrowed_archive
{
public:
    // `folder` must not exist yet. Throws std::runtime_error when no backup is configured.
    borrowed_archive(const config& settings, const std::optional<store::account>& account, const secret_key& master,
                     std::filesystem::path folder);
    ~borrowed_archive();
    borrowed_archive(const borrowed_archive&) = delete;
    borrowed_archive& operator=(const borrowed_archive&) = delete;

    // Chooses the backups of one cluster: `wished`, else those of the installation in `data`, else the only ones that
    // there are. Throws std::runtime_error that names the choices when there are several, or what keeps them closed.
    store::kept_stanza choose(const std::optional<std::string>& wished, const std::filesystem::path& data);
    [[nodiscard]] const store::archive& archive() const { return *archive_; }

private:
    std::filesystem::path folder_;
    std::optional<store::archive> archive_;
};

// The key in an export, or that of the installation in `data` when none is named. Throws std::runtime_error.
secret_key key_for_backup(const std::optional<std::string>& export_file, const std::filesystem::path& data);

// "2026-11-25T20:58:39+01:00", on the machine's own clock.
std::string on_own_clock(instant at);
// "21.9 MB"
std::string in_megabytes(std::int64_t bytes);

}  // namespace manent::serve
