#include "demonstration/plan.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

namespace manent::demonstration
{

namespace
{

constexpr int days_past = 75;
constexpr int days_ahead = 45;

// The standard's engine is the same everywhere, its distributions are not: these few are.
class dice
{
public:
    explicit dice(std::uint64_t seed) : engine_{seed} {}

    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }

    template <class T>
    const T& of(const std::vector<T>& choices)
    {
        return choices[below(choices.size())];
    }

    // A version 7 identifier of that moment.
    uuid id(instant at)
    {
        uuid made;
        for (auto& byte : made.bytes) byte = static_cast<std::uint8_t>(engine_() & 0xFFU);
        auto ms = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
        for (std::size_t i = 6; i-- > 0; ms >>= 8U) made.bytes[i] = static_cast<std::uint8_t>(ms & 0xFFU);
        made.bytes[6] = static_cast<std::uint8_t>((made.bytes[6] & 0x0FU) | 0x70U);
        made.bytes[8] = static_cast<std::uint8_t>((made.bytes[8] & 0x3FU) | 0x80U);
        return made;
    }

private:
    std::mt19937_64 engine_;
};

const generation& born_in(const content& from, int year)
{
    const auto later = std::ranges::find_if(from.given_names, [&](const auto& each) { return each.from > year; });
    return later == from.given_names.begin() ? from.given_names.front() : *(later - 1);
}

planned_patient make_patient(const content& from, dice& roll, std::size_t practice, int this_year, instant now)
{
    planned_patient made;
    made.id = roll.id(now - std::chrono::hours{24} * static_cast<int>(100 + roll.below(1500)));
    made.practice = practice;
    const int age = static_cast<int>(roll.chance(26) ? roll.below(18) : 18 + roll.below(76));
    const bool female = roll.chance(53);
    const int year = this_year - age;
    const auto& names = born_in(from, year);
    made.given_names = roll.of(female ? names.female : names.male);
    made.birth_name = roll.of(from.family_names);
    if (female && age > 30 && roll.chance(55)) made.used_name = roll.of(from.family_names);
    made.birth_date = local_date{date::year{year}, date::month{static_cast<unsigned>(1 + roll.below(12))},
                                 date::day{static_cast<unsigned>(1 + roll.below(28))}};
    made.sex = female ? "female" : "male";
    made.phone = "06 00 " + std::to_string(10 + roll.below(90)) + " " + std::to_string(10 + roll.below(90)) + " " +
                 std::to_string(10 + roll.below(90));
    made.street = std::to_string(1 + roll.below(120)) + " " + roll.of(from.streets);
    return made;
}

void plan_patients(const content& from, dice& roll, plan& into, instant now, int this_year)
{
    for (std::size_t practice = 0; practice < from.practices.size(); ++practice)
    {
        for (int i = 0; i < from.practices[practice].patients; ++i)
            into.patients.push_back(make_patient(from, roll, practice, this_year, now));
    }
    // The people who can sign in as patients are patients of the first practice.
    for (std::size_t i = 0; i < from.patient_accounts.size(); ++i)
    {
        const auto& account = from.patient_accounts[i];
        auto& made = into.patients[i];
        made.given_names = account.given_name;
        made.birth_name = account.family_name;
        made.used_name.reset();
        made.birth_date = parse_date(account.birth_date).value();
        made.sex = account.sex;
        made.phone = account.phone;
        made.account = i;
    }
}

void plan_agendas(const content& from, dice& roll, plan& into, instant now)
{
    for (std::size_t i = 0; i < from.practitioners.size(); ++i)
    {
        planned_agenda made{roll.id(now), roll.id(now), roll.id(now), i, {}};
        for (const auto& each : from.motives.at(from.practitioners[i].specialty))
            made.motives.push_back({roll.id(now), &each});
        into.agendas.push_back(std::move(made));
    }
}

// How full a day is, in percent, by its distance from today.
int fullness(int days_from_today)
{
    if (days_from_today <= 0) return 88;
    if (days_from_today <= 2) return 82;
    if (days_from_today <= 7) return 64;
    if (days_from_today <= 14) return 42;
    return 18;
}

std::string state_of(dice& roll, instant starts, instant ends, instant now)
{
    if (roll.chance(6)) return "cancelled";
    if (ends <= now - minutes{15}) return roll.chance(5) ? "noshow" : "fulfilled";
    if (starts <= now + minutes{10}) return "arrived";
    return "booked";
}

// The practice's patients that one practitioner sees: children for the paediatrician, everyone else for the others.
std::vector<std::size_t> patients_of(const plan& of, const practitioner& seen_by, int this_year)
{
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < of.patients.size(); ++i)
    {
        const auto& each = of.patients[i];
        const bool child = this_year - static_cast<int>(each.birth_date.year()) < 16;
        const bool suits = seen_by.specialty == "paediatrics"        ? child
                           : seen_by.specialty == "general-practice" ? true
                                                                     : !child;
        if (each.practice == seen_by.practice && suits) chosen.push_back(i);
    }
    return chosen;
}

// What has been given out: one visit a day for a patient, and for those with an account one to come of a motive, as the
// program itself admits.
class visits
{
public:
    // False, and nothing noted, when the patient has such a visit.
    bool note(const planned_patient& of, std::size_t patient, std::size_t agenda, std::size_t motive, local_date day,
              bool to_come)
    {
        if (days_.contains({patient, day})) return false;
        if (of.account && to_come && !motives_.emplace(patient, agenda, motive).second) return false;
        days_.emplace(patient, day);
        return true;
    }

private:
    std::set<std::pair<std::size_t, local_date>> days_;
    std::set<std::tuple<std::size_t, std::size_t, std::size_t>> motives_;
};

