// A plain blocking connection for what is done before or beside serving: migrations, the keeper's supervision, the
// command line. Never on the way of a request.
#pragma once

#include "store/connection.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace manent::store
{

// What the server refused, as an exception: on the command line it ends the command.
struct statement_failed : std::runtime_error
{
    statement_failed(std::string sqlstate_, const std::string& message)
        : std::runtime_error(message), sqlstate{std::move(sqlstate_)}
    {
    }
    std::string sqlstate;
};

// A server that did not answer in time: what was asked may or may not happen.
struct server_silent : connection_lost
{
    using connection_lost::connection_lost;
};

class blocking_connection
{
public:
    // Waits as long as it takes, but to connect only as long as `conninfo` says. Throws connection_lost.
    explicit blocking_connection(const std::string& conninfo);
    // One that waits for no answer longer than `patience`, the opening included, and throws server_silent then. Time in
    // which this process itself was stopped does not count. Another thread may set `interrupted`, which ends any wait
    // with connection_lost within a tenth of a second.
    blocking_connection(const std::string& conninfo, std::chrono::milliseconds patience,
                        const std::atomic<bool>* interrupted = nullptr);

    // One or several statements without parameters. Throws statement_failed.
    void execute(const std::string& sql);
    rows query(const std::string& sql, const std::vector<parameter>& parameters = {});

private:
    void require_open() const;
    void wait_for(short events) const;
    rows answer() const;

    struct finish
    {
        void operator()(PGconn* open) const { PQfinish(open); }
    };
    std::unique_ptr<PGconn, finish> open_;
    std::optional<std::chrono::milliseconds> patience_;
    const std::atomic<bool>* interrupted_ = nullptr;
};

}  // namespace manent::store
