// The passes over people and places; sas_reader_slots.cpp reads time.
#include "directory/sas_reader.hpp"

#include "core/text.hpp"
#include "directory/fhir_values.hpp"
#include "directory/national_number.hpp"

#include <algorithm>

namespace manent::directory::sas
{

using fhir::presence;

namespace
{

constexpr std::string_view practitioner_system = "urn:oid:1.2.250.1.71.4.2.1";
// The limits of the columns that these texts will stand in.
constexpr std::size_t name_max = 200;
constexpr std::size_t person_name_max = 100;
constexpr std::size_t identifier_max = 200;

// The server's address before "Type/id", with its slash.
std::string base_of(std::string_view full_url)
{
    const auto id = full_url.rfind('/');
    const auto type = id == std::string_view::npos || id == 0 ? id : full_url.rfind('/', id - 1);
    return type == std::string_view::npos ? std::string{} : std::string{full_url.substr(0, type + 1)};
}

}  // namespace

reader::reader(const json::array& entries)
{
    index(entries);
}

bundle reader::read()
{
    each_of("Organization", &reader::take_organisation);
    each_of("Location", &reader::take_location);
    each_of("Practitioner", &reader::take_practitioner);
    each_of("PractitionerRole", &reader::take_role);
    each_of("HealthcareService", &reader::take_service);
    each_of("Schedule", &reader::take_schedule);
    each_of("Slot", &reader::take_slot);
    rank_specialties();
    list_findings();
    return std::move(read_);
}

void reader::index(const json::array& entries)
{
    entries_.resize(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) index_one(entries[i], entries_[i], i);
}

void reader::index_one(const json::value& from, entry& into, std::size_t position)
{
    constexpr std::size_t url_max = 2000;
    const auto* const object = json_detail::expect_object(from, into.refusals);
    if (object == nullptr) return;
    // Without a fullUrl the entry is known by its type and id alone.
    into.full_url = fhir::text_member(*object, "fullUrl", url_max, presence::optional, into.refusals).value_or("");
    const auto* const resource = fhir::object_member(*object, "resource", presence::required, into.refusals);
    if (resource == nullptr) return;
    const json_errors::step at{into.refusals, "resource"};
    const auto type = fhir::text_member(*resource, "resourceType", identifier_max, presence::required, into.refusals);
    const auto id = fhir::text_member(*resource, "id", identifier_max, presence::optional, into.refusals);
    if (!type || !into.refusals.empty()) return;
    if (!into.full_url.empty() && !by_url_.emplace(into.full_url, position).second)
    {
        into.refusals.refuse("duplicate");
        return;
    }
    into.type = *type;
    into.resource = resource;
    if (!id) return;
    const auto [known, added] = by_relative_.emplace(*type + "/" + *id, position);
    if (added) return;
    // Two servers' resources in one bundle may share type and id; then only whole addresses tell them apart.
    if (!into.full_url.empty()) known->second.reset();
    else into.refusals.refuse("duplicate");
}

source reader::source_of(const entry& from) const
{
    return {static_cast<std::size_t>(&from - entries_.data()), from.full_url};
}

void reader::warn(entry& from, std::string_view code)
{
    if (!from.refusals.empty()) return;
    // The list of refusals knows the path.
    from.refusals.refuse(code);
    for (auto& noted : from.refusals.take()) from.warnings.push_back(std::move(noted));
}

void reader::each_of(std::string_view type, std::optional<std::size_t> (reader::*take)(entry&))
{
    for (auto& one : entries_)
    {
        if (one.resource == nullptr || one.type != type || !one.refusals.empty()) continue;
        const json_errors::step refusing{one.refusals, "resource"};
        one.taken = (this->*take)(one);
    }
}

reader::entry* reader::resolve(const entry& from, const std::string& reference)
{
    const auto bare = reference.substr(0, reference.find("/_history/"));
    if (const auto found = by_url_.find(bare); found != by_url_.end()) return &entries_[found->second];
    if (const auto found = by_url_.find(base_of(from.full_url) + bare); found != by_url_.end())
        return &entries_[found->second];
    const auto found = by_relative_.find(bare);
    if (found == by_relative_.end() || !found->second) return nullptr;
    return &entries_[*found->second];
}

std::optional<std::size_t> reader::follow(entry& from, const std::string& reference, std::string_view type)
{
    const auto* const target = resolve(from, reference);
    if (target == nullptr) from.refusals.refuse("unresolved");
    else if (target->type != type) from.refusals.refuse("refers_to_wrong_type");
    else if (!target->taken) from.refusals.refuse("refers_to_refused");
    else return target->taken;
    return std::nullopt;
}

std::optional<std::string> reader::phone_of(const json::object& resource, entry& from)
{
    constexpr std::size_t phone_max = 30;
    std::optional<std::string> phone;
    fhir::each_member_object(
        resource, "telecom", presence::optional, from.refusals,
        [&](const json::object& telecom)
        {
            const auto* const system = telecom.if_contains("system");
            const bool is_phone = system != nullptr && system->is_string() && system->get_string() == "phone";
            if (!is_phone || phone) return;
            phone = fhir::text_member(telecom, "value", phone_max, presence::required, from.refusals);
        });
    return phone;
}

std::size_t reader::put_organisation(organisation one)
{
    const auto [known, added] = organisation_by_identifier_.emplace(one.identifier, read_.organisations.size());
    if (added)
    {
        read_.organisations.push_back(std::move(one));
        return known->second;
    }
    auto& kept = read_.organisations[known->second];
    if (kept.name.empty()) kept.name = std::move(one.name);
    if (kept.phone.empty()) kept.phone = std::move(one.phone);
    return known->second;
}

std::optional<std::size_t> reader::take_organisation(entry& from)
{
    organisation one;
    one.name = fhir::text_member(*from.resource, "name", name_max, presence::optional, from.refusals).value_or("");
    one.phone = phone_of(*from.resource, from).value_or("");
    fhir::each_member_object(*from.resource, "identifier", presence::required, from.refusals,
                             [&](const json::object& identifier)
                             {
                                 const auto value = fhir::text_member(identifier, "value", identifier_max,
                                                                      presence::required, from.refusals);
                                 if (!value || !one.identifier.empty()) return;
                                 one.identifier = *value;
                                 if (!read_organisation_number(*value).well_formed)
                                     warn(from, "unknown_organisation_number");
                             });
    if (!from.refusals.empty()) return std::nullopt;
    return put_organisation(std::move(one));
}

std::optional<site> reader::read_site(const json::object& location, std::size_t organisation, entry& from)
{
    constexpr std::size_t city_max = 100;
    constexpr std::size_t postal_code_max = 10;
    auto& refusals = from.refusals;
    site one;
    one.organisation = organisation;
    one.name = fhir::text_member(location, "name", name_max, presence::optional, refusals).value_or("");
    one.phone = phone_of(location, from).value_or("");
    fhir::each_member_object(
        location, "identifier", presence::optional, refusals,
        [&](const json::object& identifier)
        {
            const auto system = fhir::text_member(identifier, "system", identifier_max, presence::required, refusals);
            const auto value = fhir::text_member(identifier, "value", identifier_max, presence::required, refusals);
            if (system && value && one.identifier.empty()) one.identifier = *system + "|" + *value;
        });
    const auto* const address = fhir::object_member(location, "address", presence::required, refusals);
    if (address == nullptr) return std::nullopt;
    const json_errors::step at{refusals, "address"};
    one.city = fhir::text_member(*address, "city", city_max, presence::required, refusals).value_or("");
    one.postal_code =
        fhir::text_member(*address, "postalCode", postal_code_max, presence::required, refusals).value_or("");
    if (const auto* const lines = fhir::list_member(*address, "line", presence::optional, refusals))
    {
        const json_errors::step inside{refusals, "line"};
        for (std::size_t i = 0; i < lines->size(); ++i)
        {
            const json_errors::step line{refusals, i};
            json_detail::read_text((*lines)[i], 1, name_max, false, one.lines.emplace_back(), refusals);
        }
    }
    if (!refusals.empty()) return std::nullopt;
    if (const auto* const position = location.if_contains("position"); position != nullptr && position->is_object())
    {
        const auto degrees = [&](std::string_view name, double size_max) -> std::optional<double>
        {
            const auto* const value = position->get_object().if_contains(name);
            if (value == nullptr || !value->is_number()) return std::nullopt;
            const auto read = value->to_number<double>();
            return read >= -size_max && read <= size_max ? std::optional{read} : std::nullopt;
        };
        const auto latitude = degrees("latitude", 90);
        const auto longitude = degrees("longitude", 180);
        if (latitude && longitude) one.position = point{*latitude, *longitude};
        else warn(from, "not_a_position");
    }
    return one;
}

std::size_t reader::put_site(site one, entry& from)
{
    if (one.identifier.empty())
    {
        std::string address;
        for (const auto& line : one.lines) address += line + " ";
        one.identifier = "address|" + fold(address + one.postal_code + " " + one.city);
    }
    const auto [known, added] =
        site_by_identifier_.emplace(std::pair{one.organisation, one.identifier}, read_.sites.size());
    if (added)
    {
        read_.sites.push_back(std::move(one));
        return known->second;
    }
    auto& kept = read_.sites[known->second];
    if (kept.phone.empty()) kept.phone = one.phone;
    // The first one stands, for both cannot be right.
    const bool same =
        kept.postal_code == one.postal_code && fold(kept.city) == fold(one.city) && kept.lines == one.lines;
    if (!same) warn(from, "differs_from_earlier");
    return known->second;
}

std::optional<std::size_t> reader::take_location(entry& from)
{
    const auto manager =
        fhir::reference_member(*from.resource, "managingOrganization", presence::required, from.refusals);
    if (!manager) return std::nullopt;
    std::optional<std::size_t> organisation;
    {
        const json_errors::step at{from.refusals, "managingOrganization"};
        organisation = follow(from, *manager, "Organization");
    }
    if (!organisation) return std::nullopt;
    auto one = read_site(*from.resource, *organisation, from);
    if (!one) return std::nullopt;
    return put_site(std::move(*one), from);
}

std::optional<std::size_t> reader::take_practitioner(entry& from)
{
    practitioner one;
    one.from = source_of(from);
    auto& refusals = from.refusals;
    fhir::each_member_object(
        *from.resource, "identifier", presence::required, refusals,
        [&](const json::object& identifier)
        {
            const auto system = fhir::text_member(identifier, "system", identifier_max, presence::required, refusals);
            const auto value = fhir::text_member(identifier, "value", identifier_max, presence::required, refusals);
            if (!system || !value || *system != practitioner_system || !one.number.empty()) return;
            one.number = *value;
            const auto number = read_practitioner_number(*value);
            if (number.check == number_check::malformed) refusals.refuse("not_a_national_number");
            if (number.check == number_check::wrong_key) warn(from, "wrong_key");
        });
    if (refusals.empty() && one.number.empty()) refusals.refuse("no_national_number");
    fhir::each_member_object(
        *from.resource, "name", presence::required, refusals,
        [&](const json::object& name)
        {
            if (!one.family_name.empty()) return;
            one.family_name =
                fhir::text_member(name, "family", person_name_max, presence::required, refusals).value_or("");
            const auto* const given = fhir::list_member(name, "given", presence::optional, refusals);
            if (given == nullptr || given->empty()) return;
            const json_errors::step at{refusals, "given"};
            const json_errors::step first{refusals, std::size_t{0}};
            json_detail::read_text(given->front(), 1, person_name_max, false, one.given_name, refusals);
        });
    if (!refusals.empty()) return std::nullopt;
    const auto [known, added] = practitioner_by_number_.emplace(one.number, read_.practitioners.size());
    if (added) read_.practitioners.push_back(std::move(one));
    else if (fold(read_.practitioners[known->second].family_name) != fold(one.family_name))
        warn(from, "differs_from_earlier");
    return known->second;
}

}  // namespace manent::directory::sas
