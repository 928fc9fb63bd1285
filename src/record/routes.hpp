// HTTP in and out for the record: decodes, asks the gate, calls one act, answers.
#pragma once

#include "http/router.hpp"
#include "identity/gate.hpp"
#include "record/service.hpp"

namespace manent::record
{

// All three must live as long as the routes.
void add_routes(http::router& routes, service& acts, identity::gate& gate);

}  // namespace manent::record
