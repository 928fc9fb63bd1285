#include "store/database.hpp"

#include "core/log.hpp"
#include "store/connection.hpp"
#include "store/copies_counter.hpp"
#include "store/problems.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

namespace manent::store
{

namespace asio = boost::asio;

namespace
{

problem away()
{
    return come_back("unavailable");
}

task<void> pause(const asio::any_io_executor& executor, std::chrono::microseconds length)
{
    asio::steady_timer timer{executor, length};
    co_await timer.async_wait(asio::use_awaitable);
}

class pooled_database final : public database
{
public:
    pooled_database(asio::any_io_executor executor, database_settings settings)
        : executor_{std::move(executor)},
          settings_{std::move(settings)},
          counter_{std::make_shared<copies_counter>(
              executor_, [this](unit asked) { return try_asking(std::move(asked)); }, settings_.one_disk)}
    {
    }

    task<result<std::vector<rows>>> read(const unit& asked) override
    {
        count_statements(asked);
        // A read changes nothing, so a lost connection is only a reason to ask again.
        for (int attempt = 0; attempt < 2; ++attempt)
        {
            auto answered = co_await try_read(asked);
            if (!answered) continue;
            if (!answered->refused) co_return std::move(answered->of_statements);
            if (!may_retry(*answered->refused) || attempt == 1) co_return to_problem(*answered->refused);
        }
        co_return away();
    }

    task<result<written>> write(const unit& asked) override
    {
        if (settings_.disk_is_full && settings_.disk_is_full())
            co_return refusal(problem_kind::storage_full, "disk_full");
        count_statements(asked);
        constexpr int attempts_max = 8;
        for (int attempt = 1;; ++attempt)
        {
            auto outcome = co_await attempt_write(asked);
            const bool again = outcome.may_pass && (!outcome.lost || asked.is_repeatable());
            if (!again || attempt == attempts_max)
            {
                if (outcome.lost && !asked.is_repeatable()) co_return come_back("outcome_unknown");
                co_return std::move(outcome.answer);
            }
            // Those who collided must not come back together.
            const auto spread = random_bytes(1).front();
            co_await pause(executor_, std::chrono::milliseconds{20 * attempt + spread});
        }
    }

    task<copies> count_copies(const written& own) override
    {
        if (own.wait_was_cancelled) co_return copies{};
        co_return co_await counter_->count(own.server_start, own.commit_origin);
    }

    task<copies> count_copies_of_seen(const written& after) override
    {
        if (after.wait_was_cancelled) co_return copies{};
        co_return co_await counter_->count(after.server_start, std::nullopt);
    }

    task<copies> count_copies_of_all() override
    {
        if (!reader_) co_return copies{};
        co_return co_await counter_->count(reader_->server_start(), std::nullopt);
    }

private:
    void count_statements(const unit& asked) const
    {
        if (!settings_.stated) return;
        for (const auto& each : asked.statements()) settings_.stated(each.what.name);
    }

    struct attempted
    {
        result<written> answer;
        bool may_pass = false;  // another attempt may end otherwise
        bool lost = false;      // what was sent may or may not have happened
    };

    task<attempted> attempt_write(const unit& asked)
    {
        auto leased = co_await lease();
        if (!leased) co_return attempted{leased.error()};
        auto outcome = co_await try_write(**leased, asked);
        written made{{}, (*leased)->server_start(), (*leased)->commit_origin(), false};
        give_back(std::move(*leased));
        if (!outcome)
        {
            forget_idle();
            co_return attempted{away(), true, true};
        }
        if (outcome->refused) co_return attempted{to_problem(*outcome->refused), may_retry(*outcome->refused)};
        made.of_statements = std::move(outcome->of_statements);
        made.wait_was_cancelled = outcome->wait_was_cancelled;
        co_return attempted{std::move(made)};
    }

