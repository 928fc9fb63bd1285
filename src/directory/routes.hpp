// The directory over HTTP: specialties, places, the search and a practitioner's page. Public; nobody signs in for it.
#pragma once

#include "directory/service.hpp"
#include "http/router.hpp"

namespace manent::directory
{

// `acts` must outlive the routes.
void add_routes(http::router& routes, service& acts);

// GET /practitioners, whose results carry free times: registered by booking, which knows them.
void add_search_route(http::router& routes, service& acts, next_starts free);

}  // namespace manent::directory
