// What `manent verify` found, as incidents. On a blocking connection of the role that owns the schema; the serving
// process tells the operators.
#pragma once

#include "record/verify.hpp"
#include "store/blocking.hpp"

namespace manent::incident
{

// What was walked; a copy that could not be asked is none.
struct verified_copies
{
    const record::verification* primary = nullptr;
    const record::verification* standby = nullptr;
};

// Notes what failed: an incident of I2 for each practice whose texts it concerns, with the copies on which they failed,
// and one of I1 for the installation when the standby lacks revisions that the primary has. When every copy that there
// is was asked and is whole (`all_whole`), ends what verifications before had found. Throws store::statement_failed.
void note_verified(store::blocking_connection& as_owner, const verified_copies& found, bool all_whole);

}  // namespace manent::incident
