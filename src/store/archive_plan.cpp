#include "store/archive_plan.hpp"

namespace manent::store
{

namespace
{

// The night's hour that came last.
instant last_night(const backup_rhythm& rhythm, instant now)
{
    const auto today = date_in(rhythm.zone, now);
    const local_time hour{rhythm.hour * 60};
    const auto tonight = instant_of(rhythm.zone, today, hour);
    return tonight <= now ? tonight : instant_of(rhythm.zone, add_days(today, -1), hour);
}

}  // namespace

backup_kind due_backup(const backups_taken& taken, const backup_rhythm& rhythm, instant now)
{
    if (!taken.newest || !taken.newest_full) return backup_kind::full;
    const auto night = last_night(rhythm, now);
    if (*taken.newest >= night && !taken.archive_has_gap) return backup_kind::none;
    const auto days = days_between(date_in(rhythm.zone, *taken.newest_full), date_in(rhythm.zone, now));
    return days >= rhythm.full_every_days ? backup_kind::full : backup_kind::incremental;
}

std::string_view name_of(backup_kind kind)
{
    if (kind == backup_kind::full) return "full";
    return kind == backup_kind::incremental ? "incr" : "none";
}

}  // namespace manent::store
