// What the availability index reads, under the role that sees times and states of every practice and no column that
// names a patient. Reads only; beside the index nobody asks it.
#pragma once

#include "booking/types.hpp"
#include "booking/wall_clock.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace manent::booking
{

struct known_agenda
{
    booking::schedule schedule;
    std::vector<booking::taken> taken;
};

// A time of one agenda to read again.
struct window
{
    uuid practice_id;
    uuid agenda_id;
    span starting_within;
};

// A row of the outbox: what changed, never how.
struct hint
{
    std::int64_t number = 0;
    std::string kind;  // agenda_day, agenda_schedule, directory
    uuid practice_id;
    std::optional<uuid> agenda_id;
    std::optional<instant> starts_at;
};

// The agendas named, or all; those that do not exist are left out. An agenda in a zone that this machine does not know
// is left out too, and logged.
task<result<std::vector<known_agenda>>> load_agendas(store::database& from, std::optional<std::vector<uuid>> agendas);

// For each window what starts within it, in the same order.
task<result<std::vector<std::vector<taken>>>> load_taken(store::database& from, std::vector<window> windows);

task<result<std::int64_t>> latest_hint(store::database& from);
task<result<std::vector<hint>>> read_hints(store::database& from, std::int64_t after,
                                           std::vector<std::int64_t> missing);
task<result<void>> drop_old_hints(store::database& from);

}  // namespace manent::booking
