// Accounts and memberships made by the installation itself: `manent admin create`, and the demonstration. On a blocking
// connection of the role that owns the schema, for practices belong to nobody who signs in. Never on the way of a
// request. Each throws store::statement_failed when the database refuses.
#pragma once

#include "core/crypto.hpp"
#include "core/time.hpp"
#include "core/words.hpp"
#include "identity/requests.hpp"
#include "store/blocking.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::identity
{

// What is stored of a password; 30 ms each.
std::string hash_new_password(std::string_view password);

// Whether a password may be chosen at all: 10 to 200 code points, none of the commonest, not the address.
bool is_admitted_password(std::string_view password, std::string_view email);

struct provisioned_person
{
    uuid id{};  // of a person that may exist already
    std::string given_name;
    std::string family_name;
    std::optional<local_date> birth_date;
    identity::sex sex = identity::sex::unknown;
    std::optional<std::string> phone;
    manent::language language = manent::language::fr;
};

// Nothing happens to a person who is there already.
void add_person(store::blocking_connection& as_owner, const provisioned_person& wish);

// An account whose address counts as confirmed. `totp_secret` puts an authenticator to use as well.
void add_account(store::blocking_connection& as_owner, const secret_key& master, const uuid& person,
                 std::string_view email, const std::string& password_hash, const std::optional<bytes>& totp_secret);

void add_membership(store::blocking_connection& as_owner, const uuid& practice, const uuid& person, role as,
                    const std::optional<uuid>& practitioner);

// The accounts that the sign-in page of a demonstration lists, in this order; their `totp` is not kept.
void list_demonstration_accounts(store::blocking_connection& as_owner,
                                 const std::vector<demonstration_account>& accounts);

struct first_administrator
{
    std::string practice_name;
    std::string given_name;
    std::string family_name;
    std::string email;
    std::string password;
    manent::language language = manent::language::fr;
};

struct new_practice
{
    uuid practice{};
    uuid person{};
};

// A practice and who runs it, in one transaction. Refuses with invalid_request what the screens would refuse, and with
// already_exists an address that has an account.
result<new_practice> create_practice(store::blocking_connection& as_owner, const secret_key& master,
                                     const first_administrator& wish);

}  // namespace manent::identity
