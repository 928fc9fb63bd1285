#include "http/server.hpp"

#include "core/log.hpp"
#include "http/request.hpp"
#include "http/socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <unordered_set>

namespace manent::http
{

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;

namespace
{

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using plain_stream = beast::tcp_stream;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

std::optional<asio::ssl::context> make_tls(const std::optional<tls_files>& files)
{
    if (!files) return std::nullopt;
    asio::ssl::context context{asio::ssl::context::tls_server};
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    context.use_certificate_chain_file(files->certificate_chain);
    context.use_private_key_file(files->private_key, asio::ssl::context::pem);
    return context;
}

class listening_server final : public server
{
public:
    listening_server(asio::io_context& on, const router& routes, const static_files& files, metrics& counters,
                     limits bounds, const std::optional<tls_files>& tls)
        : on_{on}, routes_{routes}, files_{files}, counters_{counters}, bounds_{bounds}, tls_{make_tls(tls)}
    {
    }

    void listen_on(int descriptor) override
    {
        sockaddr_storage bound{};
        socklen_t length = sizeof bound;
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length);
        const auto protocol = bound.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
        acceptors_.push_back(std::make_unique<tcp::acceptor>(on_, protocol, ::dup(descriptor)));
        asio::co_spawn(on_, accept(*acceptors_.back()), asio::detached);
    }

    task<void> drain() override
    {
        draining_ = true;
        for (auto& acceptor : acceptors_) acceptor->close();
        for (auto* idle : std::unordered_set<tcp::socket*>{idle_}) close(*idle);
        for (auto& each : live_sockets_)
            if (auto open = each.lock()) open->close();
        const auto give_up = std::chrono::steady_clock::now() + bounds_.drain_time;
        asio::steady_timer tick{on_};
        while (sessions_ > 0 && std::chrono::steady_clock::now() < give_up)
        {
            tick.expires_after(std::chrono::milliseconds{20});
            co_await tick.async_wait(asio::use_awaitable);
        }
    }

private:
    task<void> accept(tcp::acceptor& acceptor)
    {
        while (!draining_)
        {
            auto [failed, socket] = co_await acceptor.async_accept(as_result);
            if (failed == asio::error::operation_aborted) co_return;
            if (failed)
            {
                // Out of descriptors: waiting a moment beats spinning.
                asio::steady_timer pause{on_, std::chrono::milliseconds{50}};
                co_await pause.async_wait(asio::use_awaitable);
                continue;
            }
            if (sessions_ >= bounds_.sessions_max) continue;  // closes it
            boost::system::error_code unset;
            socket.set_option(tcp::no_delay{true}, unset);
            asio::co_spawn(on_, serve(std::move(socket)), asio::detached);
        }
    }

    task<void> serve(tcp::socket socket)
    {
        ++sessions_;
        counters_.session_opened();
        boost::system::error_code unknown;
        const auto remote = socket.remote_endpoint(unknown).address().to_string();
        try
        {
            if (tls_) co_await serve_tls(std::move(socket), remote);
            else co_await serve_plain(std::move(socket), remote);
        }
        catch (const std::exception& fault)
        {
            log::error("session_fault", {{"what", fault.what()}});
        }
        counters_.session_closed();
        --sessions_;
    }

    task<void> serve_plain(tcp::socket socket, const std::string& remote)
    {
        plain_stream stream{std::move(socket)};
        co_await converse(stream, stream.socket(), remote);
        boost::system::error_code gone;
        stream.socket().shutdown(tcp::socket::shutdown_send, gone);
    }

