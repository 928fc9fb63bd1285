#include "store/server_loss.hpp"

#include "store/cluster_files.hpp"

#include <algorithm>

namespace manent::store
{

std::optional<std::string_view> server_loss::look(const postmaster& server)
{
    const auto now = std::chrono::steady_clock::now();
    if (!cluster_files::is_gone(server.folder())) gone_since_.reset();
    else if (!gone_since_) gone_since_ = now;
    // A moment for a disk that is only being mounted again.
    constexpr std::chrono::seconds stays_gone{3};
    if (gone_since_ && now - *gone_since_ > stays_gone) return "its folder is gone";
    // What fails for want of room says nothing about the database.
    failures_without_room_ = std::min(failures_without_room_, server.failures());
    if (!cluster_files::has_room(server.folder().parent_path())) failures_without_room_ = server.failures();
    constexpr int failures_max = 5;
    if (server.pid() == 0 && server.failures() - failures_without_room_ >= failures_max) return "it does not start";
    return std::nullopt;
}

void server_loss::begin_anew()
{
    gone_since_.reset();
    failures_without_room_ = 0;
}

}  // namespace manent::store
