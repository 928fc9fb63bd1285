#include "audit/past.hpp"

#include "audit/sql.hpp"

#include <boost/describe/enum_from_string.hpp>

#include <stdexcept>

namespace manent::audit
{

namespace
{

template <class Enum>
Enum word_of(std::string_view text)
{
    Enum read{};
    if (!boost::describe::enum_from_string(std::string{text}.c_str(), read))
        throw std::runtime_error("a column does not hold a word of the trail");
    return read;
}

}  // namespace

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
        accesses.push_back({row.get<instant>(0), row.get<std::string>(1), row.get<uuid>(2), word_of<action>(row.raw(3)),
                            word_of<shown_subject>(row.raw(4))});
    }
    co_return accesses;
}

}  // namespace manent::audit
