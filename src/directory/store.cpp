#include "directory/store.hpp"

#include "core/text.hpp"
#include "directory/sql.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <unordered_map>

namespace manent::directory
{

namespace
{

std::optional<point> read_point(const store::row& from, int column)
{
    const auto latitude = from.get<std::optional<double>>(column);
    const auto longitude = from.get<std::optional<double>>(column + 1);
    if (!latitude || !longitude) return std::nullopt;
    return point{*latitude, *longitude};
}

// Columns as in list_practitioners.sql.
listed_practitioner read_listed_practitioner(const store::row& from)
{
    listed_practitioner one;
    one.practitioner_id = from.get<uuid>(0);
    one.title = from.get<std::string>(1);
    one.given_name = from.get<std::string>(2);
    one.family_name = from.get<std::string>(3);
    one.specialty = from.get<std::string>(4);
    one.specialties = from.get<std::vector<std::string>>(5);
    one.sector = from.get<std::optional<convention_sector>>(6);
    one.languages = from.get<std::vector<std::string>>(7);
    return one;
}

// Columns as in list_organisations.sql.
listed_practitioner read_listed_organisation(const store::row& from)
{
    listed_practitioner one;
    one.is_organisation = true;
    one.practitioner_id = from.get<uuid>(0);
    one.family_name = from.get<std::string>(1);
    one.specialties = from.get<std::vector<std::string>>(2);
    if (!one.specialties.empty()) one.specialty = one.specialties.front();
    return one;
}

// Columns as in list_agendas.sql.
listed_agenda read_listed_agenda(const store::row& from)
{
    listed_agenda one;
    one.agenda_id = from.get<uuid>(1);
    one.practice_id = from.get<uuid>(2);
    one.practice_name = from.get<std::string>(3);
    one.site = {from.get<uuid>(4),        from.get<std::string>(5), from.get<std::vector<std::string>>(6),
                from.get<std::string>(7), from.get<std::string>(8), read_point(from, 9),
                from.get<std::string>(11)};
    return one;
}

// Columns as in find_practitioner_agendas.sql.
agenda_answer read_agenda_answer(const store::row& from)
{
    agenda_answer one;
    one.agenda_id = from.get<uuid>(0);
    one.practice_id = from.get<uuid>(1);
    one.practice_name = from.get<std::string>(2);
    one.site.site_id = from.get<uuid>(3);
    one.site.name = from.get<std::string>(4);
    one.site.lines = from.get<std::vector<std::string>>(5);
    one.site.postal_code = from.get<std::string>(6);
    one.site.city = from.get<std::string>(7);
    one.site.latitude = from.get<std::optional<double>>(8);
    one.site.longitude = from.get<std::optional<double>>(9);
    one.site.time_zone = from.get<std::string>(10);
    one.site.access = from.get<std::string>(11);
    one.site.phone = from.get<std::string>(12);
    return one;
}

// Columns as in find_practitioner_motives.sql.
motive_answer read_motive_answer(const store::row& from)
{
    return {from.get<uuid>(1),         from.get<std::string>(2),  from.get<int>(3),         from.get<modality>(4),
            admission_of(from.raw(5)), from.get<int>(6),          from.get<int>(7),         from.get<int>(8),
            from.get<int>(9),          from.get<std::string>(10), from.get<std::string>(11)};
}

// Columns as in find_practitioner_agendas.sql and find_practitioner_motives.sql.
std::vector<agenda_answer> read_page_agendas(const store::rows& agendas, const store::rows& motives)
{
    std::vector<agenda_answer> all;
    for (int i = 0; i < agendas.size(); ++i) all.push_back(read_agenda_answer(agendas[i]));
    for (int i = 0; i < motives.size(); ++i)
    {
        const auto agenda = std::ranges::find(all, motives[i].get<uuid>(0), &agenda_answer::agenda_id);
        if (agenda != all.end()) agenda->motives.push_back(read_motive_answer(motives[i]));
    }
    return all;
}

}  // namespace

task<result<std::vector<std::shared_ptr<const listed_practitioner>>>> read_listed(store::database& from,
                                                                                  std::optional<uuid> practice)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::list_practitioners, practice);
    question.add(sql::list_agendas, practice);
    question.add(sql::list_motives, practice);
    question.add(sql::list_organisations, practice);
    auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    const auto& people = (*answered)[0];
    const auto& agendas = (*answered)[1];
    const auto& motives = (*answered)[2];
    std::unordered_map<uuid, std::vector<listed_motive>> motives_of;
    for (int i = 0; i < motives.size(); ++i)
    {
        const auto admits = motives[i].get<std::string>(3);
        motives_of[motives[i].get<uuid>(0)].push_back(
            {motives[i].get<uuid>(1), motives[i].get<modality>(2), admits != "known", admits != "new"});
    }
    std::unordered_map<uuid, std::vector<listed_agenda>> agendas_of;
    for (int i = 0; i < agendas.size(); ++i)
    {
        auto one = read_listed_agenda(agendas[i]);
        one.motives = std::move(motives_of[one.agenda_id]);
        agendas_of[agendas[i].get<uuid>(0)].push_back(std::move(one));
    }
    std::vector<std::shared_ptr<const listed_practitioner>> all;
    for (int i = 0; i < people.size(); ++i)
    {
        auto one = std::make_shared<listed_practitioner>(read_listed_practitioner(people[i]));
        one->agendas = std::move(agendas_of[one->practitioner_id]);
        all.push_back(std::move(one));
    }
    const auto& organisations = (*answered)[3];
    for (int i = 0; i < organisations.size(); ++i)
    {
        auto one = std::make_shared<listed_practitioner>(read_listed_organisation(organisations[i]));
        one->agendas = std::move(agendas_of[one->practitioner_id]);
        all.push_back(std::move(one));
    }
    co_return all;
}

task<result<stored_practitioner>> read_practitioner(store::database& from, uuid practitioner)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::find_practitioner, practitioner);
    question.add(sql::find_practitioner_agendas, practitioner);
    question.add(sql::find_practitioner_motives, practitioner);
    auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    if ((*answered)[0].empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto person = (*answered)[0][0];
    stored_practitioner found;
    found.who.practitioner_id = person.get<uuid>(0);
    found.who.title = person.get<std::string>(1);
    found.who.given_name = person.get<std::string>(2);
    found.who.family_name = person.get<std::string>(3);
    found.who.specialty = person.get<std::string>(4);
    found.who.sector = person.get<std::optional<convention_sector>>(5);
    found.who.languages = person.get<std::vector<std::string>>(6);
    found.presentation = person.get<std::string>(7);
    found.agendas = read_page_agendas((*answered)[1], (*answered)[2]);
    co_return found;
}

task<result<stored_practitioner>> read_organisation(store::database& from, uuid practice)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::list_organisations, practice);
    question.add(sql::find_organisation_agendas, practice);
    question.add(sql::find_organisation_motives, practice);
    auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    stored_practitioner found;
    found.agendas = read_page_agendas((*answered)[1], (*answered)[2]);
    if (found.agendas.empty()) co_return refusal(problem_kind::not_found, "not_found");
    found.who = read_listed_organisation((*answered)[0][0]);
    co_return found;
}

}  // namespace manent::directory
