// Who is asking, and for which practice: what every other capability needs of identity.
#pragma once

#include "core/id.hpp"
#include "core/words.hpp"
#include "store/unit.hpp"

#include <boost/describe.hpp>

#include <optional>
#include <string>

namespace manent::identity
{

BOOST_DEFINE_ENUM_CLASS(role, practitioner, secretary, administrator)

// A person in a session that is neither revoked, expired nor locked.
struct actor
{
    uuid person{};
    std::string session_token;
    std::string given_name;
    std::string family_name;
    manent::language language = manent::language::fr;  // of letters: the account's
    manent::language reading = manent::language::fr;   // of the screen that asks
    std::string email;  // where letters to this person go; empty for a person without an account

    [[nodiscard]] std::string name() const { return given_name + " " + family_name; }
    // The scope in which this person's own rows are read.
    [[nodiscard]] store::scope own() const { return store::scope::person(session_token); }
};

// An actor as an active member of one practice.
struct member
{
    actor who;
    uuid practice{};
    identity::role role = role::secretary;
    std::optional<uuid> practitioner;  // the directory's entry, when the member is one

    // The scope in which the practice's rows are read and written; the database checks the membership again.
    [[nodiscard]] store::scope scope() const { return store::scope::in_practice(practice, who.session_token); }
};

}  // namespace manent::identity
