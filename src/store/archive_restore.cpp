#include "store/archive_restore.hpp"

#include "store/blocking.hpp"
#include "store/cluster.hpp"
#include "store/cluster_files.hpp"

#include <chrono>
#include <fstream>
#include <thread>

namespace manent::store
{

restored_cluster::restored_cluster(archive from, std::filesystem::path binaries)
    : from_{std::move(from)}, binaries_{std::move(binaries)}, log_{from_.settings().logs / "restored.log"}
{
}

restored_cluster::~restored_cluster()
{
    stop();
}

void restored_cluster::restore(const restore_wish& wish)
{
    fetch(wish);
    start();
    wait_for_end_of_recovery(wish);
}

void restored_cluster::fetch(const restore_wish& wish) const
{
    const auto& chosen = from_.settings();
    cluster_files::make_private_folder(chosen.cluster, chosen.run_as);
    std::vector<std::string> arguments{"--stanza=" + chosen.stanza, "--archive-mode=off", "--log-level-console=detail"};
    if (wish.until)
    {
        auto target = format_utc(*wish.until);
        target.replace(target.find('Z'), 1, "+00");
        target.replace(target.find('T'), 1, " ");
        arguments.insert(arguments.end(), {"--type=time", "--target=" + target, "--target-action=promote"});
    }
    arguments.emplace_back("restore");
    archive::watch told;
    told.go_on = wish.go_on;
    told.line = [&](std::string_view line)
    {
        if (const auto percent = percent_in(line)) wish.progress("Restoring the backup", percent);
    };
    wish.progress("Restoring the backup", std::nullopt);
    const auto done = from_.run(std::move(arguments), told);
    if (wish.go_on && !wish.go_on()) throw restore_ended{};
    if (done.status != 0) throw std::runtime_error("the backup cannot be restored: " + done.trouble());
}

void restored_cluster::start()
{
    const auto& chosen = from_.settings();
    std::filesystem::create_directories(chosen.sockets.parent_path());
    cluster_files::make_private_folder(chosen.sockets, chosen.run_as);
    cluster_settings settings;
    settings.sockets = chosen.sockets;
    settings.run_as = chosen.run_as;
    cluster_files::write_settings(settings, chosen.cluster, cluster_files::primary_port);
    cluster_files::write_access(settings, chosen.cluster);
    child_settings wanted;
    // On the command line these stand above every file that came with the backup.
    wanted.command = {(binaries_ / "postgres").string(), "-D", chosen.cluster.string(), "-c", "archive_mode=off", "-c",
                      "synchronous_standby_names=",      "-c", "primary_conninfo="};
    wanted.run_as = chosen.run_as;
    wanted.log_file = log_;
    wanted.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
    wanted.when_keeper_dies = SIGINT;
    server_ = start_child(wanted);
}

void restored_cluster::wait_for_end_of_recovery(const restore_wish& wish)
{
    while (true)
    {
        if (wish.go_on && !wish.go_on()) throw restore_ended{};
        if (reap(server_))
        {
            server_ = 0;
            throw std::runtime_error("what is in the archive cannot be replayed: " + reason_of_server());
        }
        try
        {
            blocking_connection open{conninfo("manent_owner")};
            const auto state = open.query(
                "SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn()::text, ''), "
                "pg_last_xact_replay_timestamp()");
            replayed_until_ = state[0].get<std::string>(1);
            last_commit_ = state[0].get<std::optional<instant>>(2);
            if (!state[0].get<bool>(0)) return;
            wish.progress(last_commit_ ? "Replaying what came after the backup, now at " + format_utc(*last_commit_)
                                       : "Replaying what came after the backup",
                          std::nullopt);
        }
        catch (const connection_lost&)
        {
            // It accepts connections once its files are consistent.
            wish.progress("Replaying what came after the backup", std::nullopt);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

std::string restored_cluster::reason_of_server() const
{
    std::ifstream in{log_};
    std::string reason = "see " + log_.string();
    for (std::string line; std::getline(in, line);)
    {
        const auto at = line.find("FATAL:  ");
        if (at != std::string::npos) reason = line.substr(at + 8);
    }
    return reason;
}

std::string restored_cluster::conninfo(std::string_view role) const
{
    return "host=" + from_.settings().sockets.string() + " port=" + std::to_string(cluster_files::primary_port) +
           " dbname=manent connect_timeout=5 application_name=manent user=" + std::string{role};
}

void restored_cluster::settle()
{
    blocking_connection open{conninfo("manent_owner")};
    for (const auto* name : {"archive_mode", "restore_command", "recovery_target_time", "recovery_target_action",
                             "synchronous_standby_names"})
        open.execute(std::string{"ALTER SYSTEM RESET "} + name);
}

void restored_cluster::stop()
{
    if (server_ != 0) end_child(server_, {{SIGINT, 60}, {SIGQUIT, 5}, {SIGKILL, 5}});
    server_ = 0;
}

}  // namespace manent::store
