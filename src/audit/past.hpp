// What a patient may read of the trail: who read or wrote their data, and when.
#pragma once

#include "audit/trail.hpp"
#include "core/id.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "core/time.hpp"
#include "store/database.hpp"

#include <string>
#include <vector>

namespace manent::audit
{

// What a patient is told was read or written: a search and the file's texts are the patient's own.
BOOST_DEFINE_ENUM_CLASS(shown_subject, patient, consultation, appointment)

struct past_access
{
    instant at;
    std::string practice_name;
    uuid actor{};
    audit::action action = audit::action::read;
    shown_subject what = shown_subject::patient;
};

// The newest 200 accesses to the data of the person whose scope this is, and of those they may act for; newest first.
// Accesses of one actor to the same thing within an hour are one, with the time of the last.
task<result<std::vector<past_access>>> accesses_of(store::database& app_db, store::scope own);

}  // namespace manent::audit
