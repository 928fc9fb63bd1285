// A cluster that is brought back from the archive into a folder of its own, on sockets of its own. It never archives
// and follows nobody. Used by the drill, which throws it away, and by the restore, which hands it over to an
// installation.
#pragma once

#include "store/archive.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace manent::store
{

class blocking_connection;

struct restore_wish
{
    std::optional<instant> until;  // nullopt: all that the archive holds
    std::function<void(std::string_view what, std::optional<double> percent)> progress;
    std::function<bool()> go_on;  // false ends it, by the exception `restore_ended`
};

struct restore_ended : std::runtime_error
{
    restore_ended() : std::runtime_error("it was ended before it was done") {}
};

class restored_cluster
{
public:
    // `from.settings().cluster` is the folder to restore into, which must not exist yet; `binaries` are PostgreSQL's.
    restored_cluster(archive from, std::filesystem::path binaries);
    ~restored_cluster();
    restored_cluster(const restored_cluster&) = delete;
    restored_cluster& operator=(const restored_cluster&) = delete;

    // Files from the newest backup that began before the wished time, then everything of the archive up to it. Returns
    // when the cluster takes writes. Throws std::runtime_error with pgBackRest's or PostgreSQL's reason.
    void restore(const restore_wish& wish);
    // How far its log was replayed, "0/5000148".
    [[nodiscard]] const std::string& replayed_until() const { return replayed_until_; }
    // The last commit that was replayed; nullopt when there was none after the backup.
    [[nodiscard]] std::optional<instant> last_commit() const { return last_commit_; }

    [[nodiscard]] std::string conninfo(std::string_view role) const;
    // Removes what only the recovery needed, so that an installation can start on the folder.
    void settle();
    void stop();

private:
    void fetch(const restore_wish& wish) const;
    void start();
    void wait_for_end_of_recovery(const restore_wish& wish);
    [[nodiscard]] std::string reason_of_server() const;

    archive from_;
    std::filesystem::path binaries_;
    std::filesystem::path log_;
    pid_t server_ = 0;
    std::string replayed_until_;
    std::optional<instant> last_commit_;
};

}  // namespace manent::store
