// What runs beside requests: looks each second whether a promise is broken that nobody need report (the second copy is
// away, access events were lost, the archive gets nothing), tells operators by mail of each beginning and end, and
// counts what is open. Belongs to one thread. Several processes may run it: what they notice is noted once, and each
// letter is written once.
#pragma once

#include "core/task.hpp"
#include "core/words.hpp"
#include "incident/rules.hpp"
#include "incident/service.hpp"
#include "store/database.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace manent::incident
{

// All must live longer than the watch.
struct watch_parts
{
    store::database* incidents = nullptr;  // the role manent_incident
    service* acts = nullptr;
    const words* sentences = nullptr;
    std::string public_url;                       // for the link in letters
    std::function<std::size_t()> accesses_lost;   // access events given up since the start
    std::function<void(promise, int)> show_open;  // told how many are open, of each promise
    bool expects_standby = false;                 // else a second copy is expected once one was seen
    std::chrono::seconds standby_away_max{60};
    service::archive_reader archive;
    std::chrono::seconds archive_failing_max{900};
};

class watch
{
public:
    explicit watch(watch_parts with);

    // Until stop().
    task<void> run();
    void stop();

private:
    // A standby that is back must stay for this long before the incident ends: one that comes and goes is one incident.
    static constexpr std::chrono::seconds standby_back_for{3};
    static constexpr std::chrono::seconds no_loss_for{60};
    static constexpr std::chrono::seconds archive_works_for{10};

    task<void> look();
    task<void> look_at_copies(bool awaited, std::vector<std::string> streaming);
    task<void> look_at_accesses();
    task<void> look_at_archive();
    // Writes a change down; false when that fails: it is due again at the next look.
    task<bool> settle(lasting& of, lasting::change due, finding noticed, json::object why_ended);
    task<void> tell(uuid incident, bool of_end, words::arguments with);

    watch_parts parts_;
    lasting copies_;
    lasting losses_{std::chrono::seconds{0}, no_loss_for};
    lasting archive_;
    std::size_t lost_before_ = 0;  // of which it has been told
    boost::asio::steady_timer* pausing_ = nullptr;
    bool stopped_ = false;
};

}  // namespace manent::incident
