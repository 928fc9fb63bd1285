// The sign-ins that a demonstration shows to anyone, its authenticators' codes included. Nowhere else does the program
// say such a thing.
#include "identity/inside.hpp"

#include "identity/sql.hpp"

namespace manent::identity
{

task<result<std::optional<demonstration_answer>>> service::demonstration()
{
    if (!settings_.is_demonstration()) co_return std::nullopt;
    auto look = new_unit();
    look.add(sql::demonstration_accounts);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    demonstration_answer shown;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
    {
        const auto row = rows[i];
        auto& account = shown.accounts.emplace_back();
        account.label = row.get<std::string>(0);
        account.role = row.get<demonstration_role>(1);
        account.email = row.get<std::string>(2);
        account.password = row.get<std::string>(3);
        if (row.is_null(5)) continue;
        const auto kept = read_factor(keys_.open_factor(row.get<uuid>(4), row.get<bytes>(5)));
        if (!kept.secret.empty()) account.totp = usable_totp(kept.secret, now(), row.get<std::int64_t>(6));
    }
    co_return shown;
}

}  // namespace manent::identity
