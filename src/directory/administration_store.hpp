// The SQL of setting a practice up: binds and reads its statements, in the scope of the practice.
#pragma once

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "directory/administration_wire.hpp"
#include "directory/setup.hpp"
#include "identity/types.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::directory
{

// Which write this is, so that repeating it does it once.
struct act_key
{
    uuid key;
    digest fingerprint;
};

task<result<own_practice>> find_own_practice(store::database& in, identity::member who);
// `changed` has the version that it changes.
task<result<void>> change_practice(store::database& in, identity::member who, own_practice changed);

// All, or the one named.
task<result<std::vector<own_site>>> list_own_sites(store::database& in, identity::member who,
                                                   std::optional<uuid> site_id);
// Without labels.
task<result<std::vector<own_practitioner>>> list_own_practitioners(store::database& in, identity::member who,
                                                                   std::optional<uuid> practitioner_id);

task<result<uuid>> add_own_site(store::database& in, identity::member who, act_key key, new_site added);
task<result<void>> change_site(store::database& in, identity::member who, new_site changed, std::int64_t version);
task<result<added_practitioner>> add_own_practitioner(store::database& in, identity::member who, act_key key,
                                                      new_practitioner added, new_agenda opened);
task<result<void>> change_practitioner(store::database& in, identity::member who, new_practitioner changed,
                                       std::int64_t version);

}  // namespace manent::directory