    task<void> serve_tls(tcp::socket socket, const std::string& remote)
    {
        tls_stream stream{std::move(socket), *tls_};
        beast::get_lowest_layer(stream).expires_after(bounds_.header_time);
        const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_result);
        if (failed) co_return;
        co_await converse(stream, beast::get_lowest_layer(stream).socket(), remote);
        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds{2});
        co_await stream.async_shutdown(as_result);
    }

    // Requests one after the other until either side has had enough.
    template <class Stream>
    task<void> converse(Stream& stream, tcp::socket& socket, const std::string& remote)
    {
        beast::flat_buffer buffer{bounds_.header_bytes_max + 64 * 1024};
        for (bool first = true; !draining_; first = false)
        {
            beast_http::request_parser<beast_http::string_body> parser;
            parser.header_limit(static_cast<std::uint32_t>(bounds_.header_bytes_max));
            parser.body_limit(boost::none);
            beast::get_lowest_layer(stream).expires_after(first ? bounds_.header_time : bounds_.idle_time);
            idle_.insert(&socket);
            const auto [no_header, header_bytes] =
                co_await beast_http::async_read_header(stream, buffer, parser, as_result);
            idle_.erase(&socket);
            if (no_header)
            {
                if (is_malformed(no_header)) co_await refuse_raw(stream, no_header);
                co_return;
            }
            if (!co_await take_request(stream, buffer, parser, remote)) co_return;
        }
    }

    static bool is_malformed(const boost::system::error_code& failed)
    {
        return failed.category() == beast_http::make_error_code(beast_http::error::bad_method).category() &&
               failed != beast_http::error::end_of_stream && failed != beast_http::error::partial_message;
    }

    // Answers one request; false when the connection is at its end.
    template <class Stream, class Parser>
    task<bool> take_request(Stream& stream, beast::flat_buffer& buffer, Parser& parser, const std::string& remote)
    {
        const auto request_id = new_request_id();
        const auto* const chosen = route_of(parser.get());
        const auto bytes_max = chosen == nullptr ? std::size_t{64} * 1024 : chosen->body_bytes_max;
        parser.body_limit(bytes_max);
        const auto announced = parser.content_length();
        if (announced && *announced > bytes_max)
            co_return co_await answer_too_large(stream, parser.get(), request_id, bytes_max);
        if (beast::websocket::is_upgrade(parser.get()))
            co_return co_await open_socket(stream, parser.release(), remote, request_id);
        if (parser.get()[beast_http::field::expect] == "100-continue")
        {
            raw_response go_on{beast_http::status::continue_, parser.get().version()};
            co_await beast_http::async_write(stream, go_on, as_result);
        }
        beast::get_lowest_layer(stream).expires_after(bounds_.body_time);
        const auto [no_body, body_bytes] = co_await beast_http::async_read(stream, buffer, parser, as_result);
        if (no_body == beast_http::error::body_limit)
            co_return co_await answer_too_large(stream, parser.get(), request_id, bytes_max);
        if (no_body)
        {
            if (is_malformed(no_body)) co_await refuse_raw(stream, no_body);
            co_return false;
        }
        auto raw = parser.release();
        const bool head_only = raw.method() == beast_http::verb::head;
        const auto version = raw.version();
        const bool keep_alive = raw.keep_alive() && !draining_;
        // The handler's own waits are bounded (statements, pools); the socket's clock rests meanwhile.
        beast::get_lowest_layer(stream).expires_never();
        auto answered = co_await handle(raw, remote, request_id);
        auto written =
            write_response(std::move(answered), request_id, version, keep_alive, tls_.has_value(), head_only);
        beast::get_lowest_layer(stream).expires_after(bounds_.answer_time);
        beast_http::response_serializer<beast_http::string_body> serializer{written};
        const auto [cut, bytes] = head_only ? co_await beast_http::async_write_header(stream, serializer, as_result)
                                            : co_await beast_http::async_write(stream, serializer, as_result);
        co_return !cut && keep_alive;
    }

    const route* route_of(const raw_request& header) const
    {
        const std::string_view target{header.target().data(), header.target().size()};
        const auto path = target.substr(0, target.find('?'));
        const auto method = header.method() == beast_http::verb::post  ? verb::post
                            : header.method() == beast_http::verb::put ? verb::put
                                                                       : verb::get;
        return routes_.find(method, path).found;
    }

    task<response> handle(raw_request& raw, const std::string& remote, const std::string& request_id)
    {
        const auto began = std::chrono::steady_clock::now();
        auto read = read_call(raw, remote, tls_.has_value());
        if (!read)
        {
            call unread;
            unread.request_id = request_id;
            unread.language = preferred_language(std::string{raw[beast_http::field::accept_language]});
            co_return refuse(unread, read.error());
        }
        call& asked = *read;
        asked.request_id = request_id;
        auto match = routes_.find(asked.method, asked.path);
        if (match.found == nullptr || !match.found->handled_by) co_return without_route(asked, match.path_is_known);
        asked.parameters = std::move(match.parameters);
        response answered = co_await guarded(*match.found, asked);
        const auto took = std::chrono::steady_clock::now() - began;
        counters_.answered(match.found->operation, answered.status, took);
        if (answered.status >= 500)
            log::warning("answered", {{"request_id", request_id},
                                      {"route", match.found->operation},
                                      {"status", answered.status},
                                      {"ms", std::chrono::duration<double, std::milli>(took).count()}});
        co_return answered;
    }

    response without_route(const call& asked, bool path_is_known) const
    {
        if (path_is_known)
        {
            auto refused = refuse(asked, refusal(problem_kind::invalid, "method_not_allowed"));
            refused.status = 405;
            return refused;
        }
        const bool page = asked.method == verb::get && !asked.path.starts_with("/api/");
        return page ? files_.serve(asked) : refuse(asked, refusal(problem_kind::not_found, "not_found"));
    }

    // The one place where a fault ends a request: logged with its id, answered without the server's text.
    static task<response> guarded(const route& chosen, call& asked)
    {
        try
        {
            co_return co_await chosen.handled_by(asked);
        }
        catch (const std::exception& fault)
        {
            log::error("fault",
                       {{"request_id", asked.request_id}, {"route", chosen.operation}, {"what", fault.what()}});
        }
        auto failed = refuse(asked, refusal(problem_kind::unavailable, "fault"));
        failed.status = 500;
        co_return failed;
    }

    template <class Stream>
    task<bool> answer_too_large(Stream& stream, const raw_request& header, const std::string& request_id,
                                std::size_t bytes_max)
    {
        call asked;
        asked.request_id = request_id;
        asked.language = preferred_language(std::string{header[beast_http::field::accept_language]});
        auto refused = refusal(problem_kind::too_large, "too_large");
        refused.details.emplace("limit_bytes", bytes_max);
        auto written =
            write_response(refuse(asked, refused), request_id, header.version(), false, tls_.has_value(), false);
        beast::get_lowest_layer(stream).expires_after(bounds_.answer_time);
        co_await beast_http::async_write(stream, written, as_result);
        co_await swallow(stream);
        co_return false;
    }

    // Reads on for a moment, so that a client that is still sending gets the answer rather than a reset.
    template <class Stream>
    task<void> swallow(Stream& stream)
    {
        std::array<char, 16 * 1024> rest{};
        constexpr std::size_t swallowed_max = std::size_t{64} * 1024 * 1024;
        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds{5});
        if constexpr (std::is_same_v<Stream, plain_stream>)
        {
            boost::system::error_code gone;
            stream.socket().shutdown(tcp::socket::shutdown_send, gone);
        }
        for (std::size_t swallowed = 0; swallowed < swallowed_max;)
        {
            const auto [ended, count] = co_await stream.async_read_some(asio::buffer(rest), as_result);
            if (ended) co_return;
            swallowed += count;
        }
    }

    template <class Stream>
    task<void> refuse_raw(Stream& stream, const boost::system::error_code& why)
    {
        call asked;
        asked.request_id = new_request_id();
        const bool large = why == beast_http::error::header_limit || why == beast_http::error::buffer_overflow;
        auto answered = refuse(asked, refusal(problem_kind::invalid, large ? "header_too_large" : "malformed_request"));
        if (large) answered.status = 431;
        auto written = write_response(std::move(answered), asked.request_id, 11, false, tls_.has_value(), false);
        beast::get_lowest_layer(stream).expires_after(bounds_.answer_time);
        co_await beast_http::async_write(stream, written, as_result);
    }

    template <class Stream>
    task<bool> open_socket(Stream& stream, raw_request raw, const std::string& remote, const std::string& request_id)
    {
        const auto version = raw.version();
        auto read = read_call(raw, remote, tls_.has_value());
        std::optional<response> refused;
        router::match match;
        if (read)
        {
            read->request_id = request_id;
            match = routes_.find(verb::get, read->path);
            read->parameters = match.parameters;
            // A browser sends no preflight for a web socket: its origin must be asked here.
            const auto origin = read->header("origin");
            const bool ours = origin.empty() || origin == (tls_ ? "https://" : "http://") + read->header("host");
            if (match.found == nullptr || !match.found->admits) refused = without_route(*read, false);
            else if (!ours) refused = refuse(*read, refusal(problem_kind::forbidden, "cross_site"));
            else refused = co_await match.found->admits(*read);
        }
        else
        {
            call unread;
            unread.request_id = request_id;
            refused = refuse(unread, read.error());
        }
        if (refused)
        {
            auto written = write_response(std::move(*refused), request_id, version, false, tls_.has_value(), false);
            co_await beast_http::async_write(stream, written, as_result);
            co_return false;
        }
        beast::get_lowest_layer(stream).expires_never();
        auto opened = co_await accept_socket(std::move(stream), raw);
        if (!opened) co_return false;
        std::erase_if(live_sockets_, [](const auto& each) { return each.expired(); });
        live_sockets_.push_back(opened);
        match.found->opened(*read, opened);
        co_await opened->until_closed();
        co_return false;
    }

    static void close(tcp::socket& socket)
    {
        boost::system::error_code gone;
        socket.close(gone);
    }

    asio::io_context& on_;
    const router& routes_;
    const static_files& files_;
    metrics& counters_;
    limits bounds_;
    std::optional<asio::ssl::context> tls_;
    std::vector<std::unique_ptr<tcp::acceptor>> acceptors_;
    std::unordered_set<tcp::socket*> idle_;
    std::vector<std::weak_ptr<web_socket>> live_sockets_;
    std::size_t sessions_ = 0;
    bool draining_ = false;
};

}  // namespace

std::unique_ptr<server> server::make(asio::io_context& on, const router& routes, const static_files& files,
                                     metrics& counters, limits bounds, std::optional<tls_files> tls)
{
    return std::make_unique<listening_server>(on, routes, files, counters, bounds, tls);
}

}  // namespace manent::http
