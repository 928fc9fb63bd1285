#include "store/cluster_files.hpp"

#include "core/crypto.hpp"
#include "core/disk.hpp"
#include "core/log.hpp"
#include "store/distant_standbys.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

namespace manent::store
{

std::filesystem::path find_postgresql()
{
    for (const auto* version : {"17", "16", "15"})
    {
        std::filesystem::path binaries = std::string{"/usr/lib/postgresql/"} + version + "/bin";
        if (std::filesystem::exists(binaries / "postgres")) return binaries;
    }
    return {};
}

std::filesystem::path socket_folder(const std::filesystem::path& data)
{
    const auto whole = std::filesystem::weakly_canonical(data).string();
    const auto mark = to_hex(byte_view{sha256(as_bytes(whole))}.first(6));
    if (::geteuid() == 0) return std::filesystem::path{"/run/manent"} / mark;
    return std::filesystem::path{"/tmp"} / ("manent-" + std::to_string(::geteuid())) / mark;
}

namespace cluster_files
{

namespace
{

void write_file(const std::filesystem::path& file, const std::string& content)
{
    const auto fresh = file.string() + ".new";
    std::ofstream out{fresh, std::ios::trunc};
    out << content;
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    std::filesystem::rename(fresh, file);
}

// Empty for a process that has ended and was not reaped.
std::string command_line(pid_t process)
{
    std::ifstream in{"/proc/" + std::to_string(process) + "/cmdline", std::ios::binary};
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

bool is_postgres_on(pid_t process, const std::filesystem::path& folder)
{
    const auto line = command_line(process);
    return line.find("postgres") != std::string::npos && line.find(folder.string()) != std::string::npos;
}

void clear_socket_locks(const std::filesystem::path& sockets)
{
    std::error_code unreadable;
    for (const auto& each : std::filesystem::directory_iterator{sockets, unreadable})
    {
        if (each.path().extension() != ".lock") continue;
        pid_t process = 0;
        std::ifstream{each.path()} >> process;
        const bool in_use = process > 1 && command_line(process).find("postgres") != std::string::npos;
        if (!in_use) std::filesystem::remove(each.path(), unreadable);
    }
}

void end_orphan(pid_t process)
{
    static constexpr std::array<std::pair<int, int>, 3> pleas{{{SIGINT, 10}, {SIGQUIT, 5}, {SIGKILL, 5}}};
    for (const auto& [signal, seconds] : pleas)
    {
        ::kill(process, signal);
        for (int waited = 0; waited < seconds * 50 && is_alive(process); ++waited)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        if (!is_alive(process)) return;
    }
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder, const std::optional<account>& owner)
{
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    if (owner && ::geteuid() == 0 && ::chown(folder.c_str(), owner->user, owner->group) != 0)
        throw std::runtime_error("cannot give " + folder.string() + " to " + owner->name);
}

bool is_gone(const std::filesystem::path& folder)
{
    for (const auto* part : {"PG_VERSION", "global/pg_control"})
    {
        std::error_code unknown;
        const auto found = std::filesystem::status(folder / part, unknown);
        if (found.type() == std::filesystem::file_type::not_found) return true;
    }
    return false;
}

bool is_standby(const std::filesystem::path& folder)
{
    std::error_code unknown;
    return std::filesystem::exists(folder / "standby.signal", unknown);
}

std::optional<std::filesystem::path> set_aside(const std::filesystem::path& folder)
{
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder))) return std::nullopt;
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc = {};
    ::gmtime_r(&now, &utc);
    std::array<char, 32> stamp{};
    std::strftime(stamp.data(), stamp.size(), "%Y%m%dT%H%M%SZ", &utc);
    auto aside = folder;
    aside += std::string{".fenced-"} + stamp.data();
    for (int n = 2; std::filesystem::exists(aside); ++n)
    {
        aside = folder;
        aside += std::string{".fenced-"} + stamp.data() + "-" + std::to_string(n);
    }
    std::filesystem::rename(folder, aside);
    return aside;
}

bool has_room(const std::filesystem::path& folder)
{
    std::error_code unknown;
    const auto space = std::filesystem::space(folder, unknown);
    return unknown || space.available >= room_for_postgresql_bytes;
}

bool can_enter(const std::filesystem::path& folder, const account& as)
{
    for (auto each = std::filesystem::weakly_canonical(folder); !each.empty(); each = each.parent_path())
    {
        struct stat found = {};
        if (::stat(each.c_str(), &found) == 0)
        {
            const bool enterable = (found.st_mode & S_IXOTH) != 0 ||
                                   (found.st_gid == as.group && (found.st_mode & S_IXGRP) != 0) ||
                                   (found.st_uid == as.user && (found.st_mode & S_IXUSR) != 0);
            if (!enterable) return false;
        }
        if (each == each.root_path()) break;
    }
    return true;
}

void write_settings(const cluster_settings& settings, const std::filesystem::path& folder, int port)
{
    std::ostringstream text;
    text << "# Written by Manent at each start; edit nothing here.\n"
         << "listen_addresses = ''\n"
         << "unix_socket_directories = '" << settings.sockets.string() << "'\n"
         << "unix_socket_permissions = 0700\n"
         << "port = " << port << "\n"
         << "max_connections = 100\n"
         << "shared_buffers = 256MB\n"
         << "wal_level = replica\n"
         << "synchronous_commit = on\n"
         << "max_wal_senders = 8\n"
         // Slots of standbys, and as many again for where each connection's commits end: see
         // database/0035_commit_origins.sql.
         << "max_replication_slots = 32\n"
         // Half of the reserve that the disk guard keeps free.
         << "min_wal_size = 80MB\nmax_wal_size = 256MB\nmax_slot_wal_keep_size = 512MB\n"
         << "wal_sender_timeout = 5s\nwal_receiver_timeout = 5s\nwal_receiver_status_interval = 1s\n"
         << "hot_standby = on\nhot_standby_feedback = on\n"
         << "jit = off\ntimezone = 'UTC'\ndatestyle = 'ISO, YMD'\nlc_messages = 'C'\n"
         << "idle_in_transaction_session_timeout = 30s\nstatement_timeout = 30s\n"
         // A statement's text or an error's detail may quote somebody's data: neither goes into a log.
         << "log_min_error_statement = panic\nlog_error_verbosity = terse\n"
         << "log_parameter_max_length = 0\nlog_parameter_max_length_on_error = 0\n"
         << settings.more_settings;
    // The last word on where it listens.
    if (port == primary_port) text << distant_standbys{settings.data}.settings(port);
    write_file(folder / "manent.conf", text.str());
    std::ifstream in{folder / "postgresql.conf"};
    std::stringstream content;
    content << in.rdbuf();
    const std::string include = "include = 'manent.conf'";
    if (content.str().find(include) == std::string::npos)
        write_file(folder / "postgresql.conf", content.str() + "\n" + include + "\n");
}

void write_access(const cluster_settings& settings, const std::filesystem::path& folder)
{
    write_file(folder / "pg_hba.conf", "local all all peer map=manent\nlocal replication all peer map=manent\n" +
                                           distant_standbys{settings.data}.access());
    const std::string self = settings.run_as ? settings.run_as->name : std::string{};
    std::ostringstream identities;
    for (const auto* role : {"manent_owner", "manent_app", "manent_identity", "manent_index", "manent_mail",
                             "manent_audit", "manent_incident"})
    {
        identities << "manent root " << role << "\n";
        if (!self.empty()) identities << "manent " << self << " " << role << "\n";
        else identities << "manent /^(.*)$ " << role << "\n";
    }
    write_file(folder / "pg_ident.conf", identities.str());
}

void write_standby_settings(const cluster_settings& settings, const std::filesystem::path& folder,
                            const std::string& primary, std::string_view slot)
{
    write_settings(settings, folder, standby_port);
    std::string doubled;
    for (const char each : primary) doubled += each == '\'' ? std::string{"''"} : std::string{each};
    std::ofstream out{folder / "manent.conf", std::ios::app};
    out << "primary_conninfo = '" << doubled << "'\n"
        << "primary_slot_name = '" << slot << "'\n";
    std::ofstream{folder / "standby.signal"};
}

void clear_leftovers(const std::filesystem::path& folder, const std::filesystem::path& sockets)
{
    const auto file = folder / "postmaster.pid";
    std::ifstream in{file};
    pid_t process = 0;
    in >> process;
    // Without a number, as a power cut leaves it between its making and its writing, PostgreSQL would never start
    // again.
    if (process > 1 && is_alive(process) && is_postgres_on(process, folder))
    {
        log::warning("cluster_orphan_ended", {{"folder", folder.filename().string()}, {"pid", process}});
        end_orphan(process);
    }
    std::error_code gone;
    std::filesystem::remove(file, gone);
    clear_socket_locks(sockets);
}

}  // namespace cluster_files

}  // namespace manent::store
