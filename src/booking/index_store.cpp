#include "booking/index_store.hpp"

#include "booking/rows.hpp"
#include "booking/sql.hpp"
#include "core/log.hpp"
#include "directory/names.hpp"

#include <unordered_map>

namespace manent::booking
{

namespace
{

using agendas_by_id = std::unordered_map<uuid, known_agenda>;

// practice's name, agenda's name, practitioner_id, title, given name, family name, specialty
host read_host(const store::row& row, int first)
{
    host one;
    one.practice_name = row.get<std::string>(first);
    one.name = row.get<std::string>(first + 1);
    one.practitioner_id = row.get<std::optional<uuid>>(first + 2);
    one.specialty = row.get<std::string>(first + 6);
    if (!one.practitioner_id) return one;
    one.name = directory::display_name(row.raw(first + 3), row.raw(first + 4), row.raw(first + 5));
    return one;
}

// site_id, name, lines, postal code, city, latitude, longitude, access, phone
place read_place(const store::row& row, int first)
{
    return {row.get<uuid>(first),
            row.get<std::string>(first + 1),
            row.get<std::vector<std::string>>(first + 2),
            row.get<std::string>(first + 3),
            row.get<std::string>(first + 4),
            row.get<std::optional<double>>(first + 5),
            row.get<std::optional<double>>(first + 6),
            row.get<std::string>(first + 7),
            row.get<std::optional<std::string>>(first + 8).value_or("")};
}

agendas_by_id read_agendas(const store::rows& listed)
{
    agendas_by_id known;
    for (int i = 0; i < listed.size(); ++i)
    {
        const auto row = listed[i];
        booking::schedule one;
        one.practice_id = row.get<uuid>(0);
        one.agenda_id = row.get<uuid>(1);
        one.zone = find_zone(row.raw(2));
        one.version = row.get<std::int64_t>(3);
        one.host = read_host(row, 4);
        one.place = read_place(row, 11);
        one.closed = row.get<bool>(20);
        if (one.zone == nullptr)
        {
            log::warning("unknown_time_zone", {{"agenda_id", to_string(one.agenda_id)}, {"zone", row.raw(2)}});
            continue;
        }
        known[one.agenda_id].schedule = std::move(one);
    }
    return known;
}

// Calls add(agenda, row) for each row whose first column names a known agenda.
template <class Add>
void add_rows(agendas_by_id& known, const store::rows& listed, Add add)
{
    for (int i = 0; i < listed.size(); ++i)
    {
        const auto found = known.find(listed[i].get<uuid>(0));
        if (found != known.end()) add(found->second, listed[i]);
    }
}

}  // namespace

task<result<std::vector<known_agenda>>> load_agendas(store::database& from, std::optional<std::vector<uuid>> agendas)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::load_agendas, agendas)
        .add(sql::load_motives, agendas)
        .add(sql::load_openings, agendas)
        .add(sql::load_absences, agendas)
        .add(sql::load_taken, agendas);
    const auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    const auto& listed = *answered;
    auto known = read_agendas(listed[0]);
    add_rows(known, listed[1],
             [](known_agenda& of, const store::row& row) { of.schedule.motives.push_back(read_motive(row, 1)); });
    add_rows(known, listed[2],
             [](known_agenda& of, const store::row& row) { of.schedule.openings.push_back(read_opening(row, 1)); });
    add_rows(known, listed[3],
             [](known_agenda& of, const store::row& row) {
                 of.schedule.absences.push_back({row.get<uuid>(1), row.get<instant>(2), row.get<instant>(3)});
             });
    add_rows(known, listed[4], [](known_agenda& of, const store::row& row) { of.taken.push_back(read_taken(row, 1)); });
    std::vector<known_agenda> all;
    all.reserve(known.size());
    for (auto& [id, one] : known) all.push_back(std::move(one));
    co_return all;
}

task<result<std::vector<std::vector<taken>>>> load_taken(store::database& from, std::vector<window> windows)
{
    std::vector<uuid> practices;
    std::vector<uuid> agendas;
    std::vector<instant> froms;
    std::vector<instant> untils;
    for (const auto& one : windows)
    {
        practices.push_back(one.practice_id);
        agendas.push_back(one.agenda_id);
        froms.push_back(one.starting_within.from);
        untils.push_back(one.starting_within.until);
    }
    store::unit question{store::scope::everyone()};
    question.add(sql::taken_within, practices, agendas, froms, untils);
    const auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    std::vector<std::vector<taken>> there(windows.size());
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i)
        there.at(static_cast<std::size_t>(listed[i].get<int>(0))).push_back(read_taken(listed[i], 1));
    co_return there;
}

task<result<std::int64_t>> latest_hint(store::database& from)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::latest_hint);
    const auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    co_return answered->front()[0].get<std::int64_t>(0);
}

task<result<std::vector<hint>>> read_hints(store::database& from, std::int64_t after, std::vector<std::int64_t> missing)
{
    store::unit question{store::scope::everyone()};
    question.add(sql::read_hints, after, missing);
    const auto answered = co_await from.read(question);
    if (!answered) co_return answered.error();
    std::vector<hint> hints;
    const auto& listed = answered->front();
    for (int i = 0; i < listed.size(); ++i)
    {
        const auto row = listed[i];
        hints.push_back({row.get<std::int64_t>(0), row.get<std::string>(1), row.get<uuid>(2),
                         row.get<std::optional<uuid>>(3), row.get<std::optional<instant>>(4)});
    }
    co_return hints;
}

task<result<void>> drop_old_hints(store::database& from)
{
    store::unit act{store::scope::everyone()};
    act.add(sql::drop_old_hints).repeatable();
    const auto written = co_await from.write(act);
    if (!written) co_return written.error();
    co_return result<void>{};
}

}  // namespace manent::booking
