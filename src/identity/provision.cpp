#include "identity/provision.hpp"

#include "core/text.hpp"
#include "identity/keys.hpp"
#include "identity/rules.hpp"
#include "identity/sql.hpp"
#include "identity/totp.hpp"

namespace manent::identity
{

namespace
{

constexpr std::size_t password_min = 10;
constexpr std::size_t password_max = 200;

template <class... Values>
void run(store::blocking_connection& on, const statement& what, const Values&... values)
{
    on.query(std::string{what.text}, {store::as_parameter(values)...});
}

result<void> judge(const first_administrator& wish)
{
    json_errors errors;
    email_address read;
    {
        const json_errors::step at{errors, "email"};
        field<email_address>::read(json::value(wish.email), read, errors);
    }
    const auto text = [&](std::string_view member, const std::string& value, std::size_t min, std::size_t max)
    {
        const json_errors::step at{errors, member};
        std::string ignored;
        json_detail::read_text(json::value(value), min, max, false, ignored, errors);
    };
    constexpr std::size_t name_max = 100;
    text("given_name", wish.given_name, 1, name_max);
    text("family_name", wish.family_name, 1, name_max);
    text("practice", wish.practice_name, 1, 2 * name_max);
    text("password", wish.password, password_min, password_max);
    if (!errors.empty()) return problem{problem_kind::invalid, "invalid_request", errors.take(), {}};
    if (auto refused = refuse_password(wish.password, wish.email, "/password")) return *refused;
    return {};
}

}  // namespace

std::string hash_new_password(std::string_view password)
{
    return hash_password(prepared(password));
}

bool is_admitted_password(std::string_view password, std::string_view email)
{
    const auto length = count_code_points(password);
    return length && *length >= password_min && *length <= password_max && !refuse_password(password, email, "/");
}

void add_person(store::blocking_connection& as_owner, const provisioned_person& wish)
{
    run(as_owner, sql::provide_person, wish.id, wish.given_name, wish.family_name, wish.birth_date,
        boost::describe::enum_to_string(wish.sex, "unknown"), wish.phone, code_of(wish.language));
}

void add_account(store::blocking_connection& as_owner, const secret_key& master, const uuid& person,
                 std::string_view email, const std::string& password_hash, const std::optional<bytes>& totp_secret)
{
    std::optional<bytes> sealed;
    if (totp_secret) sealed = keys{master}.seal_factor(person, write_factor({*totp_secret, {}, {}}));
    run(as_owner, sql::provide_account, person, email, password_hash, sealed);
}

void add_membership(store::blocking_connection& as_owner, const uuid& practice, const uuid& person, role as,
                    const std::optional<uuid>& practitioner)
{
    run(as_owner, sql::provide_membership, new_uuid(), practice, person, boost::describe::enum_to_string(as, ""),
        practitioner);
}

void list_demonstration_accounts(store::blocking_connection& as_owner,
                                 const std::vector<demonstration_account>& accounts)
{
    json::array listed;
    for (auto each : accounts)
    {
        each.totp.reset();
        listed.push_back(to_json(each));
    }
    run(as_owner, sql::list_demonstration_accounts, json::serialize(listed));
}

result<new_practice> create_practice(store::blocking_connection& as_owner, const secret_key& master,
                                     const first_administrator& wish)
{
    if (const auto judged = judge(wish); !judged) return judged.error();
    const auto hash = hash_new_password(wish.password);
    const new_practice made{new_uuid(), new_uuid()};
    as_owner.execute("BEGIN");
    try
    {
        run(as_owner, sql::provide_practice, made.practice, wish.practice_name);
        add_person(as_owner, {.id = made.person,
                              .given_name = wish.given_name,
                              .family_name = wish.family_name,
                              .birth_date = {},
                              .phone = {},
                              .language = wish.language});
        add_account(as_owner, master, made.person, wish.email, hash, std::nullopt);
        add_membership(as_owner, made.practice, made.person, role::administrator, std::nullopt);
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
