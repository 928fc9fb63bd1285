// The demonstration's mailbox: letters that would have been sent, readable by anyone, in a demonstration only.
#pragma once

#include "http/router.hpp"
#include "store/database.hpp"

#include <functional>

namespace manent::notify
{

// `mail_db` connects as manent_mail and must outlive the router. Where `is_demonstration` says no, there is no mailbox.
void add_routes(http::router& to, store::database& mail_db, std::function<bool()> is_demonstration);

}  // namespace manent::notify
