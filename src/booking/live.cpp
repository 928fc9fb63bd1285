#include "booking/live.hpp"

#include <boost/json.hpp>

namespace manent::booking
{

void live::join(const uuid& practice_id, std::shared_ptr<http::web_socket> socket)
{
    if (socket->send(R"({"kind":"hello"})")) listening_[practice_id].push_back(std::move(socket));
}

void live::tell(const uuid& practice_id, const uuid& agenda_id, std::optional<local_date> day)
{
    const auto found = listening_.find(practice_id);
    if (found == listening_.end()) return;
    const json::value date = day ? json::value(format_date(*day)) : json::value();
    const auto text = json::serialize(
        json::object{{"kind", "schedule_changed"}, {"agenda_id", to_string(agenda_id)}, {"date", date}});
    // A socket that has gone says so when something is sent to it.
    std::erase_if(found->second, [&](const auto& socket) { return !socket->send(text); });
    if (found->second.empty()) listening_.erase(found);
}

}  // namespace manent::booking
