#include "http/session.hpp"

#include "http/web_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace manent::http
{

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;

namespace
{

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using request_parser = beast_http::request_parser<beast_http::string_body>;

bool is_malformed(const boost::system::error_code& failed)
{
    return failed.category() == beast_http::make_error_code(beast_http::error::bad_method).category() &&
           failed != beast_http::error::end_of_stream && failed != beast_http::error::partial_message;
}

class session
{
public:
    session(session_ground& ground, std::unique_ptr<connection> over, std::string remote)
        : ground_{ground},
          connection_{std::move(over)},
          remote_{std::move(remote)},
          buffer_{ground.bounds.header_bytes_max + std::size_t{64} * 1024}
    {
    }

    task<void> run()
    {
        connection_->expires_after(bounds().header_time);
        ground_.idle.insert(connection_.get());
        const bool agreed = co_await connection_->handshake();
        ground_.idle.erase(connection_.get());
        if (!agreed) co_return;
        for (bool first = true; !ground_.draining; first = false)
            if (!co_await take_next(first ? bounds().header_time : bounds().idle_time)) break;
        // A web socket has taken the connection with it.
        if (connection_) co_await connection_->finish();
    }

private:
    [[nodiscard]] const limits& bounds() const { return ground_.bounds; }

    // Waits for a request and answers it; false when the connection is at its end.
    task<bool> take_next(std::chrono::seconds wait)
    {
        request_parser parser;
        parser.header_limit(static_cast<std::uint32_t>(bounds().header_bytes_max));
        parser.body_limit(boost::none);
        connection_->expires_after(wait);
        ground_.idle.insert(connection_.get());
        const auto [no_header, bytes] =
            co_await beast_http::async_read_header(*connection_, buffer_, parser, as_result);
        ground_.idle.erase(connection_.get());
        if (!no_header) co_return co_await take_request(parser);
        if (is_malformed(no_header)) co_await refuse_unread(no_header);
        co_return false;
    }

    task<bool> take_request(request_parser& parser)
    {
        const auto request_id = new_request_id();
        const auto* const chosen = ground_.dispatch.route_of(parser.get());
        const auto bytes_max = chosen == nullptr ? std::size_t{64} * 1024 : chosen->body_bytes_max;
        parser.body_limit(bytes_max);
        const auto announced = parser.content_length();
        if (announced && *announced > bytes_max)
            co_return co_await answer_too_large(parser.get(), request_id, bytes_max);
        if (beast::websocket::is_upgrade(parser.get())) co_return co_await open_socket(parser.release(), request_id);
        connection_->expires_after(bounds().body_time);
        if (parser.get()[beast_http::field::expect] == "100-continue")
            co_await write(raw_response{beast_http::status::continue_, parser.get().version()});
        const auto [no_body, bytes] = co_await beast_http::async_read(*connection_, buffer_, parser, as_result);
        if (no_body == beast_http::error::body_limit)
            co_return co_await answer_too_large(parser.get(), request_id, bytes_max);
        if (no_body)
        {
            if (is_malformed(no_body)) co_await refuse_unread(no_body);
            co_return false;
        }
        co_return co_await answer(parser.release(), request_id);
    }

    task<bool> answer(raw_request raw, const std::string& request_id)
    {
        const bool head_only = raw.method() == beast_http::verb::head;
        const auto version = raw.version();
        const bool keep_alive = raw.keep_alive() && !ground_.draining;
        // The handler's own waits are bounded (statements, pools); the connection's clock rests meanwhile.
        connection_->expires_never();
        auto answered = co_await ground_.dispatch.answer(raw, remote_, request_id, ground_.over_tls);
        connection_->expires_after(bounds().answer_time);
        const bool written = co_await write(
            write_response(std::move(answered), request_id, version, keep_alive, ground_.over_tls, head_only));
        co_return written&& keep_alive;
    }

    // What answers HEAD has a length and no body, and is written like any other.
    task<bool> write(raw_response message)
    {
        beast_http::response_serializer<beast_http::string_body> serializer{message};
        const auto [cut, bytes] = co_await beast_http::async_write(*connection_, serializer, as_result);
        co_return !cut;
    }

    task<bool> answer_too_large(const raw_request& header, const std::string& request_id, std::size_t bytes_max)
    {
        call asked;
        asked.request_id = request_id;
        asked.language = preferred_language(std::string{header[beast_http::field::accept_language]});
        auto refused = refusal(problem_kind::too_large, "too_large");
        refused.details.emplace("limit_bytes", bytes_max);
        connection_->expires_after(bounds().answer_time);
        co_await write(
            write_response(refuse(asked, refused), request_id, header.version(), false, ground_.over_tls, false));
        co_await swallow();
        co_return false;
    }

    // Reads on for a moment, so that a client that is still sending gets the answer rather than a reset.
    task<void> swallow()
    {
        std::array<char, std::size_t{16} * 1024> rest{};
        constexpr std::size_t swallowed_max = std::size_t{64} * 1024 * 1024;
        connection_->expires_after(std::chrono::seconds{5});
        connection_->end_sending();
        for (std::size_t swallowed = 0; swallowed < swallowed_max;)
        {
            const auto [ended, count] = co_await connection_->async_read_some(asio::buffer(rest), as_result);
            if (ended) co_return;
            swallowed += count;
        }
    }

    // For what is no HTTP, or has too large a header: no language is known yet.
    task<void> refuse_unread(boost::system::error_code why)
    {
        call asked;
        asked.request_id = new_request_id();
        const bool large = why == beast_http::error::header_limit || why == beast_http::error::buffer_overflow;
        auto answered = refuse(asked, refusal(problem_kind::invalid, large ? "header_too_large" : "malformed_request"));
        if (large) answered.status = 431;
        connection_->expires_after(bounds().answer_time);
        co_await write(write_response(std::move(answered), asked.request_id, 11, false, ground_.over_tls, false));
    }

    task<bool> open_socket(raw_request raw, const std::string& request_id)
    {
        connection_->expires_never();
        auto admitted = co_await ground_.dispatch.admit(raw, remote_, request_id, ground_.over_tls);
        if (admitted.refused)
        {
            connection_->expires_after(bounds().answer_time);
            co_await write(write_response(std::move(*admitted.refused), request_id, raw.version(), false,
                                          ground_.over_tls, false));
            co_return false;
        }
        const auto opened = co_await accept_web_socket(std::move(connection_), raw);
        if (!opened) co_return false;
        std::erase_if(ground_.live_sockets, [](const auto& each) { return each.expired(); });
        ground_.live_sockets.emplace_back(opened);
        if (ground_.draining) opened->close();
        admitted.to->opened(admitted.asked, opened);
        co_await opened->until_closed();
        co_return false;
    }

    session_ground& ground_;
    std::unique_ptr<connection> connection_;
    std::string remote_;
    beast::flat_buffer buffer_;
};

}  // namespace

task<void> run_session(session_ground& ground, std::unique_ptr<connection> over, std::string remote)
{
    session made{ground, std::move(over), std::move(remote)};
    co_await made.run();
}

}  // namespace manent::http
