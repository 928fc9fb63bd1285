#include "audit/queued_trail.hpp"

#include "audit/sql.hpp"
#include "core/log.hpp"
#include "core/time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>

namespace manent::audit
{

namespace asio = boost::asio;

namespace
{

struct event
{
    uuid id{};
    instant at;
    access what;
};

struct batch
{
    std::vector<uuid> practices, ids, patients, actors;
    std::vector<instant> times;
    std::vector<std::string> actions, subjects, subject_ids, requests;

    void add(const event& each)
    {
        practices.push_back(each.what.practice);
        ids.push_back(each.id);
        patients.push_back(each.what.patient);
        times.push_back(each.at);
        actors.push_back(each.what.actor);
        actions.emplace_back(boost::describe::enum_to_string(each.what.action, ""));
        subjects.emplace_back(boost::describe::enum_to_string(each.what.what, ""));
        subject_ids.push_back(each.what.what_id ? to_string(*each.what.what_id) : std::string{});
        requests.push_back(each.what.request_id);
    }
};

bool same_access(const access& a, const access& b)
{
    return a.practice == b.practice && a.patient == b.patient && a.actor == b.actor && a.action == b.action &&
           a.what == b.what && a.what_id == b.what_id && a.request_id == b.request_id;
}

class waiting_trail final : public queued_trail
{
public:
    waiting_trail(store::database& audit_db, std::size_t waiting_max) : db_{audit_db}, waiting_max_{waiting_max} {}

    void note(access happened) override
    {
        // One request that touches a thing in two places has touched it once.
        if (!waiting_.empty() && waiting_.size() > writing_ && same_access(waiting_.back().what, happened)) return;
        if (waiting_.size() >= waiting_max_)
        {
            give_up(1, "queue_full");
            return;
        }
        waiting_.push_back({new_uuid(), now(), std::move(happened)});
    }

    task<void> run() override
    {
        asio::steady_timer pause{co_await asio::this_coro::executor};
        pausing_ = &pause;
        while (!stopped_)
        {
            pause.expires_after(rhythm);
            boost::system::error_code woken;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            while (!waiting_.empty() && co_await write_one())
            {
            }
        }
        pausing_ = nullptr;
        co_await flush();
    }

    task<void> flush() override
    {
        constexpr int attempts_max = 20;
        asio::steady_timer pause{co_await asio::this_coro::executor};
        const auto until = noted();
        for (int attempt = 0; attempt < attempts_max && settled_ < until; ++attempt)
        {
            if (co_await write_one()) continue;
            pause.expires_after(std::chrono::milliseconds{50});
            boost::system::error_code woken;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
    }

    void stop() override
    {
        stopped_ = true;
        if (pausing_ != nullptr) pausing_->cancel();
    }

    [[nodiscard]] std::size_t lost() const override { return lost_; }

private:
    static constexpr std::chrono::milliseconds rhythm{400};
    static constexpr std::size_t batch_max = 1000;

    // How many events were ever queued.
    [[nodiscard]] std::size_t noted() const { return settled_ + waiting_.size(); }

    // Writes the oldest events; false when nothing could be done now.
    task<bool> write_one()
    {
        if (writing_ > 0 || waiting_.empty()) co_return false;
        writing_ = std::min(batch_max, waiting_.size());
        batch together;
        for (std::size_t i = 0; i < writing_; ++i) together.add(waiting_[i]);
        store::unit insert{store::scope::everyone()};
        insert.repeatable().add(sql::add_events, together.practices, together.ids, together.patients, together.times,
                                together.actors, together.actions, together.subjects, together.subject_ids,
                                together.requests);
        const auto settled = co_await try_write(insert);
        const auto count = std::exchange(writing_, 0);
        if (!settled) co_return false;
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        settled_ += count;
        co_return true;
    }

    // False when it may be tried again later.
    task<bool> try_write(const store::unit& insert)
    {
        try
        {
            const auto written = co_await db_.write(insert);
            if (written) co_return true;
            const auto kind = written.error().kind;
            if (kind == problem_kind::unavailable || kind == problem_kind::storage_full) co_return false;
            give_up(writing_, written.error().code);
        }
        catch (const std::exception& fault)
        {
            // Never seen to be right twice: keeping the batch would keep all that follows from being written.
            give_up(writing_, fault.what());
        }
        co_return true;
    }

    void give_up(std::size_t count, std::string_view why)
    {
        const auto before = lost_;
        lost_ += count;
        // While the queue is full each note is lost; the log says so at the first, and then now and again.
        constexpr std::size_t log_every = 1000;
        if (before == 0 || before / log_every != lost_ / log_every)
            log::error("access_events_lost", {{"lost", lost_}, {"why", why}});
    }

    store::database& db_;
    std::size_t waiting_max_;
    std::deque<event> waiting_;
    std::size_t writing_ = 0;  // of the front, under way to the database
    std::size_t settled_ = 0;
    std::size_t lost_ = 0;
    asio::steady_timer* pausing_ = nullptr;
    bool stopped_ = false;
};

}  // namespace

std::unique_ptr<queued_trail> make_trail(store::database& audit_db, std::size_t waiting_max)
{
    return std::make_unique<waiting_trail>(audit_db, waiting_max);
}

}  // namespace manent::audit
