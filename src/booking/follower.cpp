#include "booking/follower.hpp"

#include "core/log.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <set>

namespace manent::booking
{

namespace
{

using namespace std::chrono_literals;

constexpr auto floor_between_readings = 200ms;
constexpr std::chrono::milliseconds longest_rest_under_load = 100ms;
constexpr auto pause_when_away = 1000ms;
// A transaction that takes longer to end than this is found by the next loading of everything.
constexpr auto missing_for_at_most = 10min;
// Hints live for an hour: whoever could not read for half of one must not trust that all are still there.
constexpr auto silence_before_loading_all = 30min;
constexpr auto between_sweeps = 5min;

}  // namespace

follower::follower(const boost::asio::any_io_executor& executor, store::database& as_index, availability& index,
                   live& screens, offer_changed tell)
    : as_index_{as_index}, index_{index}, screens_{screens}, tell_{std::move(tell)}, timer_{executor}
{
}

task<result<void>> follower::load_all()
{
    // The position first: what commits while everything is loaded is hinted at after it, or found missing below it.
    const auto from = co_await latest_hint(as_index_);
    if (!from) co_return from.error();
    auto loaded = co_await load_agendas(as_index_, std::nullopt);
    if (!loaded) co_return loaded.error();
    for (auto& one : *loaded) index_.put(std::move(one.schedule), std::move(one.taken));
    // Transactions under way at this moment got numbers just below.
    constexpr std::int64_t under_way_max = 1000;
    const auto now = clock::now();
    missing_.clear();
    for (std::int64_t number = std::max<std::int64_t>(1, *from - under_way_max); number <= *from; ++number)
        missing_.emplace(number, now);
    last_ = *from;
    read_at_ = now;
    co_return result<void>{};
}

task<result<void>> follower::read_agendas(std::vector<uuid> agendas)
{
    auto loaded = co_await load_agendas(as_index_, std::move(agendas));
    if (!loaded) co_return loaded.error();
    for (auto& one : *loaded) index_.put(std::move(one.schedule), std::move(one.taken));
    co_return result<void>{};
}

task<result<void>> follower::read_agenda(uuid agenda_id)
{
    co_return co_await read_agendas({agenda_id});
}

std::optional<window> follower::day_of(const uuid& agenda_id, instant around) const
{
    const auto known = index_.find(agenda_id);
    if (!known) return std::nullopt;
    const auto* const zone = known->schedule->zone;
    const auto day = date_in(zone, around);
    return window{known->schedule->practice_id, agenda_id, {instant_of(zone, day, {0}), instant_of(zone, day, {1440})}};
}

task<result<void>> follower::read_day(uuid agenda_id, instant around)
{
    const auto day = day_of(agenda_id, around);
    if (!day) co_return co_await read_agenda(agenda_id);
    std::vector<window> windows{*day};
    auto there = co_await load_taken(as_index_, windows);
    if (!there) co_return there.error();
    index_.put_taken(agenda_id, day->starting_within, std::move(there->front()));
    co_return result<void>{};
}

std::vector<std::int64_t> follower::missing_numbers()
{
    const auto oldest = clock::now() - missing_for_at_most;
    std::erase_if(missing_, [&](const auto& one) { return one.second < oldest; });
    std::vector<std::int64_t> numbers;
    for (const auto& [number, since] : missing_) numbers.push_back(number);
    return numbers;
}

void follower::note_numbers(const std::vector<hint>& hints)
{
    const auto now = clock::now();
    for (const auto& one : hints)
    {
        missing_.erase(one.number);
        for (auto number = last_ + 1; number < one.number; ++number) missing_.emplace(number, now);
        last_ = std::max(last_, one.number);
    }
}

task<result<void>> follower::apply(std::vector<hint> hints)
{
    std::set<uuid> schedules;
    std::map<std::pair<uuid, instant>, window> days;
    std::set<uuid> practices;
    bool everything = false;
    for (const auto& one : hints)
    {
        if (!one.starts_at) practices.insert(one.practice_id);
        if (!one.agenda_id) everything = true;
        else if (!one.starts_at || !index_.find(*one.agenda_id)) schedules.insert(*one.agenda_id);
        else if (const auto day = day_of(*one.agenda_id, *one.starts_at))
            days.emplace(std::pair{*one.agenda_id, day->starting_within.from}, *day);
    }
    for (const auto& practice : practices) co_await tell_(practice);
    if (everything) co_return co_await load_all();
    if (!schedules.empty())
    {
        const auto read = co_await read_agendas({schedules.begin(), schedules.end()});
        if (!read) co_return read.error();
    }
    if (!days.empty())
    {
        std::vector<window> windows;
        for (const auto& [key, day] : days) windows.push_back(day);
        auto there = co_await load_taken(as_index_, windows);
        if (!there) co_return there.error();
        for (std::size_t i = 0; i < windows.size(); ++i)
            index_.put_taken(windows[i].agenda_id, windows[i].starting_within, std::move((*there)[i]));
    }
    for (const auto& agenda : schedules)
    {
        if (const auto known = index_.find(agenda)) screens_.tell(known->schedule->practice_id, agenda, std::nullopt);
    }
    for (const auto& [key, day] : days)
    {
        if (const auto known = index_.find(key.first))
            screens_.tell(day.practice_id, day.agenda_id, date_in(known->schedule->zone, key.second));
    }
    co_return result<void>{};
}

task<result<void>> follower::take_hints()
{
    auto hints = co_await read_hints(as_index_, last_, missing_numbers());
    if (!hints) co_return hints.error();
    if (!hints->empty())
    {
        const auto applied = co_await apply(*hints);
        if (!applied) co_return applied.error();
        note_numbers(*hints);
    }
    read_at_ = clock::now();
    co_return result<void>{};
}

task<void> follower::rest(std::chrono::milliseconds length)
{
    timer_.expires_after(length);
    boost::system::error_code woken;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

task<void> follower::run()
{
    while (!stopped_)
    {
        woken_ = false;
        const auto began = clock::now();
        result<void> outcome = refusal(problem_kind::unavailable, "unavailable");
        try
        {
            const bool slept = clock::now() - read_at_ > silence_before_loading_all;
            if (slept) outcome = co_await load_all();
            else outcome = co_await take_hints();
            if (outcome && (!swept_at_ || clock::now() - *swept_at_ > between_sweeps))
            {
                swept_at_ = clock::now();
                outcome = co_await drop_old_hints(as_index_);
            }
        }
        catch (const std::exception& failed)
        {
            log::warning("index_reading_failed", {{"reason", std::string_view{failed.what()}}});
        }
        // Somebody who committed during the reading must not wait long for the next one. Under load, reading takes a
        // fifth of the time: one reading finds more of what was written.
        if (stopped_) break;
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
        if (woken_ && outcome)
        {
            catching_breath_ = true;
            co_await rest(std::min(4 * took, longest_rest_under_load));
            catching_breath_ = false;
        }
        else co_await rest(outcome ? std::chrono::milliseconds{floor_between_readings} : pause_when_away);
    }
}

void follower::stop()
{
    stopped_ = true;
    timer_.cancel();
}

void follower::wake()
{
    woken_ = true;
    if (!catching_breath_) timer_.cancel();
}

}  // namespace manent::booking
