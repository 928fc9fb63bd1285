// What identity's two files of routes share: who calls, and how a step of signing in is answered.
#pragma once

#include "http/router.hpp"
#include "identity/cookies.hpp"
#include "identity/gate.hpp"

namespace manent::identity
{

caller caller_of(const http::call& asked);

// 200 with the step, and the cookies that it gives the browser.
http::response answer_step(const http::call& asked, const sign_in_step& step, const settings& chosen, int status = 200);

void set_device_cookie(http::response& on, const http::call& asked, std::string_view token, const settings& chosen);

// The session behind the call, locked or not; not_signed_in when there is none.
task<result<known_session>> living_session(service& with, const http::call& asked);
// The same, and locked (423) when it is.
task<result<known_session>> open_session(service& with, const http::call& asked);

void add_session_routes(http::router& to, service& with);
void add_desk_routes(http::router& to, service& with);
void add_people_routes(http::router& to, service& with, gate& asking);

}  // namespace manent::identity
