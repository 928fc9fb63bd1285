#include "incident/operators.hpp"

#include "incident/sql.hpp"

namespace manent::incident
{

result<void> appoint_operator(store::blocking_connection& as_owner, const std::string& email)
{
    const auto rows = as_owner.query(std::string{sql::find_factor_of.text}, {store::as_parameter(email)});
    if (rows.empty()) return refusal(problem_kind::not_found, "not_found");
    if (!rows[0].get<bool>(1)) return refusal(problem_kind::forbidden, "second_factor_required");
    as_owner.query(std::string{sql::appoint_operator.text}, {store::as_parameter(rows[0].get<uuid>(0))});
    return {};
}

result<void> dismiss_operator(store::blocking_connection& as_owner, const std::string& email)
{
    const auto rows = as_owner.query(std::string{sql::dismiss_operator.text}, {store::as_parameter(email)});
    if (rows.empty()) return refusal(problem_kind::not_found, "not_found");
    return {};
}

}  // namespace manent::incident
