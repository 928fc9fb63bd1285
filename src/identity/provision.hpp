// A practice's first administrator, with a new practice or for an imported one, made by the installation itself
// (`manent admin create`): on a blocking connection of the role that owns the schema, for a new practice has nobody yet
// who could ask. Never on the way of a request.
#pragma once

#include "core/result.hpp"
#include "core/words.hpp"
#include "store/blocking.hpp"

#include <optional>
#include <string>
#include <vector>

namespace manent::identity
{

struct first_administrator
{
    std::string practice;  // the new one's name
    std::string given_name;
    std::string family_name;
    std::string email;
    std::string password;
    manent::language language = manent::language::fr;
};

struct practice_name
{
    uuid practice{};
    std::string name;
};

// A practitioner as the directory knows them, with the practices in which they have an agenda and nobody works yet.
struct listed_practitioner
{
    uuid practitioner{};
    std::string given_name;
    std::string family_name;
    std::vector<practice_name> unclaimed;
};

// Both or neither. The address counts as confirmed; the authenticator is set up at the first sign-in, as for everyone
// who works in a practice. Refuses with invalid_request what the screens would refuse, and with already_exists an
// address that has an account. Throws store::statement_failed when the database cannot.
result<uuid> create_practice(store::blocking_connection& as_owner, const first_administrator& wish);

// By RPPS or ADELI number, with or without the prefix of the SAS. Refuses with not_found.
result<listed_practitioner> find_practitioner(store::blocking_connection& as_owner, const std::string& number);

// The practitioner's own account, which administers each of their unclaimed practices; `wish.practice` is not read.
// Refuses as create_practice does, and with not_found when there is none to claim.
result<void> claim_practices(store::blocking_connection& as_owner, const listed_practitioner& who,
                             const first_administrator& wish);

struct found_practice
{
    practice_name named;
    std::optional<uuid> only_site;
};

// By identifier or exact name. Refuses with not_found, and with not_unique when two practices have that name.
result<found_practice> find_practice(store::blocking_connection& as_owner, const std::string& asked);

// Whether somebody works in the practice who signs in with that address.
bool works_there(store::blocking_connection& as_owner, const uuid& practice, const std::string& email);

// They are that practitioner from now on. Refuses with not_found.
result<void> link_practitioner(store::blocking_connection& as_owner, const uuid& practice, const uuid& practitioner,
                               const std::string& email);

}  // namespace manent::identity
