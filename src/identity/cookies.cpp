#include "identity/cookies.hpp"

namespace manent::identity
{

std::string write_cookie(std::string_view name, std::string_view value, seconds lifetime, bool secure)
{
    std::string cookie{name};
    cookie.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
    cookie += std::to_string(lifetime.count());
    if (secure) cookie += "; Secure";
    return cookie;
}

}  // namespace manent::identity
