#include "identity/provision.hpp"

#include "core/text.hpp"
#include "identity/requests.hpp"
#include "identity/rules.hpp"
#include "identity/sql.hpp"

namespace manent::identity
{

namespace
{

// The limits of the columns and of the screens' own requests, so that every refusal is told at once with its path.
struct judged_wish
{
    text<1, 200> practice;
    person_name given_name;
    person_name family_name;
    email_address email;
    new_password password;
};
BOOST_DESCRIBE_STRUCT(judged_wish, (), (practice, given_name, family_name, email, password))

result<judged_wish> judge(const first_administrator& wish)
{
    const json::object written{{"practice", wish.practice},
                               {"given_name", wish.given_name},
                               {"family_name", wish.family_name},
                               {"email", wish.email},
                               {"password", wish.password}};
    auto read = read_json<judged_wish>(json::serialize(written));
    if (!read) return read;
    if (auto refused = refuse_password(wish.password, wish.email, "/password")) return *refused;
    return read;
}

template <class... Values>
void run(store::blocking_connection& on, const statement& what, const Values&... values)
{
    on.query(std::string{what.text}, {store::as_parameter(values)...});
}

// All of it or nothing.
template <class Steps>
result<void> in_one_transaction(store::blocking_connection& on, Steps steps)
{
    on.execute("BEGIN");
    try
    {
        steps();
        on.execute("COMMIT");
    }
    catch (const store::statement_failed& refused)
    {
        on.execute("ROLLBACK");
        if (refused.sqlstate == "23505") return refusal(problem_kind::conflict, "already_exists");
        throw;
    }
    return {};
}

uuid add_account(store::blocking_connection& on, const judged_wish& wish, language spoken)
{
    const auto person = new_uuid();
    const auto hash = hash_password(prepared(wish.password.value));
    run(on, sql::provide_person, person, trim(wish.given_name.value), trim(wish.family_name.value), code_of(spoken));
    run(on, sql::provide_account, person, wish.email.value, hash);
    return person;
}

}  // namespace

result<uuid> create_practice(store::blocking_connection& as_owner, const first_administrator& wish)
{
    const auto judged = judge(wish);
    if (!judged) return judged.error();
    const auto practice = new_uuid();
    const auto done = in_one_transaction(
        as_owner,
        [&]
        {
            run(as_owner, sql::provide_practice, practice, trim(judged->practice.value));
            const auto person = add_account(as_owner, *judged, wish.language);
            run(as_owner, sql::provide_administrator, new_uuid(), practice, person, std::optional<uuid>{});
        });
    if (!done) return done.error();
    return practice;
}

result<listed_practitioner> find_practitioner(store::blocking_connection& as_owner, const std::string& number)
{
    const auto rows = as_owner.query(std::string{sql::find_unclaimed.text}, {store::as_parameter(number)});
    if (rows.empty()) return refusal(problem_kind::not_found, "not_found");
    listed_practitioner found{rows[0].get<uuid>(0), rows[0].get<std::string>(1), rows[0].get<std::string>(2), {}};
    for (int i = 0; i < rows.size(); ++i)
    {
        if (const auto practice = rows[i].get<std::optional<uuid>>(3))
            found.unclaimed.push_back({*practice, rows[i].get<std::string>(4)});
    }
    return found;
}

result<void> claim_practices(store::blocking_connection& as_owner, const listed_practitioner& who,
                             const first_administrator& wish)
{
    if (who.unclaimed.empty()) return refusal(problem_kind::not_found, "not_found");
    auto named = wish;
    named.practice = who.unclaimed.front().name;
    const auto judged = judge(named);
    if (!judged) return judged.error();
    return in_one_transaction(as_owner,
                              [&]
                              {
                                  const auto person = add_account(as_owner, *judged, wish.language);
                                  for (const auto& each : who.unclaimed)
                                      run(as_owner, sql::provide_administrator, new_uuid(), each.practice, person,
                                          std::optional{who.practitioner});
                              });
}

result<found_practice> find_practice(store::blocking_connection& as_owner, const std::string& asked)
{
    const auto rows = as_owner.query(std::string{sql::find_practice.text}, {store::as_parameter(asked)});
    if (rows.empty()) return refusal(problem_kind::not_found, "not_found");
    if (rows.size() > 1) return refusal(problem_kind::conflict, "not_unique");
    return found_practice{{rows[0].get<uuid>(0), rows[0].get<std::string>(1)}, rows[0].get<std::optional<uuid>>(2)};
}

bool works_there(store::blocking_connection& as_owner, const uuid& practice, const std::string& email)
{
    return !as_owner
                .query(std::string{sql::find_member.text}, {store::as_parameter(practice), store::as_parameter(email)})
                .empty();
}

result<void> link_practitioner(store::blocking_connection& as_owner, const uuid& practice, const uuid& practitioner,
                               const std::string& email)
{
    const auto changed =
        as_owner.query(std::string{sql::link_practitioner.text},
                       {store::as_parameter(practice), store::as_parameter(practitioner), store::as_parameter(email)});
    if (changed.empty()) return refusal(problem_kind::not_found, "not_found");
    return {};
}

}  // namespace manent::identity
