// Who runs the installation, appointed by its command line (`manent admin operator`): on a blocking connection of the
// role that owns the schema. Never on the way of a request: whether somebody is one the database says
// (manent.is_operator()).
#pragma once

#include "core/result.hpp"
#include "store/blocking.hpp"

#include <string>

namespace manent::incident
{

// Whoever signs in with that address runs the installation from now on, or no longer does. Refuses with not_found, and
// with second_factor_required an account whose authenticator is not in use yet.
result<void> appoint_operator(store::blocking_connection& as_owner, const std::string& email);
result<void> dismiss_operator(store::blocking_connection& as_owner, const std::string& email);

}  // namespace manent::incident
