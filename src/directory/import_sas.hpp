// `manent import sas`: what a published SAS bundle adds to the directory, and the account of it for the terminal.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "core/time.hpp"
#include "directory/reference_data.hpp"
#include "directory/sas_bundle.hpp"
#include "store/database.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace manent::directory
{

struct import_options
{
    // Move all slots by whole weeks so that the earliest lies in the week after `now`.
    bool shift = false;
    instant now;
};

struct import_report
{
    // What was read …
    std::size_t practitioners = 0;
    std::size_t sites = 0;
    std::size_t agendas = 0;
    std::size_t slots = 0;
    // … and what of it was new.
    std::size_t practices_added = 0;
    std::size_t practitioners_added = 0;
    std::size_t sites_added = 0;
    std::size_t agendas_added = 0;
    std::size_t motives_added = 0;
    std::size_t openings_added = 0;
    // In the bundle's order.
    std::vector<sas::finding> findings;
};

// Adds what the directory does not hold yet, one transaction a practice; the same bundle again adds nothing. Refuses a
// text that is no bundle, and as the database does: then what was added before the refusal stays, and a repetition adds
// the rest. `as_owner` is connected as the owner of the schema.
task<result<import_report>> import_sas(store::database& as_owner, const reference_data& data, std::string_view text,
                                       import_options options);

// Plain lines for the terminal: what was added, then each finding with its entry, path and reason.
std::string describe(const import_report& report);

}  // namespace manent::directory
