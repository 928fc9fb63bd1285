// When a server counts as lost: its folder is gone and stays so, or it does not start although it has room to.
#pragma once

#include "store/postmaster.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace manent::store
{

class server_loss
{
public:
    // Why it is lost; nullopt while it is not. Called again and again.
    std::optional<std::string_view> look(const postmaster& server);
    // Another one stands in its place.
    void begin_anew();

private:
    std::optional<std::chrono::steady_clock::time_point> gone_since_;
    int failures_without_room_ = 0;
};

}  // namespace manent::store
