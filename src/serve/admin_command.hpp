// `manent admin create`: the first administrator of a practice on an installation that has none, who invites the
// others. `manent admin operator`: who runs the installation and is told of its incidents.
#pragma once

#include "core/config.hpp"
#include "identity/provision.hpp"

namespace manent::serve
{

// Asks on the terminal for what the wish leaves out, the password without showing it.
int create_administrator(const config& settings, identity::first_administrator wish);

// The same for the practices of an imported practitioner, named by RPPS or ADELI number, in which nobody works yet.
int claim_practices(const config& settings, const std::string& number, identity::first_administrator wish);

// Makes an account with an authenticator an operator, or with `dismiss` ends that.
int set_operator(const config& settings, const std::string& email, bool dismiss);

}  // namespace manent::serve
