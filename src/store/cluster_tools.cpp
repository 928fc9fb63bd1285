#include "store/cluster_tools.hpp"

#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/cluster_files.hpp"

#include <unistd.h>

#include <stdexcept>
#include <thread>

namespace manent::store
{

namespace files = cluster_files;

void cluster_tools::prepare_folders() const
{
    if (settings_.run_as && !files::can_enter(settings_.data.parent_path(), *settings_.run_as))
        throw std::runtime_error("the account " + settings_.run_as->name + ", which PostgreSQL runs as, cannot enter " +
                                 settings_.data.parent_path().string() +
                                 ": choose another folder with --data, for example /var/lib/manent");
    files::make_private_folder(settings_.data / "logs", settings_.run_as);
    std::filesystem::create_directories(settings_.sockets.parent_path());
    files::make_private_folder(settings_.sockets, settings_.run_as);
}

child_settings cluster_tools::command(std::vector<std::string> arguments, std::string_view log_name) const
{
    child_settings made;
    made.command = std::move(arguments);
    made.command.front() = (settings_.binaries / made.command.front()).string();
    made.run_as = settings_.run_as;
    made.log_file = settings_.data / "logs" / (std::string{log_name} + ".log");
    made.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
    made.when_keeper_dies = SIGINT;
    return made;
}

void cluster_tools::run(std::vector<std::string> arguments, std::string_view what) const
{
    const int status = run_child(command(std::move(arguments), "setup"));
    if (status != 0)
        throw std::runtime_error(std::string{what} + " failed (status " + std::to_string(status) + "): see " +
                                 (settings_.data / "logs" / "setup.log").string());
}

void cluster_tools::give_to_account(const std::filesystem::path& folder) const
{
    if (!settings_.run_as || ::geteuid() != 0) return;
    for (const auto* name : {"manent.conf", "postgresql.conf", "pg_hba.conf", "pg_ident.conf", "standby.signal"})
    {
        const auto file = folder / name;
        if (std::filesystem::exists(file) &&
            ::chown(file.c_str(), settings_.run_as->user, settings_.run_as->group) != 0)
            throw std::runtime_error("cannot give " + file.string() + " to " + settings_.run_as->name);
    }
}

void cluster_tools::make_database(const std::filesystem::path& folder) const
{
    auto fresh = folder;
    fresh += ".new";
    std::filesystem::remove_all(fresh);
    files::make_private_folder(fresh, settings_.run_as);
    run({"initdb", "-D", fresh.string(), "-U", "manent_owner", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
         "--auth=peer", "--no-instructions"},
        "initdb");
    std::filesystem::rename(fresh, folder);
}

bool cluster_tools::wait_for(postmaster& primary) const
{
    // Crash recovery may replay a quarter of a gigabyte.
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes{2};
    while (true)
    {
        if (const auto ended = primary.take_end())
        {
            log::warning("postgresql_ended", {{"which", primary.name()}, {"status", *ended}});
            return false;
        }
        try
        {
            blocking_connection open{administrative_conninfo(), std::chrono::seconds{10}};
            if (open.query("SELECT 1 FROM pg_database WHERE datname = 'manent'").empty())
                open.execute("CREATE DATABASE manent");
            return true;
        }
        catch (const connection_lost&)
        {
            if (std::chrono::steady_clock::now() > give_up) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
}

std::string cluster_tools::conninfo(std::string_view role, int port) const
{
    return "host=" + settings_.sockets.string() + " port=" + std::to_string(port) +
           " dbname=manent connect_timeout=5 application_name=manent user=" + std::string{role};
}

bool cluster_tools::is_answered(const std::string& conninfo, std::chrono::milliseconds patience)
{
    try
    {
        blocking_connection{conninfo, patience}.query("SELECT 1");
        return true;
    }
    catch (const std::exception&)
    {
        return false;
    }
}

std::string cluster_tools::administrative_conninfo() const
{
    return "host=" + settings_.sockets.string() + " port=" + std::to_string(files::primary_port) +
           " dbname=postgres user=manent_owner";
}

}  // namespace manent::store
