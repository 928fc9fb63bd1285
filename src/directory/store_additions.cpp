// The part of the directory's SQL that the command line uses: what is known already, and what is added.
#include "core/text.hpp"
#include "directory/sql.hpp"
#include "directory/store.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <set>

namespace manent::directory
{

namespace
{

std::string_view text_of(audience seen_by)
{
    switch (seen_by)
    {
        case audience::everyone:
            return "public";
        case audience::professionals:
            return "professionals";
        case audience::regulators:
            return "regulators";
    }
    return "regulators";
}

std::string text_of(const std::optional<local_date>& day)
{
    return day ? format_date(*day) : std::string{};
}

void add_sites(store::unit& into, const practice_setup& added)
{
    for (const auto& one : added.sites)
    {
        const auto latitude = one.position ? std::optional{one.position->latitude} : std::nullopt;
        const auto longitude = one.position ? std::optional{one.position->longitude} : std::nullopt;
        into.add(sql::add_site, added.practice_id, one.site_id, one.name, one.lines, one.postal_code, one.city,
                 one.insee, latitude, longitude, one.time_zone, one.access, one.phone, one.source_identifier);
    }
}

void add_agendas_and_motives(store::unit& into, const practice_setup& added)
{
    for (const auto& one : added.agendas)
        into.add(sql::add_agenda, added.practice_id, one.agenda_id, one.site_id, one.practitioner_id, one.name,
                 one.tint, one.specialties, one.source_identifier);
    for (const auto& one : added.motives)
        into.add(sql::add_motive, added.practice_id, one.motive_id, one.label, one.duration_min,
                 boost::describe::enum_to_string(one.modality, ""), one.admits, one.earliest_min, one.latest_days,
                 one.cancel_min, one.repeatable, one.tint, one.sign, one.instructions, one.is_public,
                 one.source_identifier);
    std::vector<uuid> agendas;
    std::vector<uuid> motives;
    for (const auto& one : added.links)
    {
        agendas.push_back(one.agenda_id);
        motives.push_back(one.motive_id);
    }
    if (!agendas.empty()) into.add(sql::add_links, added.practice_id, agendas, motives);
}

void add_openings(store::unit& into, const practice_setup& added)
{
    if (added.openings.empty()) return;
    std::vector<uuid> openings, agendas, admitting, admitted;
    std::vector<std::int64_t> weekdays, starts, ends, capacities, steps;
    std::vector<std::string> dates, from, until, audiences;
    for (const auto& one : added.openings)
    {
        openings.push_back(one.opening_id);
        agendas.push_back(one.agenda_id);
        weekdays.push_back(one.weekday.value_or(0));
        dates.push_back(text_of(one.on_date));
        starts.push_back(one.starts.minute);
        ends.push_back(one.ends.minute);
        from.push_back(text_of(one.valid_from));
        until.push_back(text_of(one.valid_until));
        audiences.emplace_back(text_of(one.audience));
        capacities.push_back(one.capacity);
        steps.push_back(one.step_min.value_or(0));
        for (const auto& motive : one.motive_ids)
        {
            admitting.push_back(one.opening_id);
            admitted.push_back(motive);
        }
    }
    into.add(sql::add_openings, added.practice_id, openings, agendas, weekdays, dates, starts, ends, from, until,
             audiences, capacities, steps);
    into.add(sql::add_opening_motives, added.practice_id, admitting, admitted);
}

// The agendas whose bookable time changes, each once.
std::vector<uuid> touched_agendas(const practice_setup& added)
{
    std::set<uuid> touched;
    for (const auto& one : added.agendas) touched.insert(one.agenda_id);
    for (const auto& one : added.links) touched.insert(one.agenda_id);
    for (const auto& one : added.openings) touched.insert(one.agenda_id);
    return {touched.begin(), touched.end()};
}

void read_sources(const store::rows& found, known_directory& into)
{
    for (int i = 0; i < found.size(); ++i)
    {
        const std::pair key{found[i].get<uuid>(1), found[i].get<std::string>(2)};
        const auto kind = found[i].get<std::string>(0);
        auto& list = kind == "site" ? into.sites : kind == "agenda" ? into.agendas : into.motives;
        list.emplace(key, found[i].get<uuid>(3));
    }
}

}  // namespace

task<result<known_directory>> read_known(store::database& from, const std::vector<std::string>& practices,
                                         const std::vector<std::string>& practitioners, local_date first_day)
{
    known_directory known;
    store::unit names{store::scope::everyone()};
    names.add(sql::known_practices, practices);
    names.add(sql::known_practitioners, practitioners);
    auto named = co_await from.read(names);
    if (!named) co_return named.error();
    std::vector<uuid> practice_ids;
    for (int i = 0; i < (*named)[0].size(); ++i)
    {
        practice_ids.push_back((*named)[0][i].get<uuid>(1));
        known.practices.emplace((*named)[0][i].get<std::string>(0), practice_ids.back());
    }
    for (int i = 0; i < (*named)[1].size(); ++i)
        known.practitioners.emplace((*named)[1][i].get<std::string>(0), (*named)[1][i].get<uuid>(1));
    if (practice_ids.empty()) co_return known;
    store::unit contents{store::scope::everyone()};
    contents.add(sql::known_sources, practice_ids);
    contents.add(sql::known_links, practice_ids);
    contents.add(sql::known_openings, practice_ids, first_day);
    auto held = co_await from.read(contents);
    if (!held) co_return held.error();
    read_sources((*held)[0], known);
    const auto& links = (*held)[1];
    for (int i = 0; i < links.size(); ++i) known.links.emplace(links[i].get<uuid>(0), links[i].get<uuid>(1));
    const auto& openings = (*held)[2];
    for (int i = 0; i < openings.size(); ++i)
        known.openings.emplace(openings[i].get<uuid>(0), openings[i].get<local_date>(1), openings[i].get<int>(2),
                               openings[i].get<int>(3));
    co_return known;
}

task<result<void>> write_practitioners(store::database& as_owner, const std::vector<new_practitioner>& added)
{
    if (added.empty()) co_return result<void>{};
    store::unit change{store::scope::everyone()};
    for (const auto& one : added)
        change.add(sql::add_practitioner, one.practitioner_id, one.national_number, one.title, one.given_name,
                   one.family_name, fold(one.given_name + " " + one.family_name), one.specialties.front(),
                   one.specialties, one.specialty_codes, one.sector, one.languages, one.presentation);
    const auto written = co_await as_owner.write(change);
    if (!written) co_return written.error();
    co_return result<void>{};
}

task<result<void>> write_setup(store::database& as_owner, const practice_setup& added)
{
    store::unit change{store::scope::everyone()};
    if (added.practice)
        change.add(sql::add_practice, added.practice_id, added.practice->name, added.practice->phone,
                   added.practice->national_identifier);
    add_sites(change, added);
    add_agendas_and_motives(change, added);
    add_openings(change, added);
    const auto touched = touched_agendas(added);
    if (!touched.empty())
    {
        change.add(sql::raise_schedule_versions, added.practice_id, touched);
        change.add(sql::hint_schedules, added.practice_id, touched);
    }
    // An agenda's hint makes readers look at its practice too.
    else change.add(sql::hint_directory, added.practice_id);
    const auto written = co_await as_owner.write(change);
    if (!written) co_return written.error();
    co_return result<void>{};
}

}  // namespace manent::directory
