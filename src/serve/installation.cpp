#include "serve/installation.hpp"

#include "core/log.hpp"
#include "serve/backup_settings.hpp"
#include "store/blocking.hpp"
#include "store/keyring.hpp"
#include "store/migrate.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

namespace manent::serve
{

std::optional<store::account> unprivileged_account(const config& settings)
{
    if (::geteuid() != 0) return std::nullopt;
    const std::string name = settings.account.empty() ? "postgres" : settings.account;
    auto found = store::find_account(name);
    if (!found) throw std::runtime_error("there is no account " + name + " to run as: set account to another");
    return found;
}

installation::installation(config settings, bool take)
    : settings_{std::move(settings)}, account_{unprivileged_account(settings_)}
{
    std::filesystem::create_directories(settings_.data);
    settings_.data = std::filesystem::canonical(settings_.data).string();
    if (take) take_folder();
}

installation::~installation()
{
    close();
    if (lock_ >= 0) ::close(lock_);
}

std::filesystem::path installation::key_file() const
{
    return std::filesystem::path{settings_.data} / "keys" / "master.key";
}

bool installation::is_demonstration() const
{
    store::blocking_connection owner{conninfo("manent_owner")};
    return !owner.query("SELECT 1 FROM manent.installation WHERE name = 'demonstration' AND value = 'true'").empty();
}

void installation::take_folder()
{
    const auto file = settings_.data + "/keeper.lock";
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_ < 0) throw std::runtime_error("cannot write in the data folder " + settings_.data);
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
        throw std::runtime_error("Manent runs already on " + settings_.data +
                                 ": stop it, or choose another folder with --data");
}

bool installation::keeper_is_running() const
{
    const int probe = ::open((settings_.data + "/keeper.lock").c_str(), O_RDWR | O_CLOEXEC);
    if (probe < 0) return false;
    const bool held = ::flock(probe, LOCK_EX | LOCK_NB) != 0;
    ::close(probe);
    return held;
}

std::string installation::database_base() const
{
    if (!settings_.database_address.empty()) return settings_.database_address;
    return "host=" + store::socket_folder(settings_.data).string() +
           " port=5432 dbname=manent connect_timeout=5 application_name=manent";
}

std::string installation::conninfo(std::string_view role) const
{
    return database_base() + " user=" + std::string{role};
}

store::blocking_connection installation::as_owner() const
{
    store::blocking_connection open{conninfo("manent_owner")};
    open.execute("SET row_security = off");
    return open;
}

std::optional<std::string> installation::standby_conninfo(std::string_view role) const
{
    if (!settings_.database_address.empty() || !settings_.database_standby) return std::nullopt;
    return "host=" + store::socket_folder(settings_.data).string() +
           " port=5433 dbname=manent connect_timeout=5 application_name=manent user=" + std::string{role};
}

store::cluster_settings installation::cluster_settings() const
{
    const auto binaries = store::find_postgresql();
    if (binaries.empty())
        throw std::runtime_error(
            "PostgreSQL 15 or later is not installed: apt install postgresql-15, or set database.address");
    store::cluster_settings wanted;
    wanted.data = settings_.data;
    wanted.sockets = store::socket_folder(settings_.data);
    wanted.binaries = binaries;
    wanted.run_as = account_;
    wanted.with_standby = settings_.database_standby;
    wanted.progress = [](std::string_view step) { std::cerr << "manent: " << step << "…\n"; };
    if (const auto archive = find_archive())
    {
        archive->prepare();
        write_stanza(settings_.data, archive->settings().stanza);
        wanted.more_settings = archive->server_settings();
    }
    else note_run_without_archive(settings_.data);
    return wanted;
}

std::unique_ptr<store::cluster> installation::make_cluster() const
{
    return store::cluster::make(cluster_settings());
}

std::optional<store::archive> installation::find_archive() const
{
    if (!backup_is_configured(settings_)) return std::nullopt;
    if (!settings_.database_address.empty())
        throw std::runtime_error(
            "the backup settings are for the program's own PostgreSQL: with database.address, back that server up "
            "where "
            "it runs, and leave them out");
    const std::filesystem::path data = settings_.data;
    // Before the first start of the database there may be no key yet; later a missing one is a loss, said further on.
    const bool is_fresh = !std::filesystem::exists(data / "primary") && !std::filesystem::exists(data / "standby");
    if (!is_fresh && !std::filesystem::exists(key_file())) return std::nullopt;
    make_key_folder();
    return store::archive{archive_of(settings_, data, account_, store::load_master_key(key_file(), is_fresh))};
}

std::unique_ptr<store::archive_keeper> installation::keep_archive() const
{
    if (archive_) return std::make_unique<store::archive_keeper>(*archive_, conninfo("manent_owner"));
    if (settings_.database_address.empty())
        log::warning("no_backup_configured",
                     {{"way_on", "set backup.folder or backup.s3_endpoint: see docs/operation.md"}});
    return nullptr;
}

void installation::make_key_folder() const
{
    std::filesystem::create_directories(key_file().parent_path());
    std::filesystem::permissions(key_file().parent_path(), std::filesystem::perms::owner_all);
}

void installation::open()
{
    const bool own = settings_.database_address.empty();
    archive_ = find_archive();
    if (own && (lock_ >= 0 || !keeper_is_running()))
    {
        cluster_ = make_cluster();
        cluster_->start();
    }
    migrate();
    check_master_key();
}

void installation::close()
{
    if (cluster_) cluster_->stop();
    cluster_.reset();
}

void installation::migrate()
{
    store::blocking_connection owner{conninfo("manent_owner")};
    owner.execute("SET synchronous_commit = local; SET statement_timeout = 0");
    store::create_roles(owner);
    const auto applied = store::migrate(owner);
    is_new_ = !applied.empty() && applied.front() == store::migrations().front().name;
    for (const auto& name : applied) log::info("migrated", {{"migration", name}});
}

void installation::check_master_key()
{
    make_key_folder();
    store::blocking_connection owner{conninfo("manent_owner")};
    const auto kept = owner.query("SELECT value FROM manent.installation WHERE name = 'master_key_check'");
    // A database that was written with a key must find that key again: a new one would only hide the loss.
    master_ = store::load_master_key(key_file(), kept.empty());
    const auto check = store::check_value(*master_);
    if (kept.empty())
        owner.query("INSERT INTO manent.installation (name, value) VALUES ('master_key_check', $1)",
                    {store::as_parameter(check)});
    else if (kept[0].get<std::string>(0) != check)
        throw std::runtime_error("the master key in " + key_file().string() +
                                 " is not the one this database was written with: put the exported key back");
}

}  // namespace manent::serve
