#include "store/migrate.hpp"

#include "core/crypto.hpp"
#include "store/migrations.hpp"

#include <array>
#include <map>

namespace manent::store
{

namespace
{

// One at a time, whoever else starts: the number only has to be the same everywhere.
constexpr std::string_view take_turn = "SELECT pg_advisory_lock(7046289)";

std::string checksum(std::string_view sql)
{
    return to_hex(sha256(as_bytes(sql)));
}

void apply(blocking_connection& as_owner, const migration& next)
{
    as_owner.execute("BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL row_security = off");
    try
    {
        as_owner.execute(std::string{next.sql});
        as_owner.query("INSERT INTO public.manent_migration (number, name, checksum) VALUES ($1, $2, $3)",
                       {as_parameter(next.number), as_parameter(next.name), as_parameter(checksum(next.sql))});
        as_owner.execute("COMMIT");
    }
    catch (const statement_failed&)
    {
        as_owner.execute("ROLLBACK");
        throw;
    }
}

}  // namespace

void create_roles(blocking_connection& as_owner)
{
    static constexpr std::array roles{"manent_app",  "manent_identity", "manent_index",
                                      "manent_mail", "manent_audit",    "manent_incident"};
    for (const auto* role : roles)
    {
        const auto known = as_owner.query("SELECT 1 FROM pg_roles WHERE rolname = $1", {as_parameter(role)});
        if (known.empty())
            as_owner.execute(std::string{"CREATE ROLE "} + role + " LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT");
        as_owner.execute(std::string{"ALTER ROLE "} + role + " SET search_path = manent, public");
    }
}

std::vector<std::string> migrate(blocking_connection& as_owner)
{
    as_owner.execute(std::string{take_turn});
    as_owner.execute(
        "CREATE TABLE IF NOT EXISTS public.manent_migration (number int PRIMARY KEY, name text NOT NULL, "
        "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
    std::map<int, std::string> applied;
    const auto listed = as_owner.query("SELECT number, checksum FROM public.manent_migration");
    for (int i = 0; i < listed.size(); ++i) applied.emplace(listed[i].get<int>(0), listed[i].get<std::string>(1));
    if (!applied.empty() && applied.rbegin()->first > migrations().back().number)
        throw std::runtime_error("the database was migrated by a newer release of Manent: start that one");
    std::vector<std::string> names;
    for (const auto& each : migrations())
    {
        const auto known = applied.find(each.number);
        if (known == applied.end())
        {
            apply(as_owner, each);
            names.emplace_back(each.name);
        }
        else if (known->second != checksum(each.sql))
        {
            throw std::runtime_error("migration " + std::string{each.name} +
                                     " was changed after it was applied here: restore its text, add a new one");
        }
    }
    as_owner.execute("SELECT pg_advisory_unlock(7046289)");
    return names;
}

}  // namespace manent::store
