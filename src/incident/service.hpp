// The acts of incidents: what devices report, what detectors notice, what operators and practices read. Belongs to one
// thread.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "incident/rules.hpp"
#include "incident/types.hpp"
#include "record/service.hpp"
#include "store/database.hpp"

namespace manent::incident
{

class service
{
public:
    // Both must live longer; `incidents` is the role manent_incident.
    service(store::database& incidents, record::service& record);

    // Compares what a device holds with what the practice stores. A difference is noted in the one open incident of
    // its promise and practice. too_many_reports (429) for an account that reports faster than any device needs.
    task<result<report_outcome>> report(record::act of, device_report said);

    // Notes what was noticed; answers the incident that holds it.
    task<result<uuid>> note(finding noticed);

private:
    store::database& incidents_;
    record::service& record_;
    report_allowance allowance_;
};

}  // namespace manent::incident
