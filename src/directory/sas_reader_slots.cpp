// The passes over roles, agendas and slots, and the list of what was found on the way.
#include "core/text.hpp"
#include "directory/fhir_values.hpp"
#include "directory/national_number.hpp"
#include "directory/sas_reader.hpp"

#include <algorithm>

namespace manent::directory::sas
{

using fhir::presence;

namespace
{

constexpr std::string_view audience_system =
    "https://mos.esante.gouv.fr/NOS/TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau";
constexpr std::string_view specialty_system =
    "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale";
constexpr std::string_view modality_system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view appointment_system = "http://terminology.hl7.org/CodeSystem/v2-0276";

constexpr std::size_t text_max = 200;

template <class T>
void add_once(std::vector<T>& list, T item)
{
    if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

const json::object* contained_location(const json::object& role, std::string_view id)
{
    const auto* const contained = role.if_contains("contained");
    const auto* const list = contained == nullptr ? nullptr : contained->if_array();
    if (list == nullptr) return nullptr;
    const auto says = [](const json::object& object, std::string_view name, std::string_view text)
    {
        const auto* const value = object.if_contains(name);
        return value != nullptr && value->is_string() && value->get_string() == text;
    };
    for (const auto& item : *list)
    {
        const auto* const object = item.if_object();
        if (object != nullptr && says(*object, "resourceType", "Location") && says(*object, "id", id)) return object;
    }
    return nullptr;
}

}  // namespace

std::optional<std::size_t> reader::organisation_of_role(entry& from)
{
    auto& refusals = from.refusals;
    const auto* const holder = fhir::object_member(*from.resource, "organization", presence::required, refusals);
    if (holder == nullptr) return std::nullopt;
    const json_errors::step at{refusals, "organization"};
    const auto* const identifier = fhir::object_member(*holder, "identifier", presence::optional, refusals);
    if (identifier == nullptr)
    {
        if (!refusals.empty()) return std::nullopt;
        const auto reference = fhir::text_member(*holder, "reference", text_max, presence::optional, refusals);
        if (reference) return follow(from, *reference, "Organization");
        if (refusals.empty()) refusals.refuse("required");
        return std::nullopt;
    }
    const json_errors::step inside{refusals, "identifier"};
    auto value = fhir::text_member(*identifier, "value", text_max, presence::required, refusals);
    if (!value) return std::nullopt;
    if (!read_organisation_number(*value).well_formed) warn(from, "unknown_organisation_number");
    return put_organisation({std::move(*value), {}, {}});
}

std::optional<std::size_t> reader::site_of_role(entry& from, std::size_t organisation)
{
    std::optional<std::size_t> taken;
    fhir::each_member_object(*from.resource, "location", presence::required, from.refusals,
                             [&](const json::object& item)
                             {
                                 const auto reference =
                                     fhir::text_member(item, "reference", text_max, presence::required, from.refusals);
                                 if (!reference || taken) return;
                                 if (!reference->starts_with('#'))
                                 {
                                     taken = follow(from, *reference, "Location");
                                     return;
                                 }
                                 const auto* const location = contained_location(*from.resource, reference->substr(1));
                                 if (location == nullptr)
                                 {
                                     from.refusals.refuse("unresolved");
                                     return;
                                 }
                                 auto one = read_site(*location, organisation, from);
                                 if (!one) return;
                                 if (one->phone.empty()) one->phone = phone_of(*from.resource, from).value_or("");
                                 taken = put_site(std::move(*one), from);
                             });
    return taken;
}

std::optional<std::size_t> reader::take_role(entry& from)
{
    role one;
    const auto person = fhir::reference_member(*from.resource, "practitioner", presence::optional, from.refusals);
    if (person)
    {
        const json_errors::step at{from.refusals, "practitioner"};
        one.practitioner = follow(from, *person, "Practitioner");
    }
    const auto organisation = organisation_of_role(from);
    if (!organisation) return std::nullopt;
    const auto where = site_of_role(from, *organisation);
    if (!where || !from.refusals.empty()) return std::nullopt;
    one.site = *where;
    roles_.push_back(one);
    return roles_.size() - 1;
}

std::optional<std::size_t> reader::take_service(entry& from)
{
    const auto provider = fhir::reference_member(*from.resource, "providedBy", presence::required, from.refusals);
    if (!provider) return std::nullopt;
    const json_errors::step at{from.refusals, "providedBy"};
    return follow(from, *provider, "Organization");
}

std::optional<std::size_t> reader::take_schedule(entry& from)
{
    std::optional<std::size_t> person;
    std::optional<std::size_t> where;
    const auto take_role_actor = [&](std::size_t taken)
    {
        const auto& one = roles_[taken];
        where = one.site;
        if (person && one.practitioner && *person != *one.practitioner) from.refusals.refuse("contradicts");
        if (!person) person = one.practitioner;
    };
    fhir::each_member_object(
        *from.resource, "actor", presence::required, from.refusals,
        [&](const json::object& actor)
        {
            const auto reference = fhir::text_member(actor, "reference", text_max, presence::required, from.refusals);
            if (!reference) return;
            const auto* const target = resolve(from, *reference);
            const auto type = target == nullptr ? std::string{} : target->type;
            const auto expected = type == "PractitionerRole" || type == "Location" ? type : std::string{"Practitioner"};
            const auto taken = follow(from, *reference, expected);
            if (!taken) return;
            if (type == "PractitionerRole") take_role_actor(*taken);
            else if (type == "Location") where = taken;
            else if (person && *person != *taken) from.refusals.refuse("contradicts");
            else person = taken;
        });
    if (from.refusals.empty() && !where) from.refusals.refuse("no_place");
    if (!from.refusals.empty()) return std::nullopt;
    const auto [known, added] = agenda_by_actors_.emplace(std::pair{person, *where}, read_.agendas.size());
    if (added) read_.agendas.push_back({person, *where});
    return known->second;
}

void reader::read_time(slot& into, entry& from)
{
    constexpr minutes shortest{5};
    constexpr minutes longest{480};
    const auto start = fhir::instant_member(*from.resource, "start", from.refusals);
    const auto end = fhir::instant_member(*from.resource, "end", from.refusals);
    if (!start || !end) return;
    into.starts_at = *start;
    into.ends_at = *end;
    const json_errors::step at{from.refusals, "end"};
    if (*end <= *start) from.refusals.refuse("ends_before_start");
    else if (*end - *start < shortest) from.refusals.refuse("too_short", shortest.count());
    else if (*end - *start > longest) from.refusals.refuse("too_long", longest.count());
}

void reader::read_audience(slot& into, entry& from)
{
    const auto* const meta = fhir::object_member(*from.resource, "meta", presence::required, from.refusals);
    if (meta == nullptr) return;
    const json_errors::step at{from.refusals, "meta"};
    const auto widen = [&](audience to) { into.seen_by = std::min(into.seen_by.value_or(to), to); };
    bool named = false;
    fhir::each_member_object(
        *meta, "security", presence::required, from.refusals,
        [&](const json::object& coding)
        {
            const auto* const system = coding.if_contains("system");
            if (system == nullptr || !system->is_string() || system->get_string() != audience_system) return;
            const auto code = fhir::text_member(coding, "code", text_max, presence::required, from.refusals);
            if (!code) return;
            const bool known = *code == "PUBLIC" || *code == "PRO" || *code == "SNP" || *code == "CPTS";
            if (*code == "PUBLIC") widen(audience::everyone);
            if (*code == "PRO") widen(audience::professionals);
            if (*code == "SNP") widen(audience::regulators);
            if (!known) warn(from, "unknown_value");
            named = named || known;
        });
    // Nobody named means nobody may see it: never more than was said.
    if (!named && from.refusals.empty()) from.refusals.refuse("no_audience");
}

void reader::read_service_types(slot& into, entry& from)
{
    const auto read_one = [&](const json::object& type)
    {
        for (const auto& code : fhir::codes_of(type, modality_system, from.refusals))
        {
            if (code == "AMB") add_once(into.modalities, modality::in_practice);
            else if (code == "HH") add_once(into.modalities, modality::home);
            else if (code == "VR") add_once(into.modalities, modality::video);
            else from.refusals.refuse("unknown_value");
        }
        auto label = fhir::text_member(type, "text", text_max, presence::optional, from.refusals);
        if (label) add_once(into.motives, std::string{trim(*label)});
        fhir::each_member_object(type, "extension", presence::optional, from.refusals,
                                 [&](const json::object& extension)
                                 {
                                     const auto service = fhir::reference_member(extension, "valueReference",
                                                                                 presence::optional, from.refusals);
                                     if (service) into.cpts = follow(from, *service, "HealthcareService");
                                 });
    };
    fhir::each_member_object(*from.resource, "serviceType", presence::optional, from.refusals, read_one);
    if (!into.modalities.empty()) return;
    into.modalities.push_back(modality::in_practice);
    warn(from, "no_modality");
}

void reader::read_specialties(slot& into, entry& from)
{
    fhir::each_member_object(*from.resource, "specialty", presence::optional, from.refusals,
                             [&](const json::object& specialty)
                             {
                                 for (auto& code : fhir::codes_of(specialty, specialty_system, from.refusals))
                                     add_once(into.specialty_codes, std::move(code));
                             });
}

void reader::read_appointment_type(slot& into, entry& from)
{
    const auto* const type = fhir::object_member(*from.resource, "appointmentType", presence::optional, from.refusals);
    if (type != nullptr)
    {
        const json_errors::step at{from.refusals, "appointmentType"};
        for (const auto& code : fhir::codes_of(*type, appointment_system, from.refusals))
        {
            if (code == "WALKIN") into.walk_in = true;
            else if (code != "ROUTINE") from.refusals.refuse("unknown_value");
        }
    }
    // The address where it is booked elsewhere; here it is booked with us, so that its absence costs nothing.
    if (!into.walk_in && !from.resource->contains("comment")) warn(from, "no_booking_address");
}

std::optional<std::size_t> reader::take_slot(entry& from)
{
    slot one;
    one.from = source_of(from);
    const auto status = fhir::text_member(*from.resource, "status", text_max, presence::required, from.refusals);
    if (status && *status != "free")
    {
        const json_errors::step at{from.refusals, "status"};
        from.refusals.refuse("not_free");
    }
    const auto schedule = fhir::reference_member(*from.resource, "schedule", presence::required, from.refusals);
    if (schedule)
    {
        const json_errors::step at{from.refusals, "schedule"};
        one.agenda = follow(from, *schedule, "Schedule").value_or(0);
    }
    read_time(one, from);
    read_audience(one, from);
    read_service_types(one, from);
    read_specialties(one, from);
    read_appointment_type(one, from);
    if (!from.refusals.empty()) return std::nullopt;
    const auto [known, added] =
        slot_by_time_.emplace(std::tuple{one.agenda, one.starts_at, one.ends_at}, read_.slots.size());
    if (!added)
    {
        from.refusals.refuse("duplicate");
        return std::nullopt;
    }
    read_.slots.push_back(std::move(one));
    return known->second;
}

void reader::rank_specialties()
{
    std::vector<std::vector<std::pair<std::string, int>>> counts(read_.practitioners.size());
    for (const auto& one : read_.slots)
    {
        const auto person = read_.agendas[one.agenda].practitioner;
        if (!person) continue;
        for (const auto& code : one.specialty_codes)
        {
            auto& own = counts[*person];
            const auto found = std::ranges::find(own, code, &std::pair<std::string, int>::first);
            if (found == own.end()) own.emplace_back(code, 1);
            else ++found->second;
        }
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
    {
        // Among equals the order of the slots decides.
        std::ranges::stable_sort(counts[i], std::greater{}, &std::pair<std::string, int>::second);
        for (auto& [code, unused] : counts[i]) read_.practitioners[i].specialty_codes.push_back(std::move(code));
    }
}

void reader::list_findings()
{
    const auto list = [&](std::size_t position, std::vector<field_error> errors, bool refused)
    {
        for (auto& error : errors)
        {
            const auto inside = error.path == "/" ? std::string{} : error.path;
            read_.findings.push_back({position, entries_[position].full_url,
                                      "/entry/" + std::to_string(position) + inside, std::move(error.code), refused});
        }
    };
    for (std::size_t i = 0; i < entries_.size(); ++i)
    {
        auto& one = entries_[i];
        const bool unused = one.refusals.empty() && one.resource != nullptr && !one.taken;
        if (unused) warn(one, "not_used");
        if (one.refusals.empty()) list(i, std::move(one.warnings), false);
        else list(i, one.refusals.take(), true);
    }
}

}  // namespace manent::directory::sas
