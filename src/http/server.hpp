// The listener: HTTP/1.1 and web sockets over Boost.Beast, optionally TLS; every connection is a session
// (session.hpp). Drains on request. Runs on the thread of its io_context.
#pragma once

#include "http/limits.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace manent::http
{

struct tls_files
{
    std::string certificate_chain;  // PEM
    std::string private_key;        // PEM
};

class server
{
public:
    // `router`, `files` and `counters` must live longer than the server.
    static std::unique_ptr<server> make(boost::asio::io_context& on, const router& routes, const static_files& files,
                                        metrics& counters, limits bounds, const std::optional<tls_files>& tls);
    virtual ~server() = default;

    // Accepts on an inherited, listening descriptor, which stays the caller's: the server works on a duplicate.
    virtual void listen_on(int descriptor) = 0;
    // Stops accepting, lets requests under way finish, closes the rest; returns when no session is left or after
    // limits::drain_time.
    virtual task<void> drain() = 0;
};

}  // namespace manent::http
