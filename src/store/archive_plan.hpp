// When a backup is due. Pure: what was taken, the clock and the zone in, one word out.
#pragma once

#include "core/time.hpp"

#include <optional>
#include <string_view>

namespace manent::store
{

enum class backup_kind
{
    none,
    incremental,
    full
};

struct backups_taken
{
    std::optional<instant> newest_full;
    std::optional<instant> newest;  // of any kind
    bool archive_has_gap = false;   // since the newest: nothing after the gap can be restored from what was taken
};

struct backup_rhythm
{
    int hour = 3;  // in `zone`
    int full_every_days = 7;
    time_zone zone = nullptr;
};

// The first backup at once; then one a night, and a night that was missed as soon as the program runs again.
backup_kind due_backup(const backups_taken& taken, const backup_rhythm& rhythm, instant now);

// As pgBackRest calls it.
std::string_view name_of(backup_kind kind);

}  // namespace manent::store
