#include "store/copies_switch.hpp"

#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/copies_record.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace manent::store
{

namespace
{

// One look: what is named now, the longest wait for it, whether the standby streams and has all but a sliver, whether
// its slot still holds what it needs, and when it last spoke, by its own clock.
constexpr std::string_view state_of_copies = R"(
SELECT current_setting('synchronous_standby_names'),
       coalesce((SELECT max(extract(epoch FROM clock_timestamp() - query_start)) FROM pg_stat_activity
                 WHERE wait_event = 'SyncRep'), 0)::float8,
       coalesce((SELECT bool_or(state = 'streaming' AND pg_current_wal_flush_lsn() - flush_lsn < 1048576)
                 FROM pg_stat_replication WHERE application_name = $1), false),
       coalesce((SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = $1), false),
       coalesce((SELECT max(extract(epoch FROM reply_time)) FROM pg_stat_replication WHERE application_name = $1),
                0)::float8)";

}  // namespace

copies_switch::copies_switch(std::string conninfo, std::string standby, copies_record& record)
    : conninfo_{std::move(conninfo)}, standby_{std::move(standby)}, record_{record}, thread_{[this] { watch(); }}
{
}

copies_switch::~copies_switch()
{
    {
        const std::lock_guard held{guard_};
        stopping_ = true;
        // The thread may be waiting for a primary that hangs.
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    thread_.join();
}

std::unique_ptr<blocking_connection> copies_switch::connect()
{
    constexpr std::chrono::seconds patience{5};
    auto open = std::make_unique<blocking_connection>(conninfo_, patience);
    {
        const std::lock_guard held{guard_};
        if (stopping_) throw connection_lost{"the watch ends"};
        socket_ = open->duplicate_socket();
    }
    open->execute("SET synchronous_commit = local; SET statement_timeout = '2s'");
    return open;
}

void copies_switch::close_socket()
{
    const std::lock_guard held{guard_};
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

void copies_switch::watch()
{
    std::unique_ptr<blocking_connection> open;
    while (!stopping_)
    {
        try
        {
            if (!open) open = connect();
            look(*open);
        }
        catch (const std::exception&)
        {
            // The primary is away or restarting; the next look finds it.
            open.reset();
            close_socket();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
    close_socket();
}

void copies_switch::look(blocking_connection& on)
{
    const auto state = on.query(std::string{state_of_copies}, {as_parameter(standby_)});
    const bool named = !state[0].get<std::string>(0).empty();
    const double waited_s = state[0].get<double>(1);
    const bool caught_up = state[0].get<bool>(2) && speaks(state[0].get<double>(4));
    lost_ = state[0].get<bool>(3);
    constexpr double patience_s = 2.0;
    if (named && !caught_up && waited_s > patience_s) name_standbys(on, "", "standby_away");
    else if (!named && caught_up) name_standbys(on, standby_, "standby_caught_up");
    else if (named && caught_up && !record_.standby_is_whole()) see_whether_whole(on);
}

// A standby that lives speaks each second; one that hangs is listed for five. Its clock may differ from ours, or be
// set: only that what it says of the time changes tells that it spoke.
bool copies_switch::speaks(double said_at)
{
    const auto now = std::chrono::steady_clock::now();
    if (said_at != said_at_ && said_at_ != 0) heard_at_ = now;
    said_at_ = said_at;
    return heard_at_ && now - *heard_at_ < std::chrono::seconds{2};
}

void copies_switch::name_standbys(blocking_connection& on, const std::string& names, std::string_view why)
{
    // Before the first word is acknowledged without the standby: what cannot be noted must not happen.
    if (names.empty()) record_.set_standby_whole(false);
    whole_from_.reset();
    named_at_ = std::chrono::steady_clock::now();
    on.execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
    on.query("SELECT pg_reload_conf()");
    log::warning("copies_switched",
                 {{"to", names.empty() ? 1 : 2}, {"why", why}, {"generation", record_.next_generation()}});
}

// Commits wait for the standby soon after it is named, when the server has read its settings; what was committed until
// then is on the standby once its log has passed the position that the primary had a second later.
void copies_switch::see_whether_whole(blocking_connection& on)
{
    constexpr std::chrono::seconds settings_are_read{1};
    if (std::chrono::steady_clock::now() - named_at_ < settings_are_read) return;
    if (!whole_from_)
    {
        whole_from_ = on.query("SELECT pg_current_wal_insert_lsn()::text")[0].get<std::string>(0);
        return;
    }
    const auto reached = on.query(
        "SELECT 1 FROM pg_stat_replication WHERE application_name = $1 AND sync_state IN ('sync', 'quorum') "
        "AND flush_lsn >= $2::pg_lsn",
        {as_parameter(standby_), as_parameter(*whole_from_)});
    if (reached.empty()) return;
    record_.set_standby_whole(true);
    log::info("standby_whole");
}

}  // namespace manent::store
