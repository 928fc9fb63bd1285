#include "incident/verified.hpp"

#include "incident/store.hpp"

#include <algorithm>
#include <map>

namespace manent::incident
{

namespace
{

using findings_by_practice = std::map<uuid, finding>;

// The statements of a unit one after the other, each by itself.
void run(store::blocking_connection& on, const store::unit& statements)
{
    for (const auto& each : statements.statements()) on.query(std::string{each.what.text}, each.parameters);
}

void add(findings_by_practice& to, const record::verification& of, const std::string& copy)
{
    for (const auto& each : of.failed)
    {
        auto& noticed = to[each.practice];
        auto& failed = noticed.evidence[copy];
        if (failed.is_null()) failed = json::array{};
        failed.as_array().push_back(
            json::object{{"revision_id", to_string(each.revision)}, {"why", record::name_of(each.fault)}});
        if (std::ranges::find(noticed.revisions, each.revision) == noticed.revisions.end())
            noticed.revisions.push_back(each.revision);
    }
}

}  // namespace

void note_verified(store::blocking_connection& as_owner, const verified_copies& found, bool all_whole)
{
    store::unit notes{store::scope::everyone()};
    findings_by_practice by_practice;
    if (found.primary != nullptr) add(by_practice, *found.primary, "primary");
    if (found.standby != nullptr) add(by_practice, *found.standby, "standby");
    for (auto& [practice, noticed] : by_practice)
    {
        noticed.promise = promise::I2;
        noticed.detector = detector::verify;
        noticed.practice = practice;
        noticed.began_at = now();
        noticed.evidence["standby_asked"] = found.standby != nullptr;
        stored::note(notes, noticed);
    }
    if (found.primary != nullptr && found.standby != nullptr && found.standby->revisions < found.primary->revisions)
    {
        finding noticed{promise::I1, detector::verify, std::nullopt, now(), std::nullopt, {}, {}};
        noticed.evidence = {{"missing_on_standby", found.primary->revisions - found.standby->revisions}};
        stored::note(notes, noticed);
    }
    if (all_whole)
        for (const auto of : {promise::I1, promise::I2})
            stored::end_of_detector(notes, detector::verify, of, std::nullopt, {{"verified", "whole"}});
    run(as_owner, notes);
}

}  // namespace manent::incident
