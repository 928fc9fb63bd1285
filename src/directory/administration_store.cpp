#include "directory/administration_store.hpp"

#include "core/text.hpp"
#include "directory/sql.hpp"
#include "directory/store.hpp"

namespace manent::directory
{

namespace
{

struct degrees
{
    std::optional<double> latitude;
    std::optional<double> longitude;

    explicit degrees(const std::optional<point>& of)
    {
        if (!of) return;
        latitude = of->latitude;
        longitude = of->longitude;
    }
};

std::string folded_name(const new_practitioner& of)
{
    return fold(of.given_name + " " + of.family_name);
}

result<void> nothing(const result<store::written>& outcome)
{
    if (!outcome) return outcome.error();
    return {};
}

// Columns as in list_own_practitioners.sql.
own_practitioner read_own_practitioner(const store::row& from)
{
    own_practitioner one;
    one.practitioner_id = from.get<uuid>(0);
    // People know their number without the digit that says what kind it is.
    if (const auto number = from.get<std::optional<std::string>>(1)) one.national_number = number->substr(1);
    one.title = from.get<std::string>(2);
    one.given_name = from.get<std::string>(3);
    one.family_name = from.get<std::string>(4);
    one.specialties = from.get<std::vector<std::string>>(5);
    one.sector = from.get<std::optional<convention_sector>>(6);
    one.languages = from.get<std::vector<std::string>>(7);
    one.presentation = from.get<std::string>(8);
    one.version = from.get<int>(9);
    one.may_change = from.get<bool>(10);
    one.kept_by = from.get<std::vector<std::string>>(11);
    return one;
}

}  // namespace

task<result<own_practice>> find_own_practice(store::database& in, identity::member who)
{
    store::unit question{who.scope()};
    question.add(sql::find_own_practice, who.practice);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    if (answered->front().empty()) co_return refusal(problem_kind::not_found, "not_found");
    const auto row = answered->front()[0];
    co_return own_practice{row.get<uuid>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<int>(3),
                           row.get<int>(4)};
}

task<result<void>> change_practice(store::database& in, identity::member who, own_practice changed)
{
    std::optional<std::string> phone;
    if (!changed.phone.empty()) phone = std::move(changed.phone);
    store::unit act{who.scope()};
    act.add(sql::change_practice, who.practice, changed.version, changed.name, phone, changed.session_minutes);
    co_return nothing(co_await in.write(act));
}

task<result<std::vector<own_site>>> list_own_sites(store::database& in, identity::member who,
                                                   std::optional<uuid> site_id)
{
    store::unit question{who.scope()};
    question.add(sql::list_own_sites, who.practice, site_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    const auto& listed = answered->front();
    std::vector<own_site> all;
    for (int i = 0; i < listed.size(); ++i)
    {
        const auto row = listed[i];
        all.push_back({row.get<uuid>(0), row.get<std::string>(1), row.get<std::vector<std::string>>(2),
                       row.get<std::string>(3), row.get<std::string>(4), row.get<std::optional<std::string>>(5),
                       row.get<std::string>(6), row.get<std::string>(7), row.get<std::string>(8), row.get<int>(9)});
    }
    co_return all;
}

task<result<std::vector<own_practitioner>>> list_own_practitioners(store::database& in, identity::member who,
                                                                   std::optional<uuid> practitioner_id)
{
    store::unit question{who.scope()};
    question.add(sql::list_own_practitioners, who.practice, practitioner_id);
    const auto answered = co_await in.read(question);
    if (!answered) co_return answered.error();
    const auto& listed = answered->front();
    std::vector<own_practitioner> all;
    for (int i = 0; i < listed.size(); ++i) all.push_back(read_own_practitioner(listed[i]));
    co_return all;
}

task<result<uuid>> add_own_site(store::database& in, identity::member who, act_key key, new_site added)
{
    const degrees where{added.position};
    store::unit act{who.scope()};
    act.add(sql::add_own_site, key.key, key.fingerprint, who.practice, added.site_id, added.name, added.lines,
            added.postal_code, added.city, added.insee, where.latitude, where.longitude, added.time_zone, added.access,
            added.phone)
        .repeatable();
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    co_return written->of_statements.front()[0].get<uuid>(0);
}

task<result<void>> change_site(store::database& in, identity::member who, new_site changed, std::int64_t version)
{
    const degrees where{changed.position};
    store::unit act{who.scope()};
    act.add(sql::change_site, who.practice, changed.site_id, version, changed.name, changed.lines, changed.postal_code,
            changed.city, changed.insee, where.latitude, where.longitude, changed.time_zone, changed.access,
            changed.phone);
    co_return nothing(co_await in.write(act));
}

task<result<added_practitioner>> add_own_practitioner(store::database& in, identity::member who, act_key key,
                                                      new_practitioner added, new_agenda opened)
{
    store::unit act{who.scope()};
    act.add(sql::add_own_practitioner, key.key, key.fingerprint, who.practice, added.practitioner_id,
            added.national_number, added.title, added.given_name, added.family_name, folded_name(added),
            added.specialties, added.sector, added.languages, opened.agenda_id, opened.site_id, opened.name,
            opened.tint)
        .repeatable();
    const auto written = co_await in.write(act);
    if (!written) co_return written.error();
    const auto row = written->of_statements.front()[0];
    co_return added_practitioner{row.get<uuid>(1), row.get<uuid>(0)};
}

task<result<void>> change_practitioner(store::database& in, identity::member who, new_practitioner changed,
                                       std::int64_t version)
{
    store::unit act{who.scope()};
    act.add(sql::change_practitioner, who.practice, changed.practitioner_id, version, changed.national_number,
            changed.title, changed.given_name, changed.family_name, folded_name(changed), changed.specialties,
            changed.sector, changed.languages, changed.presentation);
    co_return nothing(co_await in.write(act));
}

}  // namespace manent::directory
