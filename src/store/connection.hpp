// One connection to PostgreSQL under coroutines: libpq in pipeline mode, units sent as they come, answered in order.
// Belongs to one thread. A connection that is in doubt is broken, never guessed about.
#pragma once

#include "core/task.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace manent::store
{

// The connection is gone: what was asked before may or may not have happened.
struct connection_lost : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// A refusal by the server, as it said it.
struct sql_error
{
    std::string sqlstate;
    std::string message;
    std::string detail;
};

struct reply
{
    std::vector<rows> of_statements;   // in the unit's order
    std::optional<sql_error> refused;  // the first statement's that failed; then nothing of the unit holds
    // SQLSTATE 01000 during the commit means that a waiting commit was cancelled: committed, one copy at most.
    bool wait_was_cancelled = false;
};

class connection
{
public:
    // Longer than the server's own statement_timeout, which ends a slow statement with an error that says so.
    static constexpr std::chrono::seconds answer_within{40};
    static constexpr std::chrono::seconds connect_within{5};

    enum class silence
    {
        is_respected,
        is_asked_about  // by the pulse itself
    };

    // `conninfo` as libpq reads it. Throws connection_lost with libpq's words when it cannot within `connect_within`.
    // Where the executor has a pulse: at once while the server is silent; and whoever waits for an answer when it falls
    // silent hears that the connection is lost.
    static task<std::unique_ptr<connection>> open(std::string conninfo, silence server_silence = silence::is_respected);

    virtual ~connection() = default;

    // The unit's statements in one implicit transaction, which the sync commits; after a failure nothing of it holds,
    // and the units queued behind it are untouched. Many may be under way at once, but a commit that waits for the
    // standby keeps those behind it waiting too.
    virtual task<reply> run(const unit& asked) = 0;
    // From here on the server notes where each commit of this connection ends in its log: see
    // database/0035_commit_origins.sql. Once a connection; none is taken where the server has none to give.
    virtual task<void> take_commit_origin() = 0;
    [[nodiscard]] virtual std::optional<int> commit_origin() const = 0;
    // When the server behind it started, as that server words it: what tells one from the server that took its place.
    [[nodiscard]] virtual const std::string& server_start() const = 0;
    [[nodiscard]] virtual bool broken() const = 0;
    [[nodiscard]] virtual std::size_t under_way() const = 0;
};

}  // namespace manent::store
