// A web socket of the program: text messages out, closed when its reader is too slow or gone. Beast's side of
// web_socket.
#pragma once

#include "http/message.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <memory>
#include <string>

namespace manent::http
{

template <class Stream>
class open_web_socket final : public web_socket, public std::enable_shared_from_this<open_web_socket<Stream>>
{
public:
    explicit open_web_socket(Stream stream) : stream_{std::move(stream)}
    {
        auto timeouts = boost::beast::websocket::stream_base::timeout::suggested(boost::beast::role_type::server);
        stream_.set_option(timeouts);
        stream_.read_message_max(4096);  // clients have nothing to say but pongs
    }

    boost::beast::websocket::stream<Stream>& stream() { return stream_; }

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
        if (!writing_)
            boost::asio::co_spawn(stream_.get_executor(), write_all(this->shared_from_this()), boost::asio::detached);
        return true;
    }

    void close() override
    {
        closed_ = true;
        boost::system::error_code gone;
        boost::beast::get_lowest_layer(stream_).socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, gone);
    }

    task<void> until_closed() override
    {
        const auto self = this->shared_from_this();
        boost::beast::flat_buffer ignored;
        while (!closed_)
        {
            const auto [ended, count] =
                co_await stream_.async_read(ignored, boost::asio::as_tuple(boost::asio::use_awaitable));
            if (ended) break;
            ignored.consume(ignored.size());
        }
        closed_ = true;
    }

private:
    static task<void> write_all(std::shared_ptr<open_web_socket> self)
    {
        self->writing_ = true;
        while (!self->waiting_.empty() && !self->closed_)
        {
            const auto text = std::move(self->waiting_.front());
            self->waiting_.pop_front();
            self->stream_.text(true);
            const auto [cut, count] = co_await self->stream_.async_write(
                boost::asio::buffer(text), boost::asio::as_tuple(boost::asio::use_awaitable));
            if (cut) self->closed_ = true;
        }
        self->writing_ = false;
    }

    boost::beast::websocket::stream<Stream> stream_;
    std::deque<std::string> waiting_;
    bool writing_ = false;
    bool closed_ = false;
};

// nullptr when the handshake fails.
template <class Stream, class Request>
task<std::shared_ptr<web_socket>> accept_socket(Stream stream, const Request& request)
{
    auto made = std::make_shared<open_web_socket<Stream>>(std::move(stream));
    const auto [failed] =
        co_await made->stream().async_accept(request, boost::asio::as_tuple(boost::asio::use_awaitable));
    if (failed) co_return nullptr;
    co_return made;
}

}  // namespace manent::http
