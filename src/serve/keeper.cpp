#include "serve/keeper.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"
#include "serve/installation.hpp"
#include "serve/signals.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <thread>

namespace manent::serve
{

namespace
{

using clock = std::chrono::steady_clock;

// IPv4 or IPv6; throws with the way on when the address is taken.
int bind_listener(const std::string& address, int port)
{
    sockaddr_in v4 = {};
    sockaddr_in6 v6 = {};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
    if (!is_v4 && ::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) != 1)
        throw std::runtime_error("http.address is no address of this machine: " + address);
    const int listener = ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto* const to = is_v4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
    const bool bound = ::bind(listener, to, is_v4 ? sizeof v4 : sizeof v6) == 0 && ::listen(listener, 4096) == 0;
    if (!bound)
        throw std::runtime_error("cannot listen on " + address + " port " + std::to_string(port) + " (" +
                                 std::generic_category().message(errno) + "): choose another with --port");
    return listener;
}

int port_of(int listener)
{
    sockaddr_storage bound = {};
    socklen_t length = sizeof bound;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &length);
    const auto port = bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                                  : reinterpret_cast<sockaddr_in*>(&bound)->sin_port;
    return ntohs(port);
}

// The serving process, started again when it dies.
class server_process
{
public:
    server_process(config settings, const installation& on, int listener)
    {
        settings.database_address = on.database_base();
        // The backup is the keeper's own: its secrets stay here.
        for (auto* each : {&settings.backup_folder, &settings.backup_s3_endpoint, &settings.backup_s3_key,
                           &settings.backup_s3_secret, &settings.backup_s3_key_file})
            each->clear();
        command_.command = {std::filesystem::read_symlink("/proc/self/exe").string(), "answer"};
        command_.inherited = {listener};
        for (const auto& each : manent::settings())
            command_.environment.emplace_back(each.variable(), value_of(each, settings));
        command_.environment.emplace_back("MANENT_DEMONSTRATION", settings.demonstration ? "true" : "false");
        command_.environment.emplace_back("MANENT_LISTENER", std::to_string(listener));
    }

    // Starts it and waits until it says that it answers; false when it ended before.
    bool start()
    {
        std::array<int, 2> pipe{};
        if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe to the serving process");
        auto with_pipe = command_;
        with_pipe.inherited.push_back(pipe[1]);
        with_pipe.environment.emplace_back("MANENT_READY", std::to_string(pipe[1]));
        launch(with_pipe);
        ::close(pipe[1]);
        char said = 0;
        ssize_t count = 0;
        while ((count = ::read(pipe[0], &said, 1)) < 0 && errno == EINTR && !asked_to_stop())
        {
        }
        ::close(pipe[0]);
        return count == 1;
    }

    // Never waits: whoever calls it looks after PostgreSQL too.
    void keep()
    {
        if (pid_ == 0)
        {
            // At once the first time, then at leisure: a server that cannot start must not eat the machine.
            if (clock::now() - started_ >= std::chrono::milliseconds{500 * std::min(failures_, 20)}) launch(command_);
            return;
        }
        if (leaves_until_ && clock::now() > *leaves_until_) ::kill(pid_, SIGKILL);
        const auto ended = store::reap(pid_);
        if (!ended) return;
        pid_ = 0;
        const bool was_asked = leaves_until_.has_value();
        leaves_until_.reset();
        failures_ = !was_asked && clock::now() - started_ < std::chrono::seconds{5} ? failures_ + 1 : 0;
        log::warning("server_ended", {{"status", *ended}});
    }

    // Ends it when it has drained, so that keep() starts another.
    void replace()
    {
        if (pid_ == 0 || leaves_until_) return;
        ::kill(pid_, SIGTERM);
        leaves_until_ = clock::now() + std::chrono::seconds{5};
    }

    void stop()
    {
        if (pid_ != 0) store::end_child(pid_, {{SIGTERM, 20}, {SIGKILL, 5}});
        pid_ = 0;
    }

private:
    void launch(const store::child_settings& how)
    {
        pid_ = store::start_child(how);
        started_ = clock::now();
    }

    static std::string value_of(const setting& which, const config& settings)
    {
        if (const auto* const text = std::get_if<std::string config::*>(&which.member)) return settings.**text;
        if (const auto* const flag = std::get_if<bool config::*>(&which.member))
            return settings.**flag ? "true" : "false";
        return std::to_string(settings.*std::get<int config::*>(which.member));
    }

    store::child_settings command_;
    pid_t pid_ = 0;
    int failures_ = 0;
    clock::time_point started_;
    std::optional<clock::time_point> leaves_until_;  // asked to end; killed then
};

int promotions_of(installation& here)
{
    return here.cluster() == nullptr ? 0 : here.cluster()->promotions();
}

}  // namespace

int keep(const config& given, const std::function<void(const config&, installation&)>& when_new,
         const std::function<std::string(installation&)>& greeting)
{
    listen_to_signals();
    config settings = given;
    const int listener = bind_listener(settings.http_address, settings.http_port);
    settings.http_port = port_of(listener);
    installation here{settings, true};
    constexpr std::uint64_t mib = 1024 * 1024;
    ballast room{here.data(), settings.database_address.empty() ? settings.disk_ballast_mb * mib : 0,
                 settings.disk_reserve_mb * mib};
    // Before PostgreSQL, which may need the room to start; and told to who refuses writes while it is given back.
    settings.disk_ballast_mb = static_cast<int>(room.holds_bytes() / mib);
    here.open();
    if (here.is_new()) when_new(settings, here);
    settings.demonstration = here.is_demonstration();
    const std::string scheme = settings.http_tls_certificate.empty() ? "http://" : "https://";
    const bool loopback = settings.http_address.starts_with("127.") || settings.http_address == "::1";
    const auto address =
        scheme + (loopback ? "localhost" : settings.http_address) + ":" + std::to_string(settings.http_port);
    if (settings.http_public_url.empty()) settings.http_public_url = address;
    server_process server{settings, here, listener};
    if (!server.start() && !asked_to_stop())
        throw std::runtime_error("the serving process ended at its start: its last line above says why");
    auto backups = asked_to_stop() ? nullptr : here.keep_archive();
    if (!asked_to_stop()) std::cout << "Manent answers at " << address << "\n" << greeting(here) << std::flush;
    for (int promotions = promotions_of(here); !asked_to_stop();)
    {
        room.look();
        if (here.cluster() != nullptr) here.cluster()->supervise();
        if (promotions_of(here) != promotions)
        {
            // What the serving process remembers was read from a primary that is no more.
            promotions = promotions_of(here);
            server.replace();
        }
        server.keep();
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    log::info("stopping");
    server.stop();
    backups.reset();
    here.close();
    return 0;
}

}  // namespace manent::serve
