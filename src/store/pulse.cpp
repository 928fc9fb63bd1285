#include "store/pulse.hpp"

#include "core/log.hpp"
#include "store/connection.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace manent::store
{

namespace asio = boost::asio;

namespace
{

constexpr statement anyone_there{"store.pulse", "SELECT 1"};

// In slices: a process that was itself stopped must not find its question old.
task<void> wait(std::chrono::milliseconds length)
{
    constexpr std::chrono::milliseconds slice{250};
    asio::steady_timer timer{co_await asio::this_coro::executor};
    for (auto left = length; left.count() > 0; left -= slice)
    {
        timer.expires_after(slice);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

// On a connection of its own each time: one that is kept would not notice a server that accepts nobody any more.
task<void> ask(std::string conninfo)
{
    const auto open = co_await connection::open(std::move(conninfo), connection::silence::is_asked_about);
    unit question{scope::everyone()};
    question.add(anyone_there);
    co_await open->run(question);
}

}  // namespace

void pulse::add(std::weak_ptr<listener> waiting)
{
    std::erase_if(listeners_, [](const auto& each) { return each.expired(); });
    listeners_.push_back(std::move(waiting));
}

boost::asio::execution_context::id pulse::id;

pulse* pulse::of(const asio::any_io_executor& executor)
{
    auto& context = asio::query(executor, asio::execution::context);
    return asio::has_service<pulse>(context) ? &asio::use_service<pulse>(context) : nullptr;
}

task<void> pulse::run(std::string conninfo)
{
    constexpr std::chrono::seconds between{1};
    while (!stopping_)
    {
        const bool answered = co_await is_answered(conninfo);
        if (silent_ == answered)
        {
            silent_ = !answered;
            log::warning(silent_ ? "database_silent" : "database_answers_again");
        }
        if (silent_) tell();
        co_await wait(between);
    }
}

// One that refuses, or is not there, is not silent: whoever asks hears so at once.
task<bool> pulse::is_answered(const std::string& conninfo)
{
    using namespace asio::experimental::awaitable_operators;
    constexpr std::chrono::seconds patience{3};
    try
    {
        const auto first = co_await (ask(conninfo) || wait(patience));
        co_return first.index() == 0;
    }
    catch (const std::exception&)
    {
        co_return true;
    }
}

void pulse::tell()
{
    for (const auto& each : std::vector{listeners_})
    {
        if (const auto waiting = each.lock()) waiting->server_fell_silent();
    }
}

}  // namespace manent::store
