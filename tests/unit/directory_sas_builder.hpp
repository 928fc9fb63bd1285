// A small SAS bundle to break: one practitioner at one site with one slot, each resource a JSON value that a test can
// change before it is read.
#pragma once

#include "directory/sas_bundle.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace manent::directory::sas
{

class bundle_builder
{
public:
    bundle_builder()
    {
        practitioner = parse(R"({"resourceType":"Practitioner","id":"P","identifier":[
            {"system":"urn:oid:1.2.250.1.71.4.2.1","value":"810002909371"}],"name":[{"family":"FORET","given":["Pierre"]}]})");
        role = parse(R"({"resourceType":"PractitionerRole","id":"R","practitioner":{"reference":"Practitioner/P"},
            "organization":{"identifier":{"value":"1810004421"}},"location":[{"reference":"#L"}],
            "contained":[{"resourceType":"Location","id":"L","identifier":[{"system":"urn:x","value":"1"}],
            "address":{"line":["1 rue Haute"],"city":"AGEN","postalCode":"47000"}}]})");
        schedule = parse(R"({"resourceType":"Schedule","id":"A","actor":[{"reference":"Practitioner/P"},
            {"reference":"PractitionerRole/R"}]})");
        slot = slot_at("S", "2026-11-24T09:00:00+01:00", "2026-11-24T09:20:00+01:00");
    }

    static boost::json::object slot_at(std::string_view id, std::string_view start, std::string_view end)
    {
        auto made = parse(R"({"resourceType":"Slot","status":"free","schedule":{"reference":"Schedule/A"},
            "meta":{"security":[{"system":"https://mos.esante.gouv.fr/NOS/TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau",
            "code":"PUBLIC"}]},"serviceType":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code":"AMB"}]},{"text":"Consultation"}],"comment":"https://example.org/"})");
        made["id"] = id;
        made["start"] = start;
        made["end"] = end;
        return made;
    }

    // The entries in their order (practitioner 0, role 1, schedule 2, slot 3) and then `more`.
    [[nodiscard]] std::string text() const
    {
        boost::json::array entries;
        for (const auto* resource : {&practitioner, &role, &schedule, &slot}) entries.push_back(entry_of(*resource));
        for (const auto& extra : more) entries.push_back(extra);
        return serialize(boost::json::object{{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", entries}});
    }

    [[nodiscard]] bundle read() const { return read_bundle(text()).value(); }

    static boost::json::value entry_of(const boost::json::object& resource)
    {
        const auto url = "https://example.org/" + text_of(resource, "resourceType") + "/" + text_of(resource, "id");
        return boost::json::object{{"fullUrl", url}, {"resource", resource}};
    }

    boost::json::object practitioner;
    boost::json::object role;
    boost::json::object schedule;
    boost::json::object slot;
    boost::json::array more;

private:
    static boost::json::object parse(std::string_view text) { return boost::json::parse(text).as_object(); }
    static std::string text_of(const boost::json::object& from, std::string_view name)
    {
        const auto* const found = from.if_contains(name);
        return found == nullptr || !found->is_string() ? "none" : std::string{found->get_string()};
    }
};

// "entry path code" of each finding, refusals marked with "!".
inline std::vector<std::string> listed(const bundle& read)
{
    std::vector<std::string> lines;
    for (const auto& one : read.findings) lines.push_back((one.refused ? "!" : "") + one.path + " " + one.code);
    return lines;
}

}  // namespace manent::directory::sas
