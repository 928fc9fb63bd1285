#include "http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace manent::http
{

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace
{

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// All that is the same to both; Stream is a beast::tcp_stream or stands on one.
template <class Stream>
class connection_over : public connection
{
public:
    template <class... Arguments>
    explicit connection_over(Arguments&&... arguments) : stream_{std::forward<Arguments>(arguments)...}
    {
    }

    executor_type get_executor() override { return stream_.get_executor(); }
    void expires_after(std::chrono::nanoseconds time) override { lowest().expires_after(time); }
    void expires_never() override { lowest().expires_never(); }

    void cut() override
    {
        boost::system::error_code gone;
        lowest().socket().shutdown(tcp::socket::shutdown_both, gone);
    }

    void close() override { lowest().close(); }

protected:
    beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }
    Stream& stream() { return stream_; }

    // Beast posts some completions, and an erased handler's own executor cannot be posted to.
    template <class Handler>
    auto here(Handler done)
    {
        return asio::bind_executor(get_executor(), std::move(done));
    }

private:
    void start_read(const buffer_list<asio::mutable_buffer>& into, on_transfer done) override
    {
        stream_.async_read_some(into, here(std::move(done)));
    }

    void start_write(const buffer_list<asio::const_buffer>& from, on_transfer done) override
    {
        stream_.async_write_some(from, here(std::move(done)));
    }

    Stream stream_;
};

class plain_connection final : public connection_over<beast::tcp_stream>
{
public:
    using connection_over::connection_over;

    task<bool> handshake() override { co_return true; }

    void end_sending() override
    {
        boost::system::error_code gone;
        stream().socket().shutdown(tcp::socket::shutdown_send, gone);
    }

    task<void> finish() override
    {
        end_sending();
        co_return;
    }

    void start_teardown(beast::role_type role, on_end done) override
    {
        beast::websocket::async_teardown(role, stream().socket(), here(std::move(done)));
    }
};

// Beast's stream rather than Asio's, because it joins small buffers: a field of a header would else be a record each.
class tls_connection final : public connection_over<beast::ssl_stream<beast::tcp_stream>>
{
public:
    using connection_over::connection_over;

    task<bool> handshake() override
    {
        const auto [failed] = co_await stream().async_handshake(asio::ssl::stream_base::server, as_result);
        co_return !failed;
    }

    // TLS has no half that can be closed: its goodbye ends both.
    void end_sending() override {}

    task<void> finish() override
    {
        lowest().expires_after(std::chrono::seconds{2});
        co_await stream().async_shutdown(as_result);
    }

    void start_teardown(beast::role_type /*role*/, on_end done) override
    {
        stream().async_shutdown(here(std::move(done)));
    }
};

}  // namespace

std::unique_ptr<connection> connection::plain(tcp::socket socket)
{
    return std::make_unique<plain_connection>(std::move(socket));
}

std::unique_ptr<connection> connection::over_tls(tcp::socket socket, asio::ssl::context& with)
{
    return std::make_unique<tls_connection>(std::move(socket), with);
}

}  // namespace manent::http
