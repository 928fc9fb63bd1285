// The watchdog over the copies. Commits wait for every standby that is there: when they have waited two seconds for one
// that is away, it is taken out of synchronous_standby_names, in one named act with a generation number; when it has
// caught up, it is named again. What it does stands in the data folder's copies_record first. Runs on a thread of its
// own, because a primary that hangs would hang whoever asks it.
#pragma once

#include "store/standby_health.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace manent::store
{

class blocking_connection;
class copies_record;

class copies_switch
{
public:
    // `standbys` by name; the record is the first one's, which is this machine's own.
    copies_switch(std::string conninfo, std::vector<std::string> standbys, copies_record& record);
    ~copies_switch();
    copies_switch(const copies_switch&) = delete;
    copies_switch& operator=(const copies_switch&) = delete;

    // The primary no longer keeps the WAL that the standby would need.
    [[nodiscard]] bool standby_is_lost() const { return lost_; }

private:
    void watch();
    std::unique_ptr<blocking_connection> connect();
    void look(blocking_connection& on);
    std::vector<std::string> who_is_there(blocking_connection& on);
    void name_standbys(blocking_connection& on, const std::vector<std::string>& names, std::string_view why);
    void see_whether_whole(blocking_connection& on);

    std::string conninfo_;
    std::vector<std::string> standbys_;
    standby_health health_;
    copies_record& record_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> lost_ = false;
    std::chrono::steady_clock::time_point named_at_;
    std::optional<std::string> whole_from_;  // this machine's standby is whole once its log reaches here
    std::thread thread_;
};

}  // namespace manent::store
