// Keeps the archive going beside the keeper: sets the repository up, takes the first backup at once and the others at
// night, watches whether what is written reaches it, and says so in the log and in the state file. On a thread of its
// own, so that a store that does not answer, or a primary that hangs, holds nobody up; ending it ends a backup too.
#pragma once

#include "store/archive.hpp"
#include "store/archive_plan.hpp"
#include "store/archive_state.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace manent::store
{

class blocking_connection;

class archive_keeper
{
public:
    // `conninfo` is the owner's, to the primary.
    archive_keeper(archive kept, std::string conninfo);
    // Within seconds. Where the archive does not answer it also keeps PostgreSQL from asking it once more at its
    // shutdown; what was not archived stays in its log and follows after the next start.
    ~archive_keeper();
    archive_keeper(const archive_keeper&) = delete;
    archive_keeper& operator=(const archive_keeper&) = delete;

private:
    using clock = std::chrono::steady_clock;

    void work();
    bool set_up();
    void read_repository();
    void take_backup(backup_kind kind);
    void failed(std::string_view event, std::string trouble);
    void succeeded();

    // Asked many times a second, also while a command of pgBackRest runs.
    bool go_on();
    void look_at_primary();
    void judge(bool failing, int waiting);
    void follow_timeline(const std::string& timeline);
    void release_shutdown();
    void write_state();

    archive archive_;
    std::string conninfo_;
    archive_state state_;
    backup_rhythm rhythm_;
    std::unique_ptr<blocking_connection> primary_;
    clock::time_point next_look_;
    clock::time_point next_act_;
    clock::time_point next_reading_;
    int failures_ = 0;
    int queue_limit_mb_ = 0;  // as pgBackRest has it
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace manent::store
