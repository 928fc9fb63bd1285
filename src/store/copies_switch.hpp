// The watchdog between two copies and one. When commits have waited two seconds for a standby that is away, it empties
// synchronous_standby_names, in one named act with a generation number; when the standby has caught up, it names it
// again. What it does stands in the data folder's copies_record first. Runs on a thread of its own, because a primary
// that hangs would hang whoever asks it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace manent::store
{

class blocking_connection;
class copies_record;

class copies_switch
{
public:
    copies_switch(std::string conninfo, std::string standby, copies_record& record);
    ~copies_switch();
    copies_switch(const copies_switch&) = delete;
    copies_switch& operator=(const copies_switch&) = delete;

    // The primary no longer keeps the WAL that the standby would need.
    [[nodiscard]] bool standby_is_lost() const { return lost_; }

private:
    void watch();
    std::unique_ptr<blocking_connection> connect();
    void close_socket();
    void look(blocking_connection& on);
    bool speaks(double said_at);
    void name_standbys(blocking_connection& on, const std::string& names, std::string_view why);
    void see_whether_whole(blocking_connection& on);

    std::string conninfo_;
    std::string standby_;
    copies_record& record_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> lost_ = false;
    std::chrono::steady_clock::time_point named_at_;
    std::optional<std::string> whole_from_;  // the standby is whole once its log reaches here
    std::mutex guard_;
    int socket_ = -1;     // of the watch's connection, for whoever ends it; under the guard
    double said_at_ = 0;  // by the standby's clock
    std::optional<std::chrono::steady_clock::time_point> heard_at_;
    std::thread thread_;
};

}  // namespace manent::store
