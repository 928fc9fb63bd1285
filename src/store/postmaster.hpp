// One PostgreSQL server of the embedded pair as a process: started on its folder, reaped, and ended together with every
// process that works there, so that no two servers ever share a folder.
#pragma once

#include "store/child_process.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace manent::store
{

class postmaster
{
public:
    postmaster(std::string name, std::filesystem::path folder);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    // Ends in a row, each within five seconds of its start.
    [[nodiscard]] int failures() const { return failures_; }
    void forget_failures() { failures_ = 0; }
    [[nodiscard]] std::chrono::steady_clock::time_point started() const { return started_; }

    // A database lies in its folder.
    [[nodiscard]] bool has_database() const;

    void launch(const child_settings& how);
    // Its status once, when it has ended by itself since the last call.
    std::optional<int> take_end();
    // A server that dies at once is tried again at leisure, the first times at once.
    [[nodiscard]] bool may_start() const;
    // Asks with each signal for so many seconds, then kills it with all it has started, whether or not they are
    // stopped. False while a process works in the folder all the same (one that waits for a broken disk): then nothing
    // may be started there.
    bool end_whole(const std::vector<std::pair<int, int>>& signals_and_seconds);

private:
    std::string name_;  // primary, standby
    std::filesystem::path folder_;
    pid_t pid_ = 0;
    int failures_ = 0;
    std::chrono::steady_clock::time_point started_;
};

// Kills whatever server process works in the folder, whoever started it; false while one is left.
bool end_strays(const std::filesystem::path& folder);

}  // namespace manent::store
