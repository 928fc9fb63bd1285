#include "directory/import_plan.hpp"

#include "core/text.hpp"
#include "directory/names.hpp"
#include "directory/place_key.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <array>

namespace manent::directory
{

namespace
{

// Patients see urgent times of the same day too, and nothing is known of how the practice wants to be told.
constexpr int imported_earliest_min = 0;
constexpr int imported_latest_days = 365;
constexpr int imported_cancel_min = 120;
constexpr int tints = 8;

std::optional<std::string> unless_empty(std::string text)
{
    return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

class planner
{
public:
    planner(const sas::bundle& from, const reference_data& data, const known_directory& known)
        : from_{from}, data_{data}, known_{known}
    {
    }

    import_plan plan()
    {
        for (std::size_t i = 0; i < from_.practitioners.size(); ++i) people_.push_back(plan_practitioner(i));
        for (const auto& one : from_.agendas) agendas_.push_back(plan_agenda(one));
        for (const auto& one : from_.slots) plan_slot(one);
        for (auto& [unused, setup] : setups_)
        {
            if (!setup.adds_nothing()) plan_.practices.push_back(std::move(setup));
        }
        plan_.findings.insert(plan_.findings.begin(), from_.findings.begin(), from_.findings.end());
        std::ranges::stable_sort(plan_.findings, {}, &sas::finding::entry);
        return std::move(plan_);
    }

private:
    struct planned_agenda
    {
        uuid practice_id;
        uuid agenda_id;
        time_zone zone = nullptr;
    };

    void note(const sas::source& at, std::string code, bool refused)
    {
        plan_.findings.push_back(
            {at.entry, at.full_url, "/entry/" + std::to_string(at.entry) + "/resource", std::move(code), refused});
    }

    practice_setup& setup_of(std::size_t organisation);
    uuid plan_practitioner(std::size_t index);
    std::vector<std::string> specialties_of(const sas::source& from, const std::vector<std::string>& codes);
    // Of an agenda without a practitioner.
    std::vector<std::string> specialties_of(const sas::agenda& one);
    const place* place_of(const sas::site& where) const;
    std::string city_of(const sas::site& where, const place* at) const;
    std::string practice_name(std::size_t organisation) const;
    uuid plan_site(std::size_t index, practice_setup& into);
    planned_agenda plan_agenda(const sas::agenda& one);
    uuid plan_motive(const sas::slot& one, const std::string& label, modality how, practice_setup& into);
    void plan_slot(const sas::slot& one);

    const sas::bundle& from_;
    const reference_data& data_;
    const known_directory& known_;
    import_plan plan_;
    std::vector<uuid> people_;
    std::vector<planned_agenda> agendas_;
    // By organisation, in the bundle's order.
    std::map<std::size_t, practice_setup> setups_;
    std::map<std::pair<uuid, std::string>, uuid> sites_;
    std::map<std::pair<uuid, std::string>, uuid> motives_;
    std::set<std::pair<uuid, uuid>> links_;
    std::set<std::tuple<uuid, local_date, int, int>> openings_;
};

practice_setup& planner::setup_of(std::size_t organisation)
{
    const auto [found, added] = setups_.try_emplace(organisation);
    auto& setup = found->second;
    if (!added) return setup;
    const auto& of = from_.organisations[organisation];
    if (const auto known = known_.practices.find(of.identifier); known != known_.practices.end())
    {
        setup.practice_id = known->second;
        return setup;
    }
    setup.practice_id = new_uuid();
    setup.practice = new_practice{practice_name(organisation), unless_empty(of.phone), of.identifier};
    return setup;
}

std::string planner::practice_name(std::size_t organisation) const
{
    const auto& of = from_.organisations[organisation];
    if (!of.name.empty()) return of.name;
    // Only a number is known of it: patients recognise the address.
    const auto site = std::ranges::find(from_.sites, organisation, &sas::site::organisation);
    if (site == from_.sites.end()) return "Cabinet médical";
    const auto where =
        site->lines.empty() ? city_of(*site, place_of(*site)) : address_line_as_read(site->lines.front());
    return shorten("Cabinet médical, " + where, 190);
}

std::vector<std::string> planner::specialties_of(const sas::source& from, const std::vector<std::string>& codes)
{
    std::vector<std::string> slugs;
    for (const auto& code : codes)
    {
        const auto* const group = data_.specialties.of_code(code_system::ordinal_specialty, code);
        if (group == nullptr) note(from, "unknown_specialty", false);
        else if (std::ranges::find(slugs, group->slug) == slugs.end()) slugs.push_back(group->slug);
    }
    if (!slugs.empty()) return slugs;
    note(from, "no_specialty", false);
    return {"physician"};
}

std::vector<std::string> planner::specialties_of(const sas::agenda& one)
{
    const auto at = static_cast<std::size_t>(&one - from_.agendas.data());
    const auto of_agenda = [&](const sas::slot& each) { return each.agenda == at; };
    std::vector<std::string> codes;
    for (const auto& each : from_.slots)
    {
        if (!of_agenda(each)) continue;
        for (const auto& code : each.specialty_codes)
        {
            if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
        }
    }
    // The SAS takes no other organisations than SOS Médecins without a practitioner, and they rarely name a specialty.
    if (codes.empty()) return {"general-practice"};
    return specialties_of(std::ranges::find_if(from_.slots, of_agenda)->from, codes);
}

uuid planner::plan_practitioner(std::size_t index)
{
    const auto& person = from_.practitioners[index];
    if (const auto known = known_.practitioners.find(person.number); known != known_.practitioners.end())
        return known->second;
    new_practitioner planned;
    planned.practitioner_id = new_uuid();
    planned.national_number = person.number;
    planned.given_name = given_name_as_read(person.given_name);
    planned.family_name = family_name_as_read(person.family_name);
    planned.specialties = specialties_of(person.from, person.specialty_codes);
    planned.specialty_codes = person.specialty_codes;
    planned.title = data_.specialties.find(planned.specialties.front())->title;
    plan_.practitioners.push_back(std::move(planned));
    return plan_.practitioners.back().practitioner_id;
}

const place* planner::place_of(const sas::site& where) const
{
    return data_.places.of_address(where.city, where.postal_code);
}

std::string planner::city_of(const sas::site& where, const place* at) const
{
    // The official spelling, accents included, when the address means that commune and not only its neighbourhood.
    const bool same = at != nullptr && place_key(at->name) == place_key(where.city);
    return same ? at->name : city_as_read(where.city);
}

uuid planner::plan_site(std::size_t index, practice_setup& into)
{
    const auto& where = from_.sites[index];
    const std::pair key{into.practice_id, where.identifier};
    if (const auto known = known_.sites.find(key); known != known_.sites.end()) return known->second;
    if (const auto planned = sites_.find(key); planned != sites_.end()) return planned->second;
    const auto* const at = place_of(where);
    new_site planned;
    planned.site_id = new_uuid();
    for (const auto& line : where.lines) planned.lines.push_back(address_line_as_read(line));
    planned.postal_code = where.postal_code;
    planned.city = city_of(where, at);
    planned.name = !where.name.empty() ? where.name : planned.lines.empty() ? planned.city : planned.lines.front();
    if (at != nullptr)
    {
        planned.insee = at->insee;
        planned.position = at->position;
        planned.time_zone = time_zone_of(at->departement_code);
    }
    if (where.position) planned.position = where.position;
    planned.phone = unless_empty(where.phone);
    planned.source_identifier = where.identifier;
    sites_.emplace(key, planned.site_id);
    into.sites.push_back(std::move(planned));
    return into.sites.back().site_id;
}

planner::planned_agenda planner::plan_agenda(const sas::agenda& one)
{
    const auto& where = from_.sites[one.site];
    auto& setup = setup_of(where.organisation);
    const auto* const at = place_of(where);
    planned_agenda planned{setup.practice_id, new_uuid(),
                           find_zone(time_zone_of(at == nullptr ? "" : at->departement_code))};
    const auto whose = one.practitioner ? from_.practitioners[*one.practitioner].number : std::string{"site"};
    const auto source = "sas|" + whose + "|" + where.identifier;
    if (const auto known = known_.agendas.find({setup.practice_id, source}); known != known_.agendas.end())
    {
        planned.agenda_id = known->second;
        return planned;
    }
    new_agenda added;
    added.agenda_id = planned.agenda_id;
    added.site_id = plan_site(one.site, setup);
    added.name = where.name.empty() ? "Agenda" : where.name;
    if (one.practitioner)
    {
        const auto& person = from_.practitioners[*one.practitioner];
        added.practitioner_id = people_[*one.practitioner];
        added.name = display_name("", person.given_name, person.family_name);
    }
    else added.specialties = specialties_of(one);
    added.tint = static_cast<int>(setup.agendas.size()) % tints + 1;
    added.source_identifier = source;
    setup.agendas.push_back(std::move(added));
    return planned;
}

uuid planner::plan_motive(const sas::slot& one, const std::string& label, modality how, practice_setup& into)
{
    const auto length = static_cast<int>(std::chrono::duration_cast<minutes>(one.ends_at - one.starts_at).count());
    const auto source = "sas|" + std::string{boost::describe::enum_to_string(how, "")} + "|" + std::to_string(length) +
                        "|" + fold(label);
    const std::pair key{into.practice_id, source};
    if (const auto known = known_.motives.find(key); known != known_.motives.end()) return known->second;
    const bool to_all = one.seen_by == audience::everyone;
    if (const auto planned = motives_.find(key); planned != motives_.end())
    {
        const auto motive = std::ranges::find(into.motives, planned->second, &new_motive::motive_id);
        if (to_all) motive->is_public = true;
        return planned->second;
    }
    new_motive planned;
    planned.motive_id = new_uuid();
    planned.label = label;
    planned.duration_min = length;
    planned.modality = how;
    planned.earliest_min = imported_earliest_min;
    planned.latest_days = imported_latest_days;
    planned.cancel_min = imported_cancel_min;
    const auto count = static_cast<int>(into.motives.size());
    planned.tint = count % tints + 1;
    planned.sign = std::string(1, static_cast<char>('A' + count % 26));
    planned.is_public = to_all;
    planned.source_identifier = source;
    motives_.emplace(key, planned.motive_id);
    into.motives.push_back(std::move(planned));
    return into.motives.back().motive_id;
}

void planner::plan_slot(const sas::slot& one)
{
    if (one.walk_in) return note(one.from, "walk_in_not_bookable", false);
    if (!one.seen_by) return note(one.from, "only_for_cpts", false);
    const auto& agenda = agendas_[one.agenda];
    const auto day = date_in(agenda.zone, one.starts_at);
    const int first = time_in(agenda.zone, one.starts_at).minute;
    const int last = first + static_cast<int>(std::chrono::duration_cast<minutes>(one.ends_at - one.starts_at).count());
    constexpr int midnight = 1440;
    if (last > midnight) return note(one.from, "crosses_midnight", true);
    auto& setup = setup_of(from_.sites[from_.agendas[one.agenda].site].organisation);
    new_opening planned;
    const auto labels = one.motives.empty() ? std::vector<std::string>{"Consultation"} : one.motives;
    for (const auto& label : labels)
    {
        for (const auto how : one.modalities)
        {
            const auto motive = plan_motive(one, label, how, setup);
            planned.motive_ids.push_back(motive);
            const std::pair link{agenda.agenda_id, motive};
            if (!known_.links.contains(link) && links_.insert(link).second)
                setup.links.push_back({agenda.agenda_id, motive});
        }
    }
    const std::tuple when{agenda.agenda_id, day, first, last};
    if (known_.openings.contains(when) || !openings_.insert(when).second) return;
    planned.opening_id = new_uuid();
    planned.agenda_id = agenda.agenda_id;
    planned.on_date = day;
    planned.starts = {first};
    planned.ends = {last};
    planned.audience = *one.seen_by;
    setup.openings.push_back(std::move(planned));
}

}  // namespace

import_plan plan_import(const sas::bundle& from, const reference_data& data, const known_directory& known)
{
    return planner{from, data, known}.plan();
}

std::vector<std::string> practice_identifiers(const sas::bundle& from)
{
    std::vector<std::string> identifiers;
    for (const auto& one : from.organisations) identifiers.push_back(one.identifier);
    return identifiers;
}

std::vector<std::string> practitioner_numbers(const sas::bundle& from)
{
    std::vector<std::string> numbers;
    for (const auto& one : from.practitioners) numbers.push_back(one.number);
    return numbers;
}

std::string time_zone_of(std::string_view departement_code)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> overseas{{
        {"971", "America/Guadeloupe"},
        {"972", "America/Martinique"},
        {"973", "America/Cayenne"},
        {"974", "Indian/Reunion"},
        {"975", "America/Miquelon"},
        {"976", "Indian/Mayotte"},
        {"977", "America/St_Barthelemy"},
        {"978", "America/Marigot"},
        {"984", "Indian/Kerguelen"},
        {"986", "Pacific/Wallis"},
        {"987", "Pacific/Tahiti"},
        {"988", "Pacific/Noumea"},
    }};
    const auto found =
        std::ranges::find(overseas, departement_code, &std::pair<std::string_view, std::string_view>::first);
    return std::string{found == overseas.end() ? "Europe/Paris" : found->second};
}

}  // namespace manent::directory
