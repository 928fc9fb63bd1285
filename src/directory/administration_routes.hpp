// A practice's sites and practitioners over HTTP, for those who work there.
#pragma once

#include "directory/administration.hpp"
#include "http/router.hpp"
#include "identity/gate.hpp"

namespace manent::directory
{

// All must outlive the routes.
void add_administration_routes(http::router& routes, administration& acts, identity::gate& gate);

}  // namespace manent::directory
