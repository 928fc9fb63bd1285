// What the keeper knows of the archive, in a file beside its configuration: the serving process shows it in /metrics,
// the next keeper goes on from it. It holds times and counts, nothing secret.
#pragma once

#include "core/time.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace manent::store
{

struct archive_state
{
    std::string stanza;
    bool is_set_up = false;                // the repository was reached and knows this cluster
    std::optional<instant> failing_since;  // what is written does not reach the archive
    int waiting_segments = 0;              // of 16 MiB each, kept by the primary for the archive
    std::string timeline;                  // "00000001": of the log; a promotion begins another
    bool has_gap = false;                  // since the newest backup; the next one closes it
    std::optional<instant> newest_backup;
    std::optional<instant> newest_full;
    std::string running;  // kind of the backup that is being taken
    std::string trouble;  // of the last act that failed, until one succeeds
};

// <data>/backup/state.json
std::filesystem::path archive_state_file(const std::filesystem::path& data);

// Throws std::runtime_error when it cannot be written.
void write_archive_state(const std::filesystem::path& file, const archive_state& state);
// nullopt when there is none, or none that can be read.
std::optional<archive_state> read_archive_state(const std::filesystem::path& file);

}  // namespace manent::store
