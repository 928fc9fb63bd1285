#include "serve/backup_drill.hpp"

#include "record/verify.hpp"
#include "serve/borrowed_archive.hpp"
#include "serve/installation.hpp"
#include "serve/long_step.hpp"
#include "store/archive_restore.hpp"
#include "store/keyring.hpp"
#include "store/migrate.hpp"

#include <unistd.h>

#include <iostream>
#include <thread>

namespace manent::serve
{

namespace
{

using std::chrono::seconds;
using std::chrono::steady_clock;

// What the restored cluster's own log takes beside its files.
constexpr auto log_room_bytes = 32 * store::segment_bytes;

// What the running database held when the drill began.
struct mark
{
    std::string lsn;
    record::newest_revision newest;
};

class drill
{
public:
    drill(const config& settings, const drill_wish& wish)
        : settings_{settings}, wish_{wish}, here_{settings, false}, key_{key_for_backup(wish.key_file, settings.data)}
    {
    }

    int run()
    {
        borrowed_archive repository{settings_, here_.account(), key_, scratch_folder()};
        const auto mark = mark_of_running_database();
        const auto kept = repository.choose(wish_.stanza, settings_.data);
        if (kept.backups.empty()) throw std::runtime_error("the repository holds no backup of " + kept.name + " yet");
        const auto& newest = kept.backups.back();
        std::cout << "backup: " << newest.label << " of " << kept.name << ", finished " << on_own_clock(newest.finished)
                  << ", " << in_megabytes(newest.size_bytes) << "\n";
        refuse_without_room(newest, repository.archive().settings().cluster.parent_path());
        check_files(repository.archive());
        store::restored_cluster restored{repository.archive(), store::find_postgresql()};
        store::restore_wish restoring;
        restoring.progress = [this](std::string_view what, std::optional<double> percent)
        { step_.show(what, percent); };
        restoring.go_on = [] { return !was_interrupted(); };
        restored.restore(restoring);
        step_.end();
        check_reach(restored, mark, kept);
        check_content(restored, mark);
        std::cout << (good_ ? "The newest backup and its archive restore whole.\n"
                            : "Something is wrong: see above.\n");
        return good_ ? 0 : 1;
    }

private:
    [[nodiscard]] std::filesystem::path scratch_folder() const
    {
        if (wish_.scratch) return *wish_.scratch;
        return std::filesystem::path{settings_.data} / ("backup-check-" + std::to_string(::getpid()));
    }

    void fail(const std::string& what)
    {
        std::cout << what << "\n";
        good_ = false;
    }

