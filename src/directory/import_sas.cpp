#include "directory/import_sas.hpp"

#include "directory/import_plan.hpp"
#include "directory/service.hpp"
#include "directory/store.hpp"

#include <algorithm>
#include <array>

namespace manent::directory
{

namespace
{

// A day before the first slot, so that no zone's date is missed.
local_date first_day(const sas::bundle& of)
{
    const auto earliest = std::ranges::min_element(of.slots, {}, &sas::slot::starts_at);
    if (earliest == of.slots.end()) return local_date{date::year{2000} / 1 / 1};
    return add_days(date_in(find_zone("Europe/Paris"), earliest->starts_at), -1);
}

struct explanation
{
    std::string_view code;
    std::string_view sentence;
};

constexpr std::array explanations{
    explanation{"required", "this member is missing or empty"},
    explanation{"not_a_string", "a text is expected here"},
    explanation{"not_an_object", "an object is expected here"},
    explanation{"not_a_list", "a list is expected here"},
    explanation{"too_many_items", "the list is too long"},
    explanation{"too_long", "longer than can be kept"},
    explanation{"too_short", "a visit lasts five minutes at least"},
    explanation{"control_character", "the text holds a character that cannot be kept"},
    explanation{"invalid_utf8", "the text is not UTF-8"},
    explanation{"not_an_instant", "not a date and time with an offset"},
    explanation{"ends_before_start", "it ends before it starts"},
    explanation{"duplicate", "the bundle holds this already"},
    explanation{"unresolved", "the bundle holds nothing that this refers to"},
    explanation{"refers_to_wrong_type", "this refers to a resource of another type"},
    explanation{"refers_to_refused", "this refers to an entry that was refused"},
    explanation{"contradicts", "the schedule and the role name different practitioners"},
    explanation{"no_place", "the schedule names neither a role nor a location"},
    explanation{"no_national_number", "no identifier of a health professional (urn:oid:1.2.250.1.71.4.2.1)"},
    explanation{"not_a_national_number", "neither 8 and an RPPS number nor 0 and an ADELI number"},
    explanation{"wrong_key", "the key of this RPPS number is wrong; it is kept as it is"},
    explanation{"unknown_organisation_number", "neither a FINESS, SIREN, SIRET nor practice number; it is kept"},
    explanation{"unknown_specialty", "a specialty code that the nomenclature does not hold; left out"},
    explanation{"no_specialty", "no known specialty; listed as a physician"},
    explanation{"differs_from_earlier", "an earlier entry says it differently, and stands"},
    explanation{"not_free", "the slot is not free"},
    explanation{"no_audience", "it does not say who may see it"},
    explanation{"no_modality", "it does not say how the visit takes place; taken as in the practice"},
    explanation{"no_booking_address", "a bookable slot without an address to book at; it is booked here"},
    explanation{"not_a_position", "not a latitude and longitude; the commune's are taken"},
    explanation{"unknown_value", "a code that is not known here"},
    explanation{"not_used", "resources of this type are not imported"},
    explanation{"walk_in_not_bookable", "come without booking; not made bookable"},
    explanation{"only_for_cpts", "only a CPTS may see it; not made bookable"},
    explanation{"crosses_midnight", "a visit over midnight cannot be kept as an opening"},
};

std::string_view explain(std::string_view code)
{
    const auto found = std::ranges::find(explanations, code, &explanation::code);
    return found == explanations.end() ? code : found->sentence;
}

void count(const practice_setup& added, import_report& into)
{
    into.practices_added += added.practice ? 1 : 0;
    into.sites_added += added.sites.size();
    into.agendas_added += added.agendas.size();
    into.motives_added += added.motives.size();
    into.openings_added += added.openings.size();
}

}  // namespace

task<result<import_report>> import_sas(store::database& as_owner, const reference_data& data, std::string_view text,
                                       import_options options)
{
    auto bundle = sas::read_bundle(text);
    if (!bundle) co_return bundle.error();
    if (options.shift) sas::shift_to_coming_week(*bundle, options.now);
    const auto known =
        co_await read_known(as_owner, practice_identifiers(*bundle), practitioner_numbers(*bundle), first_day(*bundle));
    if (!known) co_return known.error();
    auto plan = plan_import(*bundle, data, *known);
    import_report report;
    report.practitioners = bundle->practitioners.size();
    report.sites = bundle->sites.size();
    report.agendas = bundle->agendas.size();
    report.slots = bundle->slots.size();
    report.practitioners_added = plan.practitioners.size();
    for (const auto& each : plan.practices) count(each, report);
    report.findings = std::move(plan.findings);
    auto written = co_await add_practitioners(as_owner, data, std::move(plan.practitioners), number_origin::imported);
    if (!written) co_return written.error();
    for (auto& each : plan.practices)
    {
        written = co_await set_up(as_owner, std::move(each));
        if (!written) co_return written.error();
    }
    co_return report;
}

std::string describe(const import_report& report)
{
    const auto number = [](std::size_t count, std::string_view of, std::size_t added)
    { return std::to_string(count) + " " + std::string{of} + " (" + std::to_string(added) + " new)"; };
    std::string text = "Read " + number(report.practitioners, "practitioners", report.practitioners_added) + ", " +
                       number(report.sites, "places", report.sites_added) + ", " +
                       number(report.agendas, "agendas", report.agendas_added) + ", " +
                       number(report.slots, "free slots", report.openings_added) + ".\n";
    for (const auto& each : report.findings)
    {
        text += each.refused ? "refused  " : "warning  ";
        if (!each.full_url.empty()) text += each.full_url + " ";
        text += each.path + ": " + std::string{explain(each.code)} + "\n";
    }
    return text;
}

}  // namespace manent::directory
