// The trail that the program runs: a bounded queue, written in batches at most half a second apart. Belongs to one
// thread.
#pragma once

#include "audit/trail.hpp"
#include "core/task.hpp"
#include "store/database.hpp"

#include <cstddef>
#include <memory>

namespace manent::audit
{

class queued_trail : public trail
{
public:
    // Writes until stop(), then what is left. While the database is away events wait; of more than `waiting_max` the
    // newest are given up, counted, and the count is logged.
    virtual task<void> run() = 0;
    // Returns when everything noted before is written, or the database refused it.
    virtual task<void> flush() = 0;
    virtual void stop() = 0;
    // Events given up since the start.
    [[nodiscard]] virtual std::size_t lost() const = 0;
};

// `audit_db` connects as manent_audit.
std::unique_ptr<queued_trail> make_trail(store::database& audit_db, std::size_t waiting_max = 100'000);

}  // namespace manent::audit
