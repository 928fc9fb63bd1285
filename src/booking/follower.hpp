// Keeps the availability index true to the database: loads everything once, then reads again what the outbox hints at.
// Hints carry no state, so their order does not matter, and one that is read twice does no harm. Woken after each
// commit of this program, five times a second otherwise. Belongs to one thread.
#pragma once

#include "booking/availability.hpp"
#include "booking/index_store.hpp"
#include "booking/live.hpp"
#include "core/task.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>

namespace manent::booking
{

class follower
{
public:
    // What a practice offers has changed: whoever lists it reads it again.
    using offer_changed = std::function<task<void>(uuid practice_id)>;

    // All must outlive the follower. `as_index` connects as the index's own role.
    follower(const boost::asio::any_io_executor& executor, store::database& as_index, availability& index,
             live& screens, offer_changed tell);

    // Must succeed before run(). Replaces whatever the index held.
    task<result<void>> load_all();
    // Follows until stop(); with the database away it waits and goes on.
    task<void> run();
    void stop();
    void wake();

    // Read at once, for somebody whose plan met another state: the agenda's schedule with all its times, or the local
    // day around an instant.
    task<result<void>> read_agenda(uuid agenda_id);
    task<result<void>> read_day(uuid agenda_id, instant around);

private:
    task<result<void>> take_hints();
    task<result<void>> apply(std::vector<hint> hints);
    task<result<void>> read_agendas(std::vector<uuid> agendas);
    void note_numbers(const std::vector<hint>& hints);
    [[nodiscard]] std::vector<std::int64_t> missing_numbers();
    [[nodiscard]] std::optional<window> day_of(const uuid& agenda_id, instant around) const;
    task<void> rest(std::chrono::milliseconds length);

    using clock = std::chrono::steady_clock;

    store::database& as_index_;
    availability& index_;
    live& screens_;
    offer_changed tell_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
    bool woken_ = false;
    bool catching_breath_ = false;  // under load, where a call does not cut the rest short
    std::int64_t last_ = 0;
    // Numbers below the last that were not there yet: given to transactions that have not ended, or never will.
    std::map<std::int64_t, clock::time_point> missing_;
    clock::time_point read_at_ = clock::now();
    std::optional<clock::time_point> swept_at_;
};

}  // namespace manent::booking
