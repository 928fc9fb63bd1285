#include "serve/borrowed_archive.hpp"

#include "serve/backup_settings.hpp"
#include "serve/key_command.hpp"
#include "store/keyring.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::string names_of(const std::vector<store::kept_stanza>& all)
{
    std::string made;
    for (const auto& each : all) made += (made.empty() ? "" : ", ") + each.name;
    return made;
}

}  // namespace

borrowed_archive::borrowed_archive(const config& settings, const std::optional<store::account>& account,
                                   const secret_key& master, std::filesystem::path folder)
    : folder_{std::move(folder)}
{
    if (!backup_is_configured(settings))
        throw std::runtime_error("no backup is configured: set backup.folder or backup.s3_endpoint");
    std::filesystem::create_directories(folder_.parent_path());
    if (!std::filesystem::create_directory(folder_))
        throw std::runtime_error("there is something at " + folder_.string() + " already: choose another folder");
    try
    {
        archive_.emplace(archive_of(settings, folder_, account, master));
        archive_->prepare();
    }
    catch (...)
    {
        std::filesystem::remove_all(folder_);
        throw;
    }
}

borrowed_archive::~borrowed_archive()
{
    std::error_code gone;
    std::filesystem::remove_all(archive_->settings().sockets, gone);
    std::filesystem::remove_all(folder_, gone);
}

store::kept_stanza borrowed_archive::choose(const std::optional<std::string>& wished, const std::filesystem::path& data)
{
    const auto all = archive_->list();
    const auto own = wished ? wished : stanza_in(data);
    if (!own && all.size() > 1)
        throw std::runtime_error("the repository holds the backups of several clusters: choose one with --stanza (" +
                                 names_of(all) + ")");
    const auto found = own ? std::ranges::find(all, *own, &store::kept_stanza::name) : all.begin();
    if (found == all.end())
        throw std::runtime_error("the repository holds no backup" + (own ? " of " + *own : std::string{}) +
                                 (all.empty() ? "" : ", but those of " + names_of(all)));
    if (!found->trouble.empty()) throw std::runtime_error("the repository cannot be read: " + found->trouble);
    auto chosen = archive_->settings();
    chosen.stanza = found->name;
    archive_.emplace(std::move(chosen));
    archive_->prepare();
    return *found;
}

secret_key key_for_backup(const std::optional<std::string>& export_file, const std::filesystem::path& data)
{
    if (export_file) return read_exported_key(*export_file);
    const auto own = data / "keys" / "master.key";
    if (!std::filesystem::exists(own))
        throw std::runtime_error("there is no master key at " + own.string() +
                                 ": name the file of an exported one with --key");
    return store::load_master_key(own, false);
}

std::string on_own_clock(instant at)
{
    try
    {
        return format_in(date::current_zone(), at);
    }
    catch (const std::exception&)
    {
        return format_utc(at);
    }
}

std::string in_megabytes(std::int64_t bytes)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text.data();
}

}  // namespace manent::serve
