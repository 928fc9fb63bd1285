// The words of incidents: a promise that was broken, what noticed it, and what a device says that it holds.
#pragma once

#include "core/json.hpp"
#include "core/time.hpp"
#include "store/copies.hpp"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace manent::incident
{

// docs/promises.md
BOOST_DEFINE_ENUM_CLASS(promise, I1, I2, I3, I4, I5, I6, I7, I8, I9)
BOOST_DEFINE_ENUM_CLASS(detector, device_report, standby, access_trail, verify, archive)

template <class Enum>
std::string name_of(Enum value)
{
    return boost::describe::enum_to_string(value, "");
}

// What a detector noticed. `evidence` holds identifiers and figures, never a patient's data: operators read it.
struct finding
{
    incident::promise promise = promise::I1;
    incident::detector detector = detector::device_report;
    std::optional<uuid> practice;  // none: the whole installation
    instant began_at{};
    std::optional<uuid> actor;  // the account that gave the evidence; none: the program itself
    json::object evidence;
    std::vector<uuid> revisions;  // that the evidence names
};

// --- what is read ---

struct incident_view
{
    uuid incident_id{};
    incident::promise promise = promise::I1;
    incident::detector detector = detector::device_report;
    std::optional<uuid> practice_id;  // none: the whole installation
    std::optional<std::string> practice_name;
    instant began_at{};
    std::optional<instant> ended_at;
    int revisions = 0;  // that the evidence names
};
BOOST_DESCRIBE_STRUCT(incident_view, (),
                      (incident_id, promise, detector, practice_id, practice_name, began_at, ended_at, revisions))

struct incidents_view
{
    std::vector<incident_view> items;
};
BOOST_DESCRIBE_STRUCT(incidents_view, (), (items))

// Where what is saved now goes.
struct copies_view
{
    int copies = 1;
    int machines = 1;
    store::copies_where where = store::copies_where::same_disk;
};
BOOST_DESCRIBE_STRUCT(copies_view, (), (copies, machines, where))

// The archive and the backups, as the keeper last wrote it down.
struct backup_view
{
    std::optional<instant> newest_backup;  // none was taken yet
    std::optional<instant> failing_since;  // what is written does not reach the archive
    int waiting_segments = 0;              // of 16 MiB each
    bool has_gap = false;                  // since the newest backup; the next one closes it
    std::optional<std::string> trouble;    // the last act that failed, in pgBackRest's words
};
BOOST_DESCRIBE_STRUCT(backup_view, (), (newest_backup, failing_since, waiting_segments, has_gap, trouble))

struct operation_view
{
    std::vector<incident_view> items;
    copies_view copies;
    std::optional<backup_view> backup;  // none: this installation keeps no archive of its own
};
BOOST_DESCRIBE_STRUCT(operation_view, (), (items, copies, backup))

struct evidence_view
{
    instant at{};
    bool ends = false;               // it says why the incident ended
    std::optional<uuid> account_id;  // that gave it; none: the program itself
    json::object facts;
};
BOOST_DESCRIBE_STRUCT(evidence_view, (), (at, ends, account_id, facts))

struct incident_detail
{
    incident_view incident;
    std::vector<evidence_view> evidence;
};
BOOST_DESCRIBE_STRUCT(incident_detail, (), (incident, evidence))

struct ending_wish
{
    text<1, 500> reason;
};
BOOST_DESCRIBE_STRUCT(ending_wish, (), (reason))

// --- device reports ---

inline constexpr std::size_t reported_max = 1000;

struct reported_revision
{
    uuid revision_id{};
    text<43, 43> digest;  // base64url of 32 bytes, as the receipt gave it
};
BOOST_DESCRIBE_STRUCT(reported_revision, (), (revision_id, digest))

// What a device holds matching receipts for, or a part of it.
struct device_report
{
    uuid device_id{};
    instant sent_at{};  // the device's clock, kept as evidence, trusted for nothing
    list<reported_revision, reported_max> revisions;
};
BOOST_DESCRIBE_STRUCT(device_report, (), (device_id, sent_at, revisions))

struct report_outcome
{
    int compared = 0;
    std::vector<uuid> missing;    // not stored in this practice
    std::vector<uuid> different;  // stored, and not as it was acknowledged
    std::optional<uuid> incident_id;
};
BOOST_DESCRIBE_STRUCT(report_outcome, (), (compared, missing, different, incident_id))

}  // namespace manent::incident
