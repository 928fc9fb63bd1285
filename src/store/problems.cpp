#include "store/problems.hpp"

#include <boost/json.hpp>

#include <array>

namespace manent::store
{

namespace
{

struct translation
{
    std::string_view sqlstate;  // a whole code, or its class of two characters
    problem_kind kind;
    std::string_view code;
};

constexpr std::array translations{
    translation{"23P01", problem_kind::conflict, "slot_taken"},
    translation{"23505", problem_kind::conflict, "already_exists"},
    translation{"23503", problem_kind::not_found, "not_found"},
    translation{"23514", problem_kind::unprocessable, "out_of_range"},
    // Row security or a grant said no: to the one who asked, such a row does not exist.
    translation{"42501", problem_kind::not_found, "not_found"},
    translation{"40", problem_kind::unavailable, "unavailable"},
    translation{"53100", problem_kind::storage_full, "disk_full"},
    translation{"53", problem_kind::unavailable, "unavailable"},
    translation{"57", problem_kind::unavailable, "unavailable"},
    translation{"25006", problem_kind::unavailable, "unavailable"},  // a standby, or a server in recovery
};

std::optional<problem> raised_by_us(const sql_error& refused)
{
    if (!refused.sqlstate.starts_with("MN")) return std::nullopt;
    static constexpr std::array kinds{
        std::pair{"MN400", problem_kind::invalid},   std::pair{"MN401", problem_kind::unauthenticated},
        std::pair{"MN403", problem_kind::forbidden}, std::pair{"MN404", problem_kind::not_found},
        std::pair{"MN409", problem_kind::conflict},  std::pair{"MN422", problem_kind::unprocessable},
        std::pair{"MN423", problem_kind::locked},    std::pair{"MN429", problem_kind::too_many},
    };
    for (const auto& [sqlstate, kind] : kinds)
    {
        if (refused.sqlstate != sqlstate) continue;
        auto raised = refusal(kind, refused.message);
        boost::system::error_code unreadable;
        auto details = boost::json::parse(refused.detail, unreadable);
        if (!unreadable && details.is_object()) raised.details = std::move(details.get_object());
        return raised;
    }
    return std::nullopt;
}

}  // namespace

problem come_back(std::string code)
{
    auto refused = refusal(problem_kind::unavailable, std::move(code));
    refused.details.emplace("retry_after_s", 2);
    return refused;
}

bool may_retry(const sql_error& refused)
{
    return refused.sqlstate == "40001" || refused.sqlstate == "40P01";
}

problem to_problem(const sql_error& refused)
{
    if (auto raised = raised_by_us(refused)) return *std::move(raised);
    for (const auto& each : translations)
    {
        if (!refused.sqlstate.starts_with(each.sqlstate)) continue;
        if (each.kind == problem_kind::unavailable) return come_back(std::string{each.code});
        return refusal(each.kind, std::string{each.code});
    }
    throw database_fault{refused.sqlstate};
}

}  // namespace manent::store