    // Writes a mark into the running database's log and waits until the archive has it; nullopt when none runs.
    std::optional<mark> mark_of_running_database()
    {
        if (!here_.keeper_is_running())
        {
            std::cout << "comparison: none, the database does not run here\n";
            return std::nullopt;
        }
        step_.show("Waiting for the archive to take what was written last");
        auto primary = here_.as_owner();
        primary.execute("SET synchronous_commit = local");
        mark made;
        made.newest = record::find_newest_revision(primary);
        made.lsn =
            primary.query("SELECT pg_logical_emit_message(true, 'manent', 'drill')::text")[0].get<std::string>(0);
        const auto segment =
            primary.query("SELECT pg_walfile_name($1::pg_lsn), pg_switch_wal()", {store::as_parameter(made.lsn)})[0]
                .get<std::string>(0);
        const auto give_up = steady_clock::now() + seconds{90};
        while (!primary
                    .query("SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver",
                           {store::as_parameter(segment)})[0]
                    .get<bool>(0))
        {
            if (was_interrupted()) throw store::restore_ended{};
            if (steady_clock::now() > give_up)
            {
                step_.end();
                fail("archive: FAILED, it has not taken what was written last within 90 s");
                break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
        step_.end();
        return made;
    }

    void refuse_without_room(const store::kept_backup& newest, const std::filesystem::path& scratch) const
    {
        std::error_code unknown;
        const auto free = std::filesystem::space(scratch, unknown).available;
        const auto needed = static_cast<std::uintmax_t>(newest.size_bytes) + log_room_bytes +
                            static_cast<std::uintmax_t>(settings_.disk_reserve_mb) * 1024 * 1024;
        if (!unknown && free < needed)
            throw std::runtime_error("the drill needs " + in_megabytes(static_cast<std::int64_t>(needed)) +
                                     " of free space at " + scratch.parent_path().string() +
                                     ": name a folder elsewhere with --scratch");
    }

    void check_files(const store::archive& repository)
    {
        step_.show("Reading every file of the repository");
        store::archive::watch told;
        told.go_on = [this]
        {
            step_.show("Reading every file of the repository");
            return !was_interrupted();
        };
        const auto done = repository.run(
            {"--stanza=" + repository.settings().stanza, "--output=text", "--log-level-console=error", "verify"}, told);
        if (was_interrupted()) throw store::restore_ended{};
        step_.end();
        // pgBackRest ends with 0 all the same, and says nothing when all is well.
        if (done.status == 0 && done.output.find("status: error") == std::string::npos &&
            done.output.find("ERROR") == std::string::npos)
        {
            std::cout << "repository: every file matches its checksum\n";
            return;
        }
        fail("repository: FAILED, " +
             (done.status == 0 ? "files do not match their checksums:\n" + done.output : done.trouble()));
    }

    void check_reach(const store::restored_cluster& restored, const std::optional<mark>& mark,
                     const store::kept_stanza& kept)
    {
        const auto reached = store::place_in_log(restored.replayed_until());
        const auto wanted = mark ? store::place_in_log(mark->lsn) : store::begin_of_segment(kept.newest_segment);
        if (reached && wanted && (mark ? *reached >= *wanted : *reached > *wanted))
        {
            std::cout << "archive: replayed to its end"
                      << (mark ? ", with all that was written before this drill began" : "") << "\n";
            return;
        }
        fail("archive: FAILED, it could be replayed to " + restored.replayed_until() + " only, " +
             (mark ? "what was written before this drill began lies at " + mark->lsn
                   : "its newest segment is " + kept.newest_segment));
    }

    void check_content(const store::restored_cluster& restored, const std::optional<mark>& mark)
    {
        store::blocking_connection owner{restored.conninfo("manent_owner")};
        owner.execute("SET row_security = off; SET statement_timeout = 0");
        store::create_roles(owner);
        store::migrate(owner);
        const auto check = owner.query("SELECT value FROM manent.installation WHERE name = 'master_key_check'");
        if (!check.empty() && check[0].get<std::string>(0) == store::check_value(key_))
            std::cout << "key: it is the one that this database was written with\n";
        else fail("key: FAILED, this database was written with another one");
        const auto found = record::verify(owner, key_,
                                          [this](std::int64_t walked)
                                          {
                                              if (was_interrupted()) throw store::restore_ended{};
                                              step_.show(std::to_string(walked) + " revisions opened");
                                          });
        step_.end();
        std::cout << "restored: " << found.revisions << " revisions of " << found.fields << " fields, " << found.bytes
                  << " bytes of text; " << (found.failures == 0 ? "all open and match" : "FAILED:") << "\n";
        for (const auto& each : found.failed)
            std::cout << "  practice " << to_string(each.practice) << " revision " << to_string(each.revision) << ": "
                      << boost::describe::enum_to_string(each.fault, "") << "\n";
        if (found.failures > 0) good_ = false;
        compare(record::find_newest_revision(owner), mark);
    }

    void compare(const record::newest_revision& restored, const std::optional<mark>& mark)
    {
        const auto when = restored.recorded_at ? on_own_clock(*restored.recorded_at) : "none";
        if (!mark)
        {
            std::cout << "newest revision: " << when << "\n";
            return;
        }
        const bool same_or_newer =
            restored.revisions >= mark->newest.revisions && restored.recorded_at >= mark->newest.recorded_at;
        if (same_or_newer) std::cout << "newest revision: " << when << ", none of the running database's is missing\n";
        else
            fail("newest revision: FAILED, " + when + "; the running database holds " +
                 std::to_string(mark->newest.revisions) + " revisions");
    }

    config settings_;
    drill_wish wish_;
    installation here_;
    secret_key key_;
    long_step step_;
    bool good_ = true;
};

}  // namespace

int check_backup(const config& settings, const drill_wish& wish)
{
    listen_for_interruption();
    return drill{settings, wish}.run();
}

}  // namespace manent::serve
