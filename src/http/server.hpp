// The listener and its sessions: HTTP/1.1 and web sockets over Boost.Beast, optionally TLS. Bounds every phase of a
// request in time and size; drains on request. Runs on the thread of its io_context.
#pragma once

#include "http/metrics.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace manent::http
{

struct tls_files
{
    std::string certificate_chain;  // PEM
    std::string private_key;        // PEM
};

struct limits
{
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t sessions_max = 4096;
    std::chrono::seconds header_time{10};
    std::chrono::seconds body_time{30};
    std::chrono::seconds idle_time{60};
    std::chrono::seconds answer_time{30};  // to write an answer to a slow reader
    std::chrono::seconds drain_time{10};
};

class server
{
public:
    // `router`, `files` and `counters` must live longer than the server.
    static std::unique_ptr<server> make(boost::asio::io_context& on, const router& routes, const static_files& files,
                                        metrics& counters, limits bounds, std::optional<tls_files> tls);
    virtual ~server() = default;

    // Accepts on an inherited, listening descriptor, which stays the caller's: the server works on a duplicate.
    virtual void listen_on(int descriptor) = 0;
    // Stops accepting, lets requests under way finish, closes the rest; returns when no session is left or after
    // limits::drain_time.
    virtual task<void> drain() = 0;
};

}  // namespace manent::http