    // For the counter: what was committed stays so, and when the question fails nothing is refused.
    task<std::optional<std::vector<rows>>> try_asking(unit question)
    {
        try
        {
            auto answered = co_await read(question);
            if (answered) co_return std::move(*answered);
        }
        catch (const std::exception& fault)
        {
            log::warning("copies_not_counted", {{"reason", std::string_view{fault.what()}}});
        }
        co_return std::nullopt;
    }

    task<std::optional<reply>> try_read(const unit& asked)
    {
        try
        {
            const auto reader = co_await reading_connection();
            co_return co_await reader->run(asked);
        }
        catch (const connection_lost& lost)
        {
            log::warning("database_away", {{"reason", std::string_view{lost.what()}.substr(0, 200)}});
            co_return std::nullopt;
        }
    }

    task<std::shared_ptr<connection>> reading_connection()
    {
        if (!reader_ || reader_->broken())
        {
            std::shared_ptr<connection> opened = co_await connection::open(settings_.conninfo);
            // Another read may have opened one meanwhile; the last one stays, the other ends with its reads.
            reader_ = std::move(opened);
        }
        co_return reader_;
    }

    static task<std::optional<reply>> try_write(connection& on, const unit& asked)
    {
        try
        {
            co_return co_await on.run(asked);
        }
        catch (const connection_lost&)
        {
            co_return std::nullopt;
        }
    }

    // A write that waits for its turn, first come first served.
    struct waiter
    {
        asio::steady_timer turn;
        bool called = false;  // it has its turn: with this connection, or to open one
        std::unique_ptr<connection> leased;
    };

    task<result<std::unique_ptr<connection>>> lease()
    {
        std::unique_ptr<connection> leased;
        if (!idle_.empty())
        {
            leased = std::move(idle_.back());
            idle_.pop_back();
        }
        else if (open_ < settings_.writers_max) ++open_;
        else
        {
            if (waiting_.size() >= settings_.waiting_max) co_return away();
            waiter self{{executor_, std::chrono::milliseconds{settings_.waiting_ms_max}}, false, nullptr};
            waiting_.push_back(&self);
            boost::system::error_code woken;
            co_await self.turn.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            if (!self.called)
            {
                std::erase(waiting_, &self);
                co_return away();
            }
            leased = std::move(self.leased);
        }
        if (leased) co_return std::move(leased);
        co_return co_await open_another();
    }

    // For whoever holds one of the places counted in `open_`.
    task<result<std::unique_ptr<connection>>> open_another()
    {
        try
        {
            auto opened = co_await connection::open(settings_.conninfo);
            if (settings_.counts_copies) co_await opened->take_commit_origin();
            co_return std::move(opened);
        }
        catch (const connection_lost& lost)
        {
            log::warning("database_away", {{"reason", std::string_view{lost.what()}.substr(0, 200)}});
        }
        call_next(nullptr);
        co_return away();
    }

    void give_back(std::unique_ptr<connection> leased)
    {
        if (leased->broken()) leased.reset();
        call_next(std::move(leased));
    }

    // One connection was lost, so the others probably are: none may cost a later write one of its attempts.
    void forget_idle()
    {
        open_ -= idle_.size();
        idle_.clear();
    }

    // Hands a place on: with its connection, or empty. A newcomer cannot take it from whoever waits.
    void call_next(std::unique_ptr<connection> leased)
    {
        if (!waiting_.empty())
        {
            auto& next = *waiting_.front();
            waiting_.pop_front();
            next.called = true;
            next.leased = std::move(leased);
            next.turn.cancel();
        }
        else if (leased) idle_.push_back(std::move(leased));
        else --open_;
    }

    asio::any_io_executor executor_;
    database_settings settings_;
    std::shared_ptr<connection> reader_;
    std::vector<std::unique_ptr<connection>> idle_;
    std::size_t open_ = 0;
    std::deque<waiter*> waiting_;
    std::shared_ptr<copies_counter> counter_;
};

}  // namespace

std::unique_ptr<database> database::make(asio::any_io_executor executor, database_settings settings)
{
    return std::make_unique<pooled_database>(std::move(executor), std::move(settings));
}

}  // namespace manent::store
