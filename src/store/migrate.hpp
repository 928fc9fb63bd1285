// Brings a database to this program's schema: numbered plain-SQL files, forward only, each once, with its checksum.
#pragma once

#include "store/blocking.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

struct migration
{
    int number;
    std::string_view name;  // "0001_scopes"
    std::string_view sql;
};

// The migrations built into this program, in order.
const std::vector<migration>& migrations();

// Makes the roles that the program connects as, where they are missing. Needs CREATEROLE.
void create_roles(blocking_connection& as_owner);

// Applies what is missing and returns the names applied. Throws std::runtime_error when an applied migration's text has
// changed, or the database is newer than this program; statement_failed when one fails, which then leaves nothing.
std::vector<std::string> migrate(blocking_connection& as_owner);

}  // namespace manent::store
