// Puts the capabilities together: which database each connects to, which routes there are. Construction does no I/O but
// reading the share folder, so the command line can describe the API without a database.
#pragma once

#include "core/config.hpp"
#include "core/crypto.hpp"
#include "http/router.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace manent::serve
{

class application
{
public:
    static std::unique_ptr<application> make(boost::asio::io_context& on, const config& settings,
                                             const secret_key& master);
    virtual ~application() = default;

    [[nodiscard]] virtual const http::router& routes() const = 0;
    // Reads what must be known before the first request is answered (the availability index, whether this is a
    // demonstration), then starts what runs beside requests.
    virtual task<void> start() = 0;
    // Listens on an inherited descriptor.
    virtual void listen_on(int descriptor) = 0;
    // Lets what is under way come to its end.
    virtual task<void> stop() = 0;
};

}  // namespace manent::serve
