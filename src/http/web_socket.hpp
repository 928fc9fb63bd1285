// A web socket of the program: text messages out, closed when its reader is too slow or gone. Beast's side of
// web_socket.
#pragma once

#include "http/connection.hpp"
#include "http/request.hpp"

#include <memory>

namespace manent::http
{

// Answers the upgrade that `asked` wants; nullptr when the handshake fails.
task<std::shared_ptr<web_socket>> accept_web_socket(std::unique_ptr<connection> over, const raw_request& asked);

}  // namespace manent::http
