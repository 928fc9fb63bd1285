#include "store/copies_switch.hpp"

#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/copies_record.hpp"

#include <algorithm>

namespace manent::store
{

namespace
{

// What is named now, the longest wait for it, and whether the slot of this machine's standby still holds what it needs.
constexpr std::string_view state_of_copies = R"(
SELECT current_setting('synchronous_standby_names'),
       coalesce((SELECT max(extract(epoch FROM clock_timestamp() - query_start)) FROM pg_stat_activity
                 WHERE wait_event = 'SyncRep'), 0)::float8,
       coalesce((SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = $1), false))";

// One that was cut off may stay listed for a moment beside its new connection.
constexpr std::string_view streaming_standbys = R"(
SELECT application_name, min(pg_current_wal_flush_lsn() - flush_lsn)::int8,
       max(extract(epoch FROM reply_time))::float8
FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn IS NOT NULL AND application_name = ANY ($1)
GROUP BY application_name ORDER BY array_position($1, application_name))";

bool contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::ranges::find(names, name) != names.end();
}

bool includes_all(const std::vector<std::string>& whole, const std::vector<std::string>& part)
{
    return std::ranges::all_of(part, [&](const auto& each) { return contains(whole, each); });
}

}  // namespace

copies_switch::copies_switch(std::string conninfo, std::vector<std::string> standbys, copies_record& record)
    : conninfo_{std::move(conninfo)}, standbys_{std::move(standbys)}, record_{record}, thread_{[this] { watch(); }}
{
}

copies_switch::~copies_switch()
{
    stopping_ = true;
    thread_.join();
}

std::unique_ptr<blocking_connection> copies_switch::connect()
{
    constexpr std::chrono::seconds patience{5};
    auto open = std::make_unique<blocking_connection>(conninfo_, patience, &stopping_);
    open->execute("SET synchronous_commit = local; SET statement_timeout = '2s'");
    return open;
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
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
}

std::vector<std::string> copies_switch::who_is_there(blocking_connection& on)
{
    const auto listed = on.query(std::string{streaming_standbys}, {as_parameter(standbys_)});
    std::vector<standby_health::seen> streaming;
    for (int i = 0; i < listed.size(); ++i)
        streaming.push_back({listed[i].get<std::string>(0), listed[i].get<std::int64_t>(1), listed[i].get<double>(2)});
    return health_.look(streaming, std::chrono::steady_clock::now());
}

void copies_switch::look(blocking_connection& on)
{
    const auto state = on.query(std::string{state_of_copies}, {as_parameter(standbys_.front())});
    const auto named = names_in(state[0].get<std::string>(0));
    const double waited_s = state[0].get<double>(1);
    lost_ = state[0].get<bool>(2);
    const auto there = who_is_there(on);
    constexpr double patience_s = 2.0;
    if (waited_s > patience_s && !includes_all(there, named)) name_standbys(on, there, "standby_away");
    else if (!includes_all(named, there))
    {
        auto both = standbys_;
        std::erase_if(both, [&](const auto& each) { return !contains(named, each) && !contains(there, each); });
        name_standbys(on, both, "standby_caught_up");
    }
    else if (contains(named, standbys_.front()) && contains(there, standbys_.front()) && !record_.standby_is_whole())
        see_whether_whole(on);
}

void copies_switch::name_standbys(blocking_connection& on, const std::vector<std::string>& names, std::string_view why)
{
    // Before the first word is acknowledged without the standby: what cannot be noted must not happen.
    if (!contains(names, standbys_.front())) record_.set_standby_whole(false);
    whole_from_.reset();
    named_at_ = std::chrono::steady_clock::now();
    on.execute("ALTER SYSTEM SET synchronous_standby_names = '" + to_setting(names) + "'");
    on.query("SELECT pg_reload_conf()");
    log::warning("copies_switched",
                 {{"to", names.size() + 1}, {"why", why}, {"generation", record_.next_generation()}});
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
        {as_parameter(standbys_.front()), as_parameter(*whole_from_)});
    if (reached.empty()) return;
    record_.set_standby_whole(true);
    log::info("standby_whole");
}

}  // namespace manent::store
