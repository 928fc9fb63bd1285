#include "notify/sender.hpp"

#include "core/log.hpp"
#include "core/workers.hpp"
#include "notify/rules.hpp"
#include "notify/sql.hpp"

#include <curl/curl.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <mutex>
#include <stdexcept>

namespace manent::notify
{

namespace asio = boost::asio;

namespace
{

struct claimed
{
    uuid id{};
    letter written;
    int attempts = 0;
    std::chrono::seconds age{0};
};

store::unit new_unit()
{
    return store::unit{store::scope::everyone()};
}

class smtp_sender final : public sender
{
public:
    smtp_sender(store::database& mail_db, mail_settings by, bool keep_letters)
        : db_{mail_db}, by_{std::move(by)}, keep_letters_{keep_letters}
    {
        static std::once_flag started;
        std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        if (!parse_mailbox(by_.from)) throw std::runtime_error("mail.from must be an address or Name <address>");
    }

    task<void> run() override
    {
        if (by_.server.empty()) co_return;
        asio::steady_timer pause{co_await asio::this_coro::executor};
        pausing_ = &pause;
        while (!stopped_)
        {
            const bool sent_one = co_await send_next();
            if (sent_one || stopped_) continue;
            pause.expires_after(rhythm);
            boost::system::error_code woken;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        pausing_ = nullptr;
    }

    void stop() override
    {
        stopped_ = true;
        if (pausing_ != nullptr) pausing_->cancel();
    }

private:
    static constexpr std::chrono::seconds rhythm{1};

    // False when there was nothing to do, or it could not be done now.
    task<bool> send_next()
    {
        try
        {
            const auto next = co_await claim();
            if (!next) co_return false;
            co_await settle(*next, co_await deliver(*next));
            co_return true;
        }
        catch (const std::exception& fault)
        {
            log::error("mail_fault", {{"what", fault.what()}});
        }
        co_return false;
    }

    task<std::optional<claimed>> claim()
    {
        auto look = new_unit();
        look.add(sql::find_waiting);
        const auto waiting = co_await db_.read(look);
        if (!waiting || waiting->front().empty()) co_return std::nullopt;
        auto take = new_unit();
        take.add(sql::claim_next);
        const auto taken = co_await db_.write(take);
        if (!taken || taken->of_statements.front().empty()) co_return std::nullopt;
        const auto row = taken->of_statements.front()[0];
        claimed next;
        next.id = row.get<uuid>(0);
        next.written = {row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
                        row.get<std::optional<std::string>>(4)};
        next.attempts = row.get<int>(5);
        next.age = std::chrono::seconds{row.get<std::int64_t>(6)};
        co_return next;
    }

    task<delivery> deliver(const claimed& next)
    {
        co_return co_await own_thread_.run([this, id = next.id, written = next.written]
                                           { return send_letter(by_, id, written, stopped_); });
    }

    task<void> settle(const claimed& tried, delivery done)
    {
        const auto wait = wait_after(tried.attempts, tried.age);
        auto note = new_unit();
        note.repeatable();
        if (done.is == outcome::sent) note.add(sql::settle_sent, tried.id, keep_letters_);
        else if (done.is == outcome::refused || !wait) note.add(sql::settle_failed, tried.id, keep_letters_);
        else note.add(sql::settle_later, tried.id, wait->count());
        const auto noted = co_await db_.write(note);
        // Without the note the letter goes again when its claim runs out: twice is better than never.
        if (!noted) log::warning("mail_not_settled", {{"mail_id", to_string(tried.id)}, {"code", noted.error().code}});
        if (done.is != outcome::sent)
            log::warning("mail_not_sent", {{"mail_id", to_string(tried.id)},
                                           {"attempts", tried.attempts},
                                           {"failed", done.is == outcome::refused || !wait},
                                           {"curl", done.curl_code},
                                           {"smtp", done.smtp_code}});
    }

    store::database& db_;
    mail_settings by_;
    bool keep_letters_;
    std::atomic<bool> stopped_ = false;
    asio::steady_timer* pausing_ = nullptr;
    workers own_thread_{1};
};

}  // namespace

std::unique_ptr<sender> sender::make(store::database& mail_db, mail_settings by, bool keep_letters)
{
    return std::make_unique<smtp_sender>(mail_db, std::move(by), keep_letters);
}

}  // namespace manent::notify
