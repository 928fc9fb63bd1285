// Whom a person may act for, who works in a practice, and who read one's data.
#include "identity/inside.hpp"

#include "audit/past.hpp"
#include "core/text.hpp"
#include "identity/sql.hpp"

#include <unordered_map>

namespace manent::identity
{

namespace
{

template <class Enum>
Enum enum_of(std::string_view word, Enum otherwise)
{
    boost::describe::enum_from_string(std::string{word}.c_str(), otherwise);
    return otherwise;
}

}  // namespace

task<result<list_of<known_person>>> service::persons_of(const live_session& who)
{
    auto look = new_unit();
    look.add(sql::persons_of, who.person);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    list_of<known_person> persons;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
    {
        const auto row = rows[i];
        persons.items.push_back({row.get<uuid>(0), row.get<std::string>(1), row.get<std::string>(2),
                                 row.get<std::optional<local_date>>(3), enum_of(row.raw(4), sex::unknown),
                                 enum_of(row.raw(5), relation::other)});
    }
    co_return persons;
}

task<result<known_person>> service::add_person(const live_session& who, const relative_request& wish)
{
    const auto today = local_date{date::floor<date::days>(now())};
    if (auto refused = refuse_birth_date(wish.birth_date, today)) co_return *refused;
    const known_person added{new_uuid(),
                             std::string{trim(wish.given_name.value)},
                             std::string{trim(wish.family_name.value)},
                             wish.birth_date,
                             wish.sex,
                             enum_of(boost::describe::enum_to_string(wish.relation, "other"), relation::other)};
    auto add = new_unit();
    add.add(sql::refuse_more_persons, who.person, relatives_max)
        .add(sql::add_person, added.person_id, added.given_name, added.family_name, added.birth_date,
             boost::describe::enum_to_string(added.sex, "unknown"), std::nullopt, code_of(who.language))
        .add(sql::add_mandate, who.person, added.person_id, boost::describe::enum_to_string(wish.relation, "other"));
    if (const auto done = co_await do_write(add); !done) co_return done.error();
    co_return added;
}

task<result<list_of<access_event>>> service::access_events_of(std::string_view session_token)
{
    auto past = co_await audit::accesses_of(app_db_, store::scope::person(std::string{session_token}));
    if (!past) co_return past.error();
    std::vector<uuid> actors;
    for (const auto& each : *past) actors.push_back(each.actor);
    auto look = new_unit();
    look.add(sql::names_of, actors);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    std::unordered_map<uuid, std::string> names;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i) names.emplace(rows[i].get<uuid>(0), rows[i].get<std::string>(1));
    list_of<access_event> events;
    for (auto& each : *past)
        events.items.push_back({each.at, std::move(each.practice_name), names[each.actor], each.action, each.what});
    co_return events;
}

task<result<list_of<practice_member>>> service::members_of(const member& by)
{
    auto look = new_unit();
    look.add(sql::members_of, by.practice, by.who.person);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    list_of<practice_member> members;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
    {
        const auto row = rows[i];
        members.items.push_back({row.get<uuid>(0), row.get<std::string>(1), row.get<std::string>(2),
                                 enum_of(row.raw(3), role::secretary), enum_of(row.raw(4), membership_state::invited),
                                 row.get<std::optional<uuid>>(5), row.get<bool>(6)});
    }
    co_return members;
}

task<result<practice_member>> service::invite(const caller& from, const member& by, const invitation_request& wish)
{
    if (!may_invite(by.role, wish.role)) co_return refusal(problem_kind::forbidden, "forbidden");
    const auto& email = wish.email.value;
    if (const auto taken = co_await take_letter(from, email); !taken) co_return taken.error();
    auto look = new_unit();
    look.add(sql::find_account, account_name(email), std::nullopt).add(sql::practice_name, by.practice);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    const auto& accounts = (*found)[0];
    // Until a password is chosen, no password opens the account, at the same cost as any other.
    const auto no_password = co_await hash_of(random_token());
    if (!no_password) co_return no_password.error();
    auto add = new_unit();
    const auto person = accounts.empty() ? new_uuid() : accounts[0].get<uuid>(0);
    if (accounts.empty())
    {
        add.add(sql::add_person, person, trim(wish.given_name.value), trim(wish.family_name.value), std::nullopt,
                "unknown", std::nullopt, code_of(by.who.language));
        add.add(sql::add_credential, person, email, *no_password);
    }
    const practice_member invited{new_uuid(),           email, email, wish.role, membership_state::invited,
                                  wish.practitioner_id, false};
    add.add(sql::refuse_linked, by.practice, wish.practitioner_id, invited.membership_id)
        .add(sql::invite, invited.membership_id, by.practice, person,
             boost::describe::enum_to_string(wish.role, "secretary"), wish.practitioner_id);
    const bool has_account = !accounts.empty() && accounts[0].get<bool>(2);
    const auto in = accounts.empty() ? by.who.language : language_of(accounts[0].raw(5));
    add_letter(add, has_account ? "member_added" : "invitation", in, email,
               {{"name", std::string{trim(wish.given_name.value)}},
                {"practice", (*found)[1].empty() ? std::string{} : (*found)[1][0].get<std::string>(0)}});
    if (const auto done = co_await do_write(add); !done) co_return done.error();
    co_return invited;
}

task<result<void>> service::link_member(const member& by, const uuid& membership, const member_change_request& wish)
{
    if (by.role != role::administrator) co_return refusal(problem_kind::forbidden, "forbidden");
    auto change = new_unit();
    change.add(sql::refuse_linked, by.practice, wish.practitioner_id, membership)
        .add(sql::link_member, by.practice, membership, wish.practitioner_id);
    const auto done = co_await do_write(change);
    if (done) cache_.forget_all();
    co_return done;
}

task<result<void>> service::end_membership(const member& by, const uuid& membership)
{
    if (by.role != role::administrator) co_return refusal(problem_kind::forbidden, "forbidden");
    auto change = new_unit();
    change.add(sql::end_membership, by.practice, membership, by.who.person);
    const auto done = co_await do_write(change);
    if (done) cache_.forget_all();
    co_return done;
}

}  // namespace manent::identity
