// The one table that turns SQLSTATE into problems: by SQLSTATE, never by constraint name, which a sharded cluster
// leaves empty.
#pragma once

#include "core/result.hpp"
#include "store/connection.hpp"

#include <optional>
#include <stdexcept>
#include <string>

namespace manent::store
{

// The server refused something that the program should not have asked. Carries the SQLSTATE and no text of the server:
// that may quote somebody's data.
struct database_fault : std::runtime_error
{
    explicit database_fault(const std::string& sqlstate) : std::runtime_error("SQLSTATE " + sqlstate) {}
};

// 503 with when to try again.
problem come_back(std::string code);

// 40001 and 40P01: the whole unit may simply be sent again.
bool may_retry(const sql_error& refused);

// Throws database_fault for what is nobody's business but the programmer's.
problem to_problem(const sql_error& refused);

}  // namespace manent::store
