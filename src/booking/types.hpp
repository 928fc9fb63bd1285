// The words of booking: what can be booked, when an agenda is open, which time is taken, and by whom a time is asked
// for. Instants are UTC; whatever is wall-clock time belongs to the zone of the agenda's site and says `local`.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "directory/types.hpp"

#include <boost/describe.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace manent::booking
{

// The longest visit. Readers of taken time start this much earlier than their window, or they miss what began before.
inline constexpr minutes visit_max{480};
inline constexpr int visit_min_min = 5;
inline constexpr int visit_min_max = 480;
inline constexpr int lanes_max = 100;

using directory::admission;
using directory::audience;
using directory::modality;

// What can be booked on an agenda.
struct motive
{
    uuid motive_id;
    std::string label;
    int duration_min = 20;
    booking::modality modality = booking::modality::in_practice;
    admission admits = admission::both;
    int earliest_min = 60;  // a start is refused when it is nearer than this
    int latest_days = 90;   // and when its local date is further than this many days from today's
    int cancel_min = 1440;  // patients move and cancel up to this much before the start
    bool repeatable = false;
    int tint = 1;
    std::string sign;
    std::string instructions;
    bool is_public = true;  // otherwise only staff and whoever sees more than public openings books it
};

// Wall-clock time during which motives can be booked, every week or once.
struct opening
{
    uuid opening_id;
    std::optional<int> weekday;         // ISO 8601, Monday 1; or
    std::optional<local_date> on_date;  // this day only
    local_time starts;
    local_time ends;  // after `starts`; 24:00 closes the day
    std::optional<local_date> valid_from;
    std::optional<local_date> valid_until;  // inclusive
    std::vector<uuid> motive_ids;
    booking::audience audience = booking::audience::everyone;
    int capacity = 1;             // how many patients at the same time: the lanes that patients may take
    std::optional<int> step_min;  // between two starts; the visit's duration when absent
    // Among the starts of a free stretch, offer those that leave no remainder too short for any visit, where there are
    // such; times that touch a neighbour are then offered off the grid too.
    bool prefers_neighbours = false;
};

struct absence
{
    uuid absence_id;
    instant starts_at;
    instant ends_at;
};

enum class state
{
    held,
    booked,
    arrived,
    fulfilled,
    noshow,
    cancelled
};
BOOST_DESCRIBE_ENUM(state, held, booked, arrived, fulfilled, noshow, cancelled)

// Time of an agenda that an appointment or a hold occupies. Cancelled ones are never among them.
struct taken
{
    uuid appointment_id;
    instant starts_at;
    instant ends_at;
    int lane = 0;
    booking::state state = booking::state::booked;
    std::optional<instant> hold_expires_at;  // only while held
};

// Where an agenda's patients come to. Letters tell lines, postal code and city and never a name, for a site's or a
// practice's may name a specialty.
struct place
{
    uuid site_id;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string access;
    std::string phone;
};

// Whose agenda it is, as a patient is told.
struct host
{
    std::string practice_name;
    std::optional<uuid> practitioner_id;
    std::string name;       // the practitioner's; the agenda's own for a room or a device
    std::string specialty;  // slug; of an organisation too; empty for a room or a device
};

// What staff decide about an agenda, as of one schedule_version. Immutable once shared.
struct schedule
{
    uuid practice_id;
    uuid agenda_id;
    time_zone zone = nullptr;
    std::int64_t version = 0;
    booking::host host;
    booking::place place;
    std::vector<motive> motives;
    std::vector<opening> openings;
    std::vector<absence> absences;  // by start
    bool closed = false;            // takes no visits any more, not from staff either
};

// One agenda as it is known at one moment. Immutable once shared.
struct agenda_times
{
    std::shared_ptr<const booking::schedule> schedule;
    std::vector<booking::taken> taken;  // by start
};

// What somebody looks for.
struct wish
{
    uuid motive_id;
    bool known = false;  // whether the practice already knows the patient
    booking::audience audience = booking::audience::everyone;
    // A hold that becomes an appointment, or an appointment that moves, does not stand in its own way.
    std::optional<uuid> ignoring;
};

}  // namespace manent::booking
