// The program's way to PostgreSQL for one role: one pipelined connection for reads and a bounded pool for writes,
// because a COMMIT that waits for the standby blocks all that is queued behind it. Belongs to one thread.
//
// Errors: what a user can cause or wait out is a `problem` (see problems.hpp); anything else throws database_fault.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "store/copies.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace manent::store
{

struct database_settings
{
    std::string conninfo;
    std::size_t writers_max = 16;
    std::size_t waiting_max = 256;  // writes that may wait for a connection; one more is refused at once
    int waiting_ms_max = 10'000;
    // Asked before each write; true refuses it as storage_full. Empty: never.
    std::function<bool()> disk_is_full;
    // Told the name of each statement that is sent. Empty: nobody.
    std::function<void(std::string_view)> stated;
    bool one_disk = true;        // whether this machine's copies lie on one device
    bool counts_copies = false;  // of its writes: its connections then take a commit origin, if they may
};

struct written
{
    std::vector<rows> of_statements;
    std::string server_start;          // of the server that committed it
    std::optional<int> commit_origin;  // by which that server knows where the commit ends in its log
    bool wait_was_cancelled = false;   // committed, one copy at most
};

class database
{
public:
    static std::unique_ptr<database> make(boost::asio::any_io_executor executor, database_settings settings);
    virtual ~database() = default;

    virtual task<result<std::vector<rows>>> read(const unit& asked) = 0;
    // After a lost connection a repeatable unit is sent again, others answer `outcome_unknown`. Serialization failures
    // and deadlocks are retried seven times.
    virtual task<result<written>> write(const unit& asked) = 0;
    // The copies that hold what the unit itself wrote: never more than was confirmed, so one when nobody answers. Waits
    // at most a quarter of a second for a standby that is connected but behind. Not for a unit that may have written
    // nothing: it has no commit, and an older one of its connection would stand for it.
    virtual task<copies> count_copies(const written& own) = 0;
    // The copies that hold all that the unit saw, whoever wrote it.
    virtual task<copies> count_copies_of_seen(const written& after) = 0;
    // The copies that hold all that could be read before the call.
    virtual task<copies> count_copies_of_all() = 0;
};

}  // namespace manent::store
