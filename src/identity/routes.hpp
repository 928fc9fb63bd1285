// Identity's paths under /api/v1, and the gate that other capabilities ask. HTTP in, HTTP out, nothing else.
#pragma once

#include "http/router.hpp"
#include "identity/gate.hpp"
#include "identity/service.hpp"

#include <memory>

namespace manent::identity
{

// `with` and `asking` must outlive the router.
void add_routes(http::router& to, service& with, gate& asking);

std::unique_ptr<gate> make_gate(service& with);

}  // namespace manent::identity
