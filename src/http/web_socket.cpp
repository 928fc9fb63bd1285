#include "http/web_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace manent::http
{

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace
{

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

class open_web_socket final : public web_socket, public std::enable_shared_from_this<open_web_socket>
{
public:
    explicit open_web_socket(std::unique_ptr<connection> over) : connection_{std::move(over)}, stream_{*connection_}
    {
        stream_.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
        stream_.read_message_max(4096);  // clients have nothing to say but pongs
    }

    task<bool> accept(const raw_request& asked)
    {
        const auto self = shared_from_this();
        // From here on the web socket's own clock runs.
        connection_->expires_never();
        const auto [failed] = co_await stream_.async_accept(asked, as_result);
        co_return !failed;
    }

    bool send(std::string text) override
    {
        constexpr std::size_t waiting_max = 1000;
        if (closed_) return false;
        if (waiting_.size() >= waiting_max)
        {
            close();
            return false;
        }
        waiting_.push_back(std::move(text));
        if (std::exchange(writing_, true)) return true;
        asio::co_spawn(stream_.get_executor(), write_all(shared_from_this()), asio::detached);
        return true;
    }

    void close() override
    {
        closed_ = true;
        connection_->cut();
    }

    task<void> until_closed() override
    {
        const auto self = shared_from_this();
        beast::flat_buffer ignored;
        while (!closed_)
        {
            const auto [ended, count] = co_await stream_.async_read(ignored, as_result);
            if (ended) break;
            ignored.consume(ignored.size());
        }
        closed_ = true;
    }

private:
    static task<void> write_all(std::shared_ptr<open_web_socket> self)
    {
        while (!self->waiting_.empty() && !self->closed_)
        {
            const auto text = std::move(self->waiting_.front());
            self->waiting_.pop_front();
            self->stream_.text(true);
            const auto [cut, count] = co_await self->stream_.async_write(asio::buffer(text), as_result);
            if (cut) self->closed_ = true;
        }
        self->writing_ = false;
    }

    std::unique_ptr<connection> connection_;
    beast::websocket::stream<connection&, false> stream_;  // false: hints are too short to compress
    std::deque<std::string> waiting_;
    bool writing_ = false;
    bool closed_ = false;
};

}  // namespace

task<std::shared_ptr<web_socket>> accept_web_socket(std::unique_ptr<connection> over, const raw_request& asked)
{
    auto made = std::make_shared<open_web_socket>(std::move(over));
    const bool accepted = co_await made->accept(asked);
    if (!accepted) co_return nullptr;
    co_return made;
}

}  // namespace manent::http
