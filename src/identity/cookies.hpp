// What the browser keeps: a session and, once somebody was confirmed on it, a device. Neither is readable by scripts,
// and neither goes along with a request from another site.
#pragma once

#include "core/time.hpp"
#include "identity/service.hpp"

#include <string>
#include <string_view>

namespace manent::identity
{

constexpr std::string_view session_cookie = "manent_session";
constexpr std::string_view device_cookie = "manent_device";

// The value of a Set-Cookie header. `secure` when the browser speaks TLS. `lifetime` 0 takes the cookie away.
std::string write_cookie(std::string_view name, std::string_view value, seconds lifetime, bool secure);

}  // namespace manent::identity