// Somebody who may come then; nobody after a few that may not.
std::optional<std::size_t> find_visitor(dice& roll, const plan& of, visits& given,
                                        const std::vector<std::size_t>& patients, std::size_t agenda,
                                        std::size_t motive, local_date day, bool to_come)
{
    for (int tries = 0; tries < 8; ++tries)
    {
        const auto patient = roll.of(patients);
        if (given.note(of.patients[patient], patient, agenda, motive, day, to_come)) return patient;
    }
    return std::nullopt;
}

void plan_day(dice& roll, plan& into, visits& given, std::size_t agenda, const std::vector<std::size_t>& patients,
              local_date day, int days_from_today, instant now, time_zone zone)
{
    for (const auto& opening : weekly_openings())
    {
        if (opening.weekday != iso_weekday(day)) continue;
        local_time at = opening.starts;
        while (true)
        {
            const auto& motives = into.agendas[agenda].motives;
            const std::size_t motive = roll.chance(78) ? 0 : roll.below(motives.size());
            const int duration = motives[motive].what->duration_min;
            if (at.minute + duration > opening.ends.minute) break;
            const auto starts = instant_of(zone, day, at);
            const auto ends = starts + minutes{duration};
            at.minute += duration;
            if (!roll.chance(fullness(days_from_today))) continue;
            const auto patient = find_visitor(roll, into, given, patients, agenda, motive, day, ends > now);
            if (!patient) continue;
            planned_appointment made{roll.id(starts - std::chrono::hours{24} * static_cast<int>(1 + roll.below(20))),
                                     agenda,
                                     *patient,
                                     motive,
                                     starts,
                                     ends,
                                     state_of(roll, starts, ends, now),
                                     motives[motive].what->admits == "new",
                                     roll.chance(55)};
            into.appointments.push_back(made);
        }
    }
}

// In whole years.
int age_on(local_date day, local_date birth)
{
    const int years = static_cast<int>(day.year()) - static_cast<int>(birth.year());
    const bool before_birthday = std::pair{day.month(), day.day()} < std::pair{birth.month(), birth.day()};
    return years - (before_birthday ? 1 : 0);
}

// One that suits the age, and that this patient's file does not hold yet while there is any such; nullptr for none.
const observation* find_observation(dice& roll, const std::vector<observation>& of, int age,
                                    const std::set<const observation*>& told)
{
    std::vector<const observation*> suiting;
    std::vector<const observation*> fresh;
    for (const auto& each : of)
    {
        if (age < each.from_age || age > each.to_age) continue;
        suiting.push_back(&each);
        if (!told.contains(&each)) fresh.push_back(&each);
    }
    if (suiting.empty()) return nullptr;
    return roll.of(fresh.empty() ? suiting : fresh);
}

void plan_consultations(const content& from, dice& roll, plan& into, time_zone zone)
{
    std::map<std::size_t, std::set<const observation*>> told;  // by patient
    for (std::size_t i = 0; i < into.appointments.size(); ++i)
    {
        const auto& appointment = into.appointments[i];
        if (appointment.state != "fulfilled" || !roll.chance(30)) continue;
        const auto& specialty = from.practitioners[into.agendas[appointment.agenda].practitioner].specialty;
        const int age = age_on(date_in(zone, appointment.starts_at), into.patients[appointment.patient].birth_date);
        const auto* const written =
            find_observation(roll, from.observations.at(specialty), age, told[appointment.patient]);
        if (written == nullptr) continue;
        told[appointment.patient].insert(written);
        into.consultations.push_back({roll.id(appointment.starts_at), i, written->texts});
    }
}

}  // namespace

const std::vector<planned_opening>& weekly_openings()
{
    static const std::vector<planned_opening> all = []
    {
        std::vector<planned_opening> made;
        for (int weekday = 1; weekday <= 5; ++weekday)
        {
            made.push_back({weekday, {8 * 60 + 40}, {12 * 60}});
            // Thursday afternoons are closed, so that the week shows what a closed half-day looks like.
            if (weekday != 4) made.push_back({weekday, {14 * 60}, {18 * 60 + 20}});
        }
        made.push_back({6, {9 * 60}, {12 * 60}});
        return made;
    }();
    return all;
}

plan make_plan(const content& from, std::uint64_t seed, instant now, time_zone zone)
{
    dice roll{seed};
    plan made;
    const auto today = date_in(zone, now);
    const int this_year = static_cast<int>(today.year());
    for (std::size_t i = 0; i < from.practices.size(); ++i)
    {
        made.practices.push_back(roll.id(now));
        made.sites.push_back(roll.id(now));
    }
    plan_agendas(from, roll, made, now);
    plan_patients(from, roll, made, now, this_year);
    visits given;
    for (std::size_t agenda = 0; agenda < made.agendas.size(); ++agenda)
    {
        const auto patients = patients_of(made, from.practitioners[agenda], this_year);
        for (int distance = -days_past; distance <= days_ahead; ++distance)
            plan_day(roll, made, given, agenda, patients, add_days(today, distance), distance, now, zone);
    }
    plan_consultations(from, roll, made, zone);
    return made;
}

}  // namespace manent::demonstration
