// The continuous archive of the program's own PostgreSQL, kept by pgBackRest in an encrypted repository, a folder or an
// S3-compatible store: its configuration, its commands, and what it holds. Who calls it when is archive_keeper's
// business; bringing it back is archive_restore's.
#pragma once

#include "core/time.hpp"
#include "store/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

// Of PostgreSQL's log, as initdb makes it.
inline constexpr std::uint64_t segment_bytes = 16 * 1024 * 1024;

struct s3_store
{
    std::string endpoint;  // host or host:port; https always
    std::string bucket;
    std::string region;
    std::string prefix;
    std::string key;
    std::string secret;
    std::string ca_file;  // empty: the system's authorities
    bool path_style = true;
    bool verify_tls = true;
};

struct archive_settings
{
    std::filesystem::path folder;  // of the repository; empty: in `s3`
    s3_store s3;
    std::string cipher_pass;
    std::string stanza;  // pgBackRest's word for one cluster's backups in a repository

    std::filesystem::path own;      // configuration, locks, state; belongs to `run_as`
    std::filesystem::path logs;     // of pgBackRest
    std::filesystem::path cluster;  // PostgreSQL's data folder
    std::filesystem::path sockets;  // of that PostgreSQL
    std::optional<account> run_as;

    int keep_days = 30;
    int hour = 3;
    int full_every_days = 7;
    int archive_timeout_s = 60;
    int queue_max_mb = 4096;
    int disk_reserve_mb = 512;  // below which the program refuses writes
};

struct kept_backup
{
    std::string label;  // "20261125-195837F"
    std::string kind;   // full, diff, incr
    instant started;
    instant finished;
    std::int64_t size_bytes = 0;    // of the cluster
    std::int64_t stored_bytes = 0;  // what this backup added to the repository
};

struct kept_stanza
{
    std::string name;
    std::string trouble;               // a sentence; empty when it can be read
    std::vector<kept_backup> backups;  // oldest first
    std::string newest_segment;        // of the log, by its file name; empty when there is none
};

class archive
{
public:
    explicit archive(archive_settings settings) : settings_{std::move(settings)} {}

    [[nodiscard]] const archive_settings& settings() const { return settings_; }

    // Makes `own` and the repository's folder where they are missing and writes pgBackRest's configuration, which holds
    // the secrets, for the account alone. Throws std::runtime_error, also when pgBackRest is not installed.
    void prepare() const;

    // How much PostgreSQL may keep for an archive that does not take it, of which `waiting_mb` are there already: no
    // more than is configured, and never so much that the program would come to refuse writes for it.
    [[nodiscard]] int queue_limit_mb(int waiting_mb) const;
    // Writes the configuration anew with that limit.
    void limit_queue(int limit_mb) const;

    // Lines for PostgreSQL's configuration: each finished segment of its log goes to the archive.
    [[nodiscard]] std::string server_settings() const;
    // For a restored cluster: how it asks the archive for a segment.
    [[nodiscard]] std::filesystem::path configuration_file() const { return settings_.own / "pgbackrest.conf"; }

    struct finished
    {
        int status = 0;
        std::string output;
        // pgBackRest's own sentence of what went wrong.
        [[nodiscard]] std::string trouble() const;
    };
    struct watch
    {
        std::function<void(std::string_view line)> line;
        std::function<bool()> go_on;  // asked many times a second; false ends the command
    };
    // Runs one command of pgBackRest to its end, with the secrets in the configuration and not in the arguments.
    [[nodiscard]] finished run(std::vector<std::string> arguments, const watch& told = {}) const;

    // Makes the stanza in a repository that is used for the first time. One that was used before and holds nothing any
    // more is refused: its disk is not mounted, and backups would go where nobody looks for them. Throws
    // std::runtime_error with the reason.
    void set_up(const watch& told = {}) const;

    // Ends those commands of PostgreSQL's that hand a segment over and wait for a store that does not answer. The
    // segment stays with PostgreSQL.
    void end_pushes() const;

    // What the repository holds, every stanza. Throws std::runtime_error when it cannot be asked.
    [[nodiscard]] std::vector<kept_stanza> list(const watch& told = {}) const;
    // The stanza of these settings; empty of backups when there is none yet.
    [[nodiscard]] kept_stanza list_own(const watch& told = {}) const;

private:
    [[nodiscard]] std::string configuration(int queue_limit_mb) const;
    // Where the repository is and whose backups; kept in a file once it was set up.
    [[nodiscard]] std::string place() const;
    [[nodiscard]] bool was_set_up() const;

    archive_settings settings_;
};

// Places in PostgreSQL's log: of "16/B374D848", and of the begin of a segment by its file name, whatever its timeline.
// nullopt for another text.
std::optional<std::uint64_t> place_in_log(std::string_view lsn);
std::optional<std::uint64_t> begin_of_segment(std::string_view name);

// "42.3%" in a line of pgBackRest's, as a number; it tells how far a backup or a restore has come.
std::optional<double> percent_in(std::string_view line);

// For lines of pgBackRest's `info --output=json`. Throws std::runtime_error when it is something else.
std::vector<kept_stanza> read_info(std::string_view json);

}  // namespace manent::store
