// One connection's bytes, plain or under TLS, behind one type: what reads and writes them is compiled once, and the
// difference is a virtual call for each read and write. To Beast an AsyncReadStream and an AsyncWriteStream.
#pragma once

#include "core/task.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <chrono>
#include <memory>

namespace manent::http
{

// The first of a sequence's buffers, as many as one write takes: an answer's header has one a field.
template <class Buffer>
class buffer_list
{
public:
    using value_type = Buffer;
    using const_iterator = const Buffer*;

    template <class Sequence>
    explicit buffer_list(const Sequence& from)
    {
        const auto end = boost::asio::buffer_sequence_end(from);
        for (auto at = boost::asio::buffer_sequence_begin(from); at != end && count_ < buffers_.size(); ++at)
        {
            const Buffer taken{*at};
            if (taken.size() > 0) buffers_[count_++] = taken;
        }
    }

    [[nodiscard]] const_iterator begin() const { return buffers_.data(); }
    [[nodiscard]] const_iterator end() const { return buffers_.data() + count_; }

private:
    std::array<Buffer, 32> buffers_{};
    std::size_t count_ = 0;
};

class connection
{
public:
    using executor_type = boost::asio::any_io_executor;
    using on_transfer = boost::asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;
    using on_end = boost::asio::any_completion_handler<void(boost::system::error_code)>;

    static std::unique_ptr<connection> plain(boost::asio::ip::tcp::socket socket);
    // `with` must live longer than the connection.
    static std::unique_ptr<connection> over_tls(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& with);

    connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    virtual ~connection() = default;

    [[nodiscard]] virtual executor_type get_executor() = 0;

    // Reads and writes that take longer than this from now on end in beast::error::timeout.
    virtual void expires_after(std::chrono::nanoseconds time) = 0;
    virtual void expires_never() = 0;

    // What comes before the first byte of HTTP; false when the other side did not keep to it.
    virtual task<bool> handshake() = 0;
    // Tells the other side, where the protocol can, that nothing more will be sent; it may go on sending.
    virtual void end_sending() = 0;
    // Says goodbye in at most two seconds.
    virtual task<void> finish() = 0;
    // Cuts it in both directions; what waits on it ends with an error. `close` also gives the descriptor back.
    virtual void cut() = 0;
    virtual void close() = 0;

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const buffer_list<boost::asio::mutable_buffer>& buffers)
            { start_read(buffers, std::move(done)); },
            token, buffer_list<boost::asio::mutable_buffer>{into});
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const buffer_list<boost::asio::const_buffer>& buffers)
            { start_write(buffers, std::move(done)); },
            token, buffer_list<boost::asio::const_buffer>{from});
    }

    // The end of a web socket, as Beast asks for it.
    virtual void start_teardown(boost::beast::role_type role, on_end done) = 0;

private:
    virtual void start_read(const buffer_list<boost::asio::mutable_buffer>& into, on_transfer done) = 0;
    virtual void start_write(const buffer_list<boost::asio::const_buffer>& from, on_transfer done) = 0;
};

// Beast finds these two by the connection's namespace.
template <class Handler>
void async_teardown(boost::beast::role_type role, connection& of, Handler&& done)
{
    of.start_teardown(role, std::forward<Handler>(done));
}

inline void beast_close_socket(connection& of)
{
    of.close();
}

}  // namespace manent::http
