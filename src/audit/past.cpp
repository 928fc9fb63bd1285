#include "audit/past.hpp"

#include "audit/sql.hpp"

namespace manent::audit
{

task<result<std::vector<past_access>>> accesses_of(store::database& app_db, store::scope own)
{
    store::unit look{std::move(own)};
    look.add(sql::own_accesses);
    const auto found = co_await app_db.read(look);
    if (!found) co_return found.error();
    std::vector<past_access> accesses;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
    {
        const auto row = rows[i];
        accesses.push_back({row.get<instant>(0), row.get<std::string>(1), row.get<uuid>(2), row.get<action>(3),
                            row.get<shown_subject>(4)});
    }
    co_return accesses;
}

}  // namespace manent::audit
