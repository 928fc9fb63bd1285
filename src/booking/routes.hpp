// Booking over HTTP: free slots and the search that shows them, holds, the patient's appointments, the practice's day.
#pragma once

#include "audit/trail.hpp"
#include "booking/live.hpp"
#include "booking/service.hpp"
#include "directory/service.hpp"
#include "http/router.hpp"
#include "identity/gate.hpp"

namespace manent::booking
{

// All must outlive the routes.
struct route_parts
{
    service* acts = nullptr;
    identity::gate* gate = nullptr;
    audit::trail* trail = nullptr;
    live* screens = nullptr;
    directory::service* directory = nullptr;
};

void add_routes(http::router& routes, route_parts with);

// The two halves of the above, one a file.
void add_patient_routes(http::router& routes, route_parts with);
void add_practice_routes(http::router& routes, route_parts with);

}  // namespace manent::booking
