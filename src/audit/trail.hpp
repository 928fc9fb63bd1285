// Access events: who read or wrote what of which patient (I6). Queued in memory and written by the batch, append-only,
// within a second; a crash may lose that second, never more.
#pragma once

#include "core/id.hpp"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace manent::audit
{

BOOST_DEFINE_ENUM_CLASS(action, read, write)
BOOST_DEFINE_ENUM_CLASS(subject, patient, record, consultation, appointment, search)

struct access
{
    uuid practice{};
    uuid patient{};
    uuid actor{};
    audit::action action = action::read;
    subject what = subject::patient;
    std::optional<uuid> what_id;
    std::string request_id;
};

class trail
{
public:
    virtual ~trail() = default;
    virtual void note(access happened) = 0;
};

}  // namespace manent::audit
