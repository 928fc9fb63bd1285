// A practice and its first administrator, made by the installation itself (`manent admin create`): on a blocking
// connection of the role that owns the schema, for a new practice has nobody yet who could ask. Never on the way of a
// request.
#pragma once

#include "core/result.hpp"
#include "core/words.hpp"
#include "store/blocking.hpp"

#include <string>

namespace manent::identity
{

struct first_administrator
{
    std::string practice;  // its name
    std::string given_name;
    std::string family_name;
    std::string email;
    std::string password;
    manent::language language = manent::language::fr;
};

struct new_practice
{
    uuid practice{};
    uuid administrator{};
};

// Both or neither. The address counts as confirmed; the authenticator is set up at the first sign-in, as for everyone
// who works in a practice. Refuses with invalid_request what the screens would refuse, and with already_exists an
// address that has an account. Throws store::statement_failed when the database cannot.
result<new_practice> create_practice(store::blocking_connection& as_owner, const first_administrator& wish);

}  // namespace manent::identity
