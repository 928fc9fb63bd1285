// Expected outcomes as values: a `problem` is written once and shown as RFC 9457, as an OperationOutcome or as a line
// of the command line. Faults (a lost connection, a broken invariant) are exceptions and do not belong here.
#pragma once

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace manent
{

enum class problem_kind
{
    invalid,          // 400
    unauthenticated,  // 401
    forbidden,        // 403
    not_found,        // 404; also the answer for what belongs to another practice
    conflict,         // 409
    too_large,        // 413
    unprocessable,    // 422
    locked,           // 423
    too_many,         // 429
    unavailable,      // 503
    storage_full      // 507
};

// One refused member of a request. `path` is a JSON pointer (RFC 6901); `limit` is the bound that was broken, in the
// unit that the code names (code points, items, minutes).
struct field_error
{
    std::string path;
    std::string code;
    std::optional<std::int64_t> limit;
};

// `code` is stable and public; the reader's language is chosen when it is written out. `details` are public members.
struct problem
{
    problem_kind kind;
    std::string code;
    std::vector<field_error> fields;
    boost::json::object details;
};

template <class T>
using result = boost::system::result<T, problem>;

// What `result<T>::value()` throws when someone asks for the value of a refusal: a defect of the caller.
[[noreturn]] inline void throw_exception_from_error(const problem& refused, const boost::source_location&)
{
    throw std::logic_error("value() of a refusal: " + refused.code);
}

inline problem refusal(problem_kind kind, std::string code)
{
    return problem{kind, std::move(code), {}, {}};
}

inline problem refused_field(std::string path, std::string code, std::optional<std::int64_t> limit = std::nullopt)
{
    return problem{problem_kind::invalid, "invalid_request", {{std::move(path), std::move(code), limit}}, {}};
}

}  // namespace manent
