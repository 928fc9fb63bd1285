// From the configuration to the archive of one installation: where its repository is, and with which secret.
#pragma once

#include "core/config.hpp"
#include "core/crypto.hpp"
#include "store/archive.hpp"

#include <filesystem>
#include <optional>

namespace manent::serve
{

bool backup_is_configured(const config& settings);

// The archive of the cluster in `data`/primary, with its own files in `data`/backup. The repository's cipher pass
// follows from the master key, so that an exported key opens the repository too. Throws std::runtime_error when the
// file of the access key cannot be read.
store::archive_settings archive_of(const config& settings, const std::filesystem::path& data,
                                   const std::optional<store::account>& account, const secret_key& master);

// The name under which the installation in `data` keeps its backups: a restored one takes a new name, so that two that
// live never write into one archive. nullopt when there is no installation.
std::optional<std::string> stanza_in(const std::filesystem::path& data);
// Called before the database runs without its archive, as a command does that was not given the backup's settings: what
// is written then never reaches the archive, and the next keeper that has it closes the gap by a backup. Nothing where
// there never was an archive.
void note_run_without_archive(const std::filesystem::path& data);
void write_stanza(const std::filesystem::path& data, const std::string& stanza);

}  // namespace manent::serve
