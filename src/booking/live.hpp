// The staff's open screens, told when a day of one of their agendas changed. What they hear is a hint to read again,
// and carries nothing about anybody. Belongs to the thread that serves.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "http/message.hpp"

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace manent::booking
{

class live
{
public:
    // Greets the socket and keeps it for as long as it is open.
    void join(const uuid& practice_id, std::shared_ptr<http::web_socket> socket);
    // No day: the whole schedule of the agenda.
    void tell(const uuid& practice_id, const uuid& agenda_id, std::optional<local_date> day);

private:
    std::unordered_map<uuid, std::vector<std::shared_ptr<http::web_socket>>> listening_;
};

}  // namespace manent::booking
