// HTTP in and out for incidents: decodes, asks the gate, calls one act, answers.
#pragma once

#include "http/router.hpp"
#include "identity/gate.hpp"
#include "incident/service.hpp"

namespace manent::incident
{

// All three must live as long as the routes.
void add_routes(http::router& routes, service& acts, identity::gate& gate);

}  // namespace manent::incident
