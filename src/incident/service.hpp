// The acts of incidents: what devices report, what detectors notice, what operators and practices read. Belongs to one
// thread.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "identity/types.hpp"
#include "incident/rules.hpp"
#include "incident/types.hpp"
#include "record/service.hpp"
#include "store/archive_state.hpp"
#include "store/database.hpp"

#include <functional>

namespace manent::incident
{

class service
{
public:
    // What the keeper last wrote down of the archive; nullopt where there is none.
    using archive_reader = std::function<std::optional<store::archive_state>()>;

    // All must live longer; `incidents` is the role manent_incident, which writes, `app` reads in the reader's scope.
    service(store::database& app, store::database& incidents, record::service& record, archive_reader archive);

    // Compares what a device holds with what the practice stores. A difference is noted in the one open incident of
    // its promise and practice; a report without any ends those whose claims are all found as they should be.
    // too_many_reports (429) for an account that reports faster than any device needs.
    task<result<report_outcome>> report(record::act of, device_report said);

    // Notes what was noticed; answers the incident that holds it.
    task<result<uuid>> note(finding noticed);
    // Ends what a detector has open for a promise, in all practices.
    task<result<void>> end_of_detector(detector by, promise of, json::object why);

    // --- operators ---

    task<result<operation_view>> all(identity::actor by);
    task<result<incident_detail>> one(identity::actor by, uuid incident);
    // For what no detector can end: the operator says why. An incident that has ended stays as it is.
    task<result<incident_detail>> end(identity::actor by, uuid incident, std::string reason);

    // --- practices ---

    task<result<std::vector<incident_view>>> of_practice(identity::member by);
    // The evidence is for administrators: it names the accounts and devices of colleagues.
    task<result<incident_detail>> one_of_practice(identity::member by, uuid incident);

private:
    task<result<void>> end_mended(const record::act& of);
    task<result<incident_detail>> detail(store::scope within, uuid incident, std::optional<uuid> practice);

    store::database& app_;
    store::database& incidents_;
    record::service& record_;
    archive_reader archive_;
    report_allowance allowance_;
};

}  // namespace manent::incident
