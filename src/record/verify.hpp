// Walks every stored revision and proves it: it opens with its patient's key, its digest is that of its text, and its
// field's heads are those of the definition. For the command line, on the primary and on the standby alike; blocking,
// never on the way of a request. Also reads one revision back, for the sentinel.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"
#include "record/proof.hpp"
#include "store/blocking.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace manent::record
{

struct failed_revision
{
    uuid practice{};
    uuid revision{};
    fault_of_revision fault = fault_of_revision::text_does_not_open;
};

struct verification
{
    std::int64_t revisions = 0;  // all that were walked
    std::int64_t fields = 0;     // fields of subjects that they belong to
    std::int64_t bytes = 0;      // of text that was opened
    std::int64_t failures = 0;
    std::vector<failed_revision> failed;  // the first thousand
};

// `from` reads all practices' rows: the owner's connection with `row_security` off, to the primary or to the standby.
// `progress` is told after each batch how many were walked. Throws statement_failed and connection_lost.
verification verify(store::blocking_connection& from, const secret_key& master,
                    const std::function<void(std::int64_t)>& progress);

struct newest_revision
{
    std::int64_t revisions = 0;  // of all practices
    std::optional<instant> recorded_at;
};

// What a copy that was brought back is compared with.
newest_revision find_newest_revision(store::blocking_connection& from);

// Waits until the standby shows everything that the primary has committed by now: right after a synchronous commit it
// may not. False when it does not get there in time. Writes a mark into the primary's log.
bool wait_for_replay(store::blocking_connection& primary, store::blocking_connection& standby,
                     std::chrono::milliseconds at_most);

// The text of one revision as it stands in the database, or nullopt when it is not there. Throws std::runtime_error
// when it does not open or its digest differs.
std::optional<std::string> read_back(store::blocking_connection& from, const secret_key& master, const uuid& practice,
                                     const uuid& revision);

}  // namespace manent::record
