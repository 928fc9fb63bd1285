#include "store/archive_keeper.hpp"

#include "core/log.hpp"
#include "store/blocking.hpp"

#include <algorithm>
#include <fstream>

namespace manent::store
{

namespace
{

using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds primary_patience{3};

// Whether the last segment that was tried failed, how many wait, and how long the oldest has: a command that hangs
// never fails. And on which timeline it writes.
constexpr std::string_view state_of_archiver = R"(
SELECT coalesce(a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false), w.count::int,
       coalesce(extract(epoch FROM clock_timestamp() - w.oldest), 0)::float8,
       left(pg_walfile_name(pg_current_wal_lsn()), 8)
FROM pg_stat_archiver a,
     (SELECT count(*), min(modification) AS oldest FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') w)";

struct archiver_state
{
    bool failed = false;
    int waiting = 0;      // segments
    double oldest_s = 0;  // of those
    std::string timeline;
};

archiver_state ask_archiver(blocking_connection& primary)
{
    const auto found = primary.query(std::string{state_of_archiver});
    return {found[0].get<bool>(0), found[0].get<int>(1), found[0].get<double>(2), found[0].get<std::string>(3)};
}

time_zone zone_of_machine()
{
    try
    {
        return date::current_zone();
    }
    catch (const std::exception&)
    {
        return find_zone("Etc/UTC");
    }
}

}  // namespace

archive_keeper::archive_keeper(archive kept, std::string conninfo)
    : archive_{std::move(kept)}, conninfo_{std::move(conninfo)}
{
    const auto& chosen = archive_.settings();
    queue_limit_mb_ = archive_.queue_limit_mb(0);
    rhythm_ = {chosen.hour, chosen.full_every_days, zone_of_machine()};
    // A gap outlives the keeper that saw it.
    if (const auto before = read_archive_state(chosen.own / "state.json"); before && before->stanza == chosen.stanza)
        state_ = *before;
    state_.stanza = chosen.stanza;
    state_.is_set_up = false;
    state_.running.clear();
    thread_ = std::thread{[this] { work(); }};
}

archive_keeper::~archive_keeper()
{
    stopping_ = true;
    thread_.join();
    primary_.reset();
    release_shutdown();
}

void archive_keeper::work()
{
    while (go_on())
    {
        try
        {
            if (clock::now() >= next_act_)
            {
                if (!state_.is_set_up && !set_up()) continue;
                if (clock::now() >= next_reading_) read_repository();
                const backups_taken taken{state_.newest_full, state_.newest_backup,
                                          state_.has_gap && !state_.failing_since};
                const auto due = due_backup(taken, rhythm_, now());
                if (due != backup_kind::none) take_backup(due);
                else next_act_ = clock::now() + seconds{5};
            }
        }
        catch (const std::exception& fault)
        {
            if (!stopping_) failed("backup_failed", fault.what());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    state_.running.clear();
    write_state();
}

bool archive_keeper::set_up()
{
    try
    {
        archive_.set_up({{}, [this] { return go_on(); }});
    }
    catch (const std::exception& fault)
    {
        if (!stopping_) failed("backup_not_set_up", fault.what());
        return false;
    }
    state_.is_set_up = true;
    succeeded();
    log::info("backup_set_up", {{"stanza", state_.stanza}});
    return true;
}

void archive_keeper::read_repository()
{
    const auto kept = archive_.list_own({{}, [this] { return go_on(); }});
    if (stopping_) return;
    if (!kept.trouble.empty()) throw std::runtime_error(kept.trouble);
    state_.newest_backup.reset();
    state_.newest_full.reset();
    for (const auto& each : kept.backups)
    {
        state_.newest_backup = each.started;
        if (each.kind == "full") state_.newest_full = each.started;
    }
    next_reading_ = clock::now() + minutes{10};
    write_state();
}

void archive_keeper::take_backup(backup_kind kind)
{
    const bool had_gap = state_.has_gap;
    state_.running = name_of(kind);
    write_state();
    log::info("backup_begins", {{"kind", state_.running}});
    const auto began = clock::now();
    const auto done = archive_.run({"--stanza=" + state_.stanza, "--type=" + state_.running, "backup"},
                                   {{}, [this] { return go_on(); }});
    state_.running.clear();
    if (stopping_) return;
    if (done.status != 0)
    {
        failed("backup_failed", done.trouble());
        return;
    }
    // One that came up while it ran is not closed by it.
    if (had_gap && !state_.failing_since) state_.has_gap = false;
    log::info("backup_taken", {{"kind", name_of(kind)},
                               {"seconds", std::chrono::duration_cast<seconds>(clock::now() - began).count()}});
    succeeded();
    next_reading_ = {};
}

void archive_keeper::failed(std::string_view event, std::string trouble)
{
    // After a minute, then two, then four, at last each hour.
    next_act_ = clock::now() + std::min(minutes{60}, minutes{1 << std::min(failures_, 6)});
    ++failures_;
    log::warning(event, {{"what", trouble}, {"failures", failures_}});
    state_.trouble = std::move(trouble);
    write_state();
}

void archive_keeper::succeeded()
{
    failures_ = 0;
    next_act_ = {};
    state_.trouble.clear();
    write_state();
}

bool archive_keeper::go_on()
{
    if (stopping_) return false;
    if (clock::now() < next_look_) return true;
    try
    {
        look_at_primary();
    }
    catch (const std::exception&)
    {
        // It is away or restarting; the next look finds it.
        primary_.reset();
    }
    next_look_ = clock::now() + seconds{5};
    return !stopping_;
}

void archive_keeper::look_at_primary()
{
    if (!primary_) primary_ = std::make_unique<blocking_connection>(conninfo_, primary_patience);
    const auto found = ask_archiver(*primary_);
    constexpr double patience_s = 60;
    const bool late = found.oldest_s > std::max(patience_s, 2.0 * archive_.settings().archive_timeout_s);
    judge(found.failed || late, found.waiting);
    follow_timeline(found.timeline);
}

void archive_keeper::judge(bool failing, int waiting)
{
    const bool was_failing = state_.failing_since.has_value();
    const bool had_gap = state_.has_gap;
    const bool other_count = waiting != state_.waiting_segments;
    state_.waiting_segments = waiting;
    const int waiting_mb = waiting * static_cast<int>(segment_bytes / (1024 * 1024));
    // Beyond its queue pgBackRest drops segments, and says done to PostgreSQL: from here on it may have.
    if (waiting_mb >= queue_limit_mb_)
    {
        state_.has_gap = true;
        if (!had_gap) log::error("archive_gap", {{"waiting_segments", waiting}});
    }
    // The disk fills by other things too: the less is free, the less is kept for the archive.
    if (other_count)
    {
        queue_limit_mb_ = archive_.queue_limit_mb(waiting_mb);
        archive_.limit_queue(queue_limit_mb_);
    }
    // Before the stanza is there every push fails, which is no news.
    if (failing && !was_failing && state_.is_set_up)
    {
        state_.failing_since = now();
        log::warning("archive_fails", {{"waiting_segments", waiting}});
    }
    if (!failing && was_failing)
    {
        log::info("archive_works_again", {{"since", format_utc(*state_.failing_since)}});
        state_.failing_since.reset();
        next_act_ = {};
    }
    if (failing != was_failing || state_.has_gap != had_gap || other_count) write_state();
}

void archive_keeper::follow_timeline(const std::string& timeline)
{
    if (timeline == state_.timeline) return;
    // A standby holds what it received for archived already: what the lost primary had not handed over is not there.
    if (!state_.timeline.empty())
    {
        state_.has_gap = true;
        log::warning("archive_gap", {{"why", "a promotion"}, {"timeline", timeline}});
    }
    state_.timeline = timeline;
    write_state();
}

void archive_keeper::release_shutdown()
{
    try
    {
        blocking_connection primary{conninfo_, primary_patience};
        const auto found = ask_archiver(primary);
        constexpr double patience_s = 5;
        const bool answers = state_.is_set_up && !found.failed && found.oldest_s < patience_s;
        if (answers) return;
        // The last line of a name counts; the next start writes the file anew.
        std::ofstream{archive_.settings().cluster / "manent.conf", std::ios::app} << "archive_command = ''\n";
        primary.query("SELECT pg_reload_conf()");
        // The archiver reads that between two commands, not within one.
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        archive_.end_pushes();
    }
    catch (const std::exception&)
    {
        // A primary that does not answer is ended by force anyway.
    }
}

void archive_keeper::write_state()
{
    try
    {
        write_archive_state(archive_.settings().own / "state.json", state_);
    }
    catch (const std::exception& fault)
    {
        log::warning("backup_state_not_written", {{"what", fault.what()}});
    }
}

}  // namespace manent::store
