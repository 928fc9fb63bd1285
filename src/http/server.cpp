#include "http/server.hpp"

#include "core/log.hpp"
#include "http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>
#include <unistd.h>

namespace manent::http
{

namespace asio = boost::asio;
using asio::ip::tcp;

namespace
{

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Whoever starts the program reads this: which setting, which file, why.
void require_read(const boost::system::error_code& failed, std::string_view setting, const std::string& file)
{
    if (!failed) return;
    throw std::runtime_error{std::string{setting} + ": " + file + " cannot be used: " + failed.message() +
                             " (the serving process must be able to read it as its own user)"};
}

std::optional<asio::ssl::context> make_tls(const std::optional<tls_files>& files)
{
    if (!files) return std::nullopt;
    asio::ssl::context context{asio::ssl::context::tls_server};
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    boost::system::error_code failed;
    context.use_certificate_chain_file(files->certificate_chain, failed);
    require_read(failed, "http.tls_certificate", files->certificate_chain);
    context.use_private_key_file(files->private_key, asio::ssl::context::pem, failed);
    require_read(failed, "http.tls_key", files->private_key);
    return context;
}

class listening_server final : public server
{
public:
    listening_server(asio::io_context& on, const router& routes, const static_files& files, metrics& counters,
                     limits bounds, const std::optional<tls_files>& tls)
        : on_{on},
          counters_{counters},
          tls_{make_tls(tls)},
          ground_{.dispatch{routes, files, counters}, .bounds = bounds, .over_tls = tls.has_value()}
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
        ground_.draining = true;
        for (auto& acceptor : acceptors_) acceptor->close();
        for (auto* idle : std::unordered_set<connection*>{ground_.idle}) idle->close();
        for (auto& each : ground_.live_sockets)
            if (auto open = each.lock()) open->close();
        const auto give_up = std::chrono::steady_clock::now() + ground_.bounds.drain_time;
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
        while (!ground_.draining)
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
            if (sessions_ >= ground_.bounds.sessions_max) continue;  // closes it
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
        auto remote = socket.remote_endpoint(unknown).address().to_string();
        try
        {
            auto over = tls_ ? connection::over_tls(std::move(socket), *tls_) : connection::plain(std::move(socket));
            co_await run_session(ground_, std::move(over), std::move(remote));
        }
        catch (const std::exception& fault)
        {
            log::error("session_fault", {{"what", fault.what()}});
        }
        counters_.session_closed();
        --sessions_;
    }

    asio::io_context& on_;
    metrics& counters_;
    std::optional<asio::ssl::context> tls_;
    session_ground ground_;
    std::vector<std::unique_ptr<tcp::acceptor>> acceptors_;
    std::size_t sessions_ = 0;
};

}  // namespace

std::unique_ptr<server> server::make(asio::io_context& on, const router& routes, const static_files& files,
                                     metrics& counters, limits bounds, const std::optional<tls_files>& tls)
{
    return std::make_unique<listening_server>(on, routes, files, counters, bounds, tls);
}

}  // namespace manent::http
