#include "store/copies_counter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace manent::store
{

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace
{

constexpr statement list_standbys{"store.standbys", "SELECT pid, name, address FROM manent.standbys()"};
constexpr statement flushed{"store.flushed",
                            "SELECT server_start, own, senders, positions, synchronous, origins, commits "
                            "FROM manent.flushed()"};

// A sender's process number may be another standby's one day.
constexpr auto standbys_known_for = std::chrono::seconds{5};
// Between two questions, so that under load one answers many and each finds the standby some way on.
constexpr auto pace = std::chrono::microseconds{100};
constexpr auto patience = std::chrono::milliseconds{250};
constexpr auto patience_with_asynchronous = std::chrono::milliseconds{20};
// Longer than a question may take.
constexpr auto unanswered_for_max = std::chrono::seconds{60};

}  // namespace

copies_counter::copies_counter(asio::any_io_executor executor, question ask, bool one_disk)
    : executor_{std::move(executor)}, ask_{std::move(ask)}, one_disk_{one_disk}
{
}

task<copies> copies_counter::count(std::string server_start, std::optional<int> commit_origin)
{
    const auto alive = shared_from_this();
    waiter self{std::move(server_start),         commit_origin, std::nullopt, clock::now(),
                {executor_, unanswered_for_max}, std::nullopt};
    waiting_.push_back(&self);
    if (!asking_)
    {
        asking_ = true;
        asio::co_spawn(executor_, ask_while_somebody_waits(), asio::detached);
    }
    boost::system::error_code woken;
    // A question that needs no waiting (nobody listens there) is answered already.
    if (!self.counted) co_await self.answered.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    std::erase(waiting_, &self);
    co_return self.counted.value_or(copies{});
}

task<void> copies_counter::ask_while_somebody_waits()
{
    const auto alive = shared_from_this();
    while (!waiting_.empty())
    {
        // Only who waits before the question is sent may take its answer.
        const auto asked_for = waiting_;
        const auto now = co_await ask();
        for (auto* const each : asked_for)
        {
            if (std::ranges::find(waiting_, each) == waiting_.end()) continue;  // it waited too long, and left
            if (now) answer(*each, *now);
            else each->counted = copies{};
            if (!each->counted) continue;
            std::erase(waiting_, each);
            each->answered.cancel();
        }
        if (waiting_.empty()) break;
        asio::steady_timer pause{executor_, pace};
        co_await pause.async_wait(asio::use_awaitable);
    }
    asking_ = false;
}

void copies_counter::answer(waiter& whom, const standing& now) const
{
    if (whom.server_start != now.server_start)
    {
        whom.counted = copies{};
        return;
    }
    if (!whom.position) whom.position = now.position_of(whom.commit_origin);
    const auto waited = clock::now() - whom.since;
    const bool worth_waiting =
        std::ranges::any_of(now.standbys,
                            [&](const auto& each)
                            {
                                const auto known = known_.find(each.sender);
                                if (known == known_.end() || each.flushed_to >= *whom.position) return false;
                                return waited < (each.synchronous ? patience : patience_with_asynchronous);
                            });
    if (!worth_waiting) whom.counted = count_copies(now.standbys, known_, *whom.position, one_disk_);
}

task<std::optional<copies_counter::standing>> copies_counter::ask()
{
    unit asked{scope::everyone()};
    asked.add(flushed);
    const auto answered = co_await ask_(std::move(asked));
    if (!answered) co_return std::nullopt;
    const auto told = answered->front()[0];
    standing now{told.get<std::string>(0), static_cast<std::uint64_t>(told.get<std::int64_t>(1)), {}, {}};
    const auto senders = told.get<std::vector<std::int64_t>>(2);
    const auto positions = told.get<std::vector<std::int64_t>>(3);
    const auto synchronous = told.get<std::vector<std::int64_t>>(4);
    for (std::size_t i = 0; i < senders.size(); ++i)
        now.standbys.push_back(
            {static_cast<int>(senders[i]), static_cast<std::uint64_t>(positions.at(i)), synchronous.at(i) != 0});
    const auto origins = told.get<std::vector<std::int64_t>>(5);
    const auto commits = told.get<std::vector<std::int64_t>>(6);
    for (std::size_t i = 0; i < origins.size(); ++i)
        now.commits[static_cast<int>(origins[i])] = static_cast<std::uint64_t>(commits.at(i));
    co_await learn_standbys(now.standbys);
    co_return now;
}

std::uint64_t copies_counter::standing::position_of(const std::optional<int>& commit_origin) const
{
    if (!commit_origin) return own;
    const auto newest = commits.find(*commit_origin);
    return newest == commits.end() ? own : newest->second;
}

// Who they are and where: asked again for a sender that is new, and now and then.
task<void> copies_counter::learn_standbys(const std::vector<flushed_position>& of)
{
    const bool all_known = std::ranges::all_of(of, [&](const auto& each) { return known_.contains(each.sender); });
    if (all_known && clock::now() - known_since_ < standbys_known_for) co_return;
    unit asked{scope::everyone()};
    asked.add(list_standbys);
    const auto answered = co_await ask_(std::move(asked));
    known_.clear();
    if (!answered) co_return;
    known_since_ = clock::now();
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i)
    {
        auto name = listed[i].get<std::string>(1);
        if (is_copy(name))
            known_[listed[i].get<int>(0)] = {std::move(name), listed[i].get<std::optional<std::string>>(2)};
    }
}

}  // namespace manent::store
