// One installation on this machine: its data folder, its database and its master key, as the keeper and the commands of
// the command line need them.
#pragma once

#include "core/config.hpp"
#include "core/crypto.hpp"
#include "store/archive_keeper.hpp"
#include "store/blocking.hpp"
#include "store/cluster.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace manent::serve
{

// Whom a program started by root becomes; nullopt when another started it. Throws std::runtime_error.
std::optional<store::account> unprivileged_account(const config& settings);

class installation
{
public:
    // Takes the data folder for this process. Throws std::runtime_error when another keeper holds it.
    installation(config settings, bool take_folder);
    ~installation();
    installation(const installation&) = delete;
    installation& operator=(const installation&) = delete;

    // Starts the program's own PostgreSQL unless an address is configured or it runs already, creates roles, migrates,
    // and checks that the master key is the one this database was written with. Throws std::runtime_error.
    void open();
    void close();
    // For the program's own PostgreSQL. Throws std::runtime_error when none is installed.
    [[nodiscard]] store::cluster_settings cluster_settings() const;
    // The program's own PostgreSQL as yet unstarted, for a command that does the keeper's work. Throws
    // std::runtime_error.
    [[nodiscard]] std::unique_ptr<store::cluster> make_cluster() const;
    [[nodiscard]] bool keeper_is_running() const;
    [[nodiscard]] std::filesystem::path data() const { return settings_.data; }

    // libpq conninfo without user.
    [[nodiscard]] std::string database_base() const;
    [[nodiscard]] std::string conninfo(std::string_view role) const;
    // Sees every practice's rows. Throws store::connection_lost.
    [[nodiscard]] store::blocking_connection as_owner() const;
    [[nodiscard]] std::optional<std::string> standby_conninfo(std::string_view role) const;
    [[nodiscard]] const secret_key& master() const { return *master_; }
    // Whether open() made the schema from nothing.
    [[nodiscard]] bool is_new() const { return is_new_; }
    [[nodiscard]] std::filesystem::path key_file() const;
    [[nodiscard]] bool is_demonstration() const;
    [[nodiscard]] std::optional<store::account> account() const { return account_; }
    store::cluster* cluster() { return cluster_.get(); }
    // Of the program's own PostgreSQL, when a backup is configured.
    [[nodiscard]] const std::optional<store::archive>& archive() const { return archive_; }
    // Keeps the archive going until it is destroyed; nullptr, said once in the log, when no backup is configured.
    [[nodiscard]] std::unique_ptr<store::archive_keeper> keep_archive() const;

private:
    void take_folder();
    [[nodiscard]] std::optional<store::archive> find_archive() const;
    void make_key_folder() const;
    void migrate();
    void check_master_key();

    config settings_;
    std::optional<store::account> account_;
    std::unique_ptr<store::cluster> cluster_;
    std::optional<secret_key> master_;
    std::optional<store::archive> archive_;
    int lock_ = -1;
    bool is_new_ = false;
};

}  // namespace manent::serve
