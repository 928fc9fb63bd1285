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

}  // namespace

result<new_practice> create_practice(store::blocking_connection& as_owner, const first_administrator& wish)
{
    const auto judged = judge(wish);
    if (!judged) return judged.error();
    const auto hash = hash_password(prepared(judged->password.value));
    const new_practice made{new_uuid(), new_uuid()};
    as_owner.execute("BEGIN");
    try
    {
        run(as_owner, sql::provide_practice, made.practice, trim(judged->practice.value));
        run(as_owner, sql::provide_person, made.administrator, trim(judged->given_name.value),
            trim(judged->family_name.value), code_of(wish.language));
        run(as_owner, sql::provide_account, made.administrator, judged->email.value, hash);
        run(as_owner, sql::provide_administrator, new_uuid(), made.practice, made.administrator);
        as_owner.execute("COMMIT");
    }
    catch (const store::statement_failed& refused)
    {
        as_owner.execute("ROLLBACK");
        if (refused.sqlstate == "23505") return refusal(problem_kind::conflict, "already_exists");
        throw;
    }
    return made;
}

}  // namespace manent::identity
