// The program's own PostgreSQL: a primary and a synchronous standby on unix sockets under the data folder, kept as
// child processes. Stale pid files, crashes of either and a standby that cannot follow are its business; so is the
// switch to one copy while the standby is away, and back; so is the promotion of the standby when the primary is lost.
// Used by the keeper, and by the commands that work on a data folder without one.
#pragma once

#include "store/child_process.hpp"
#include "store/keeper_desk.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace manent::store
{

struct cluster_settings
{
    std::filesystem::path data;      // holds primary/, standby/, logs/
    std::filesystem::path sockets;   // short: a unix socket's path has 107 bytes
    std::filesystem::path binaries;  // of PostgreSQL 15 or later
    std::optional<account> run_as;   // PostgreSQL refuses to run as root
    bool with_standby = true;
    std::string more_settings;                       // lines for PostgreSQL's configuration, such as the archive's
    std::function<void(std::string_view)> progress;  // long steps, for the terminal
};

class cluster
{
public:
    static std::unique_ptr<cluster> make(cluster_settings settings);
    virtual ~cluster() = default;

    // Makes what is missing, starts both and returns when the primary answers; promotes the standby when the primary is
    // lost and the standby holds every acknowledged word. Throws std::runtime_error, with the place of the log or the
    // way on, when nothing answers.
    virtual void start() = 0;
    // Looks after the processes; called a few times a second from the thread that called start().
    virtual void supervise() = 0;
    // Primary first, so that the standby receives all of it.
    virtual void stop() = 0;

    // Makes the standby the primary; the former primary is ended with all its processes before, and its folder renamed
    // aside. Without `force` only when the primary does not answer and the standby holds every acknowledged word. Also
    // on a cluster that was not started, whose new primary then runs until stop().
    virtual keeper_answer promote(bool force) = 0;
    // So many since start(): after each, whatever others remember of the database was read from the former primary.
    [[nodiscard]] virtual int promotions() const = 0;

    // For libpq; `role` is one of the program's, or manent_owner.
    [[nodiscard]] virtual std::string primary_conninfo(std::string_view role) const = 0;
    [[nodiscard]] virtual std::string standby_conninfo(std::string_view role) const = 0;
};

// The newest PostgreSQL of at least version 15 that Debian's packages installed; empty when there is none.
std::filesystem::path find_postgresql();

// A folder for sockets that belongs to one data folder: short, private, the same at each start.
std::filesystem::path socket_folder(const std::filesystem::path& data);

}  // namespace manent::store
