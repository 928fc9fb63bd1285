// What travels between identity and the screens: requests with their limits, answers as the contract words them.
#pragma once

#include "audit/past.hpp"
#include "core/json.hpp"
#include "identity/types.hpp"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace manent::identity
{

BOOST_DEFINE_ENUM_CLASS(channel, mail, totp)
BOOST_DEFINE_ENUM_CLASS(sex, female, male, unknown)
// How a person stands to the account's holder; `self` only in answers.
BOOST_DEFINE_ENUM_CLASS(relation, self, child, parent, other)
BOOST_DEFINE_ENUM_CLASS(relative, child, parent, other)
BOOST_DEFINE_ENUM_CLASS(membership_state, active, invited)
BOOST_DEFINE_ENUM_CLASS(sign_in_state, signed_in, code_required)

using typed_password = text<1, 200>;
using new_password = text<10, 200>;
using typed_code = text<1, 40>;
using typed_pin = text<1, 20>;  // rules say 4 to 8 digits, with a sentence of their own
using person_name = text<1, 100>;

template <class T>
struct list_of
{
    std::vector<T> items;
};

struct sign_in_request
{
    email_address email;
    typed_password password;
};
BOOST_DESCRIBE_STRUCT(sign_in_request, (), (email, password))

struct code_request
{
    uuid sign_in_id{};
    typed_code code;
    bool remember_device = false;
};
BOOST_DESCRIBE_STRUCT(code_request, (), (sign_in_id, code, remember_device))

struct account_request
{
    email_address email;
    new_password password;
    person_name given_name;
    person_name family_name;
    local_date birth_date{};
    identity::sex sex = identity::sex::unknown;
    std::optional<text<0, 30>> phone;
    manent::language language = manent::language::fr;
};
BOOST_DESCRIBE_STRUCT(account_request, (), (email, password, given_name, family_name, birth_date, sex, phone, language))

struct forgotten_request
{
    email_address email;
};
BOOST_DESCRIBE_STRUCT(forgotten_request, (), (email))

struct new_password_request
{
    uuid sign_in_id{};
    typed_code code;
    new_password password;
};
BOOST_DESCRIBE_STRUCT(new_password_request, (), (sign_in_id, code, password))

struct pin_request
{
    typed_pin pin;
    typed_password password;
};
BOOST_DESCRIBE_STRUCT(pin_request, (), (pin, password))

struct unlock_request
{
    typed_pin pin;
};
BOOST_DESCRIBE_STRUCT(unlock_request, (), (pin))

struct switch_request
{
    uuid person_id{};
    typed_pin pin;
};
BOOST_DESCRIBE_STRUCT(switch_request, (), (person_id, pin))

struct totp_request
{
    typed_password password;
};
BOOST_DESCRIBE_STRUCT(totp_request, (), (password))

struct totp_code_request
{
    typed_code code;
};
BOOST_DESCRIBE_STRUCT(totp_code_request, (), (code))

struct relative_request
{
    person_name given_name;
    person_name family_name;
    local_date birth_date{};
    identity::sex sex = identity::sex::unknown;
    relative relation = relative::other;
};
BOOST_DESCRIBE_STRUCT(relative_request, (), (given_name, family_name, birth_date, sex, relation))

struct invitation_request
{
    email_address email;
    person_name given_name;
    person_name family_name;
    identity::role role = identity::role::secretary;
    std::optional<uuid> practitioner_id;  // whose account it will be, when they have an agenda in the practice
};
BOOST_DESCRIBE_STRUCT(invitation_request, (), (email, given_name, family_name, role, practitioner_id))

struct member_change_request
{
    std::optional<uuid> practitioner_id;  // absent: nobody's
};
BOOST_DESCRIBE_STRUCT(member_change_request, (), (practitioner_id))

BOOST_DEFINE_ENUM_CLASS(demonstration_role, practitioner, secretary, administrator, patient)

struct demonstration_account
{
    std::string label;
    demonstration_role role = demonstration_role::patient;
    std::string email;
    std::string password;
    std::optional<std::string> totp;
};
BOOST_DESCRIBE_STRUCT(demonstration_account, (), (label, role, email, password, totp))

struct demonstration_answer
{
    std::vector<demonstration_account> accounts;
};
BOOST_DESCRIBE_STRUCT(demonstration_answer, (), (accounts))

struct signed_out_answer
{
    bool signed_in = false;
    std::optional<demonstration_answer> demonstration;
};
BOOST_DESCRIBE_STRUCT(signed_out_answer, (), (signed_in, demonstration))

struct session_person
{
    uuid person_id{};
    std::string given_name;
    std::string family_name;
    std::string email;
    manent::language language = manent::language::fr;
};
BOOST_DESCRIBE_STRUCT(session_person, (), (person_id, given_name, family_name, email, language))

struct session_membership
{
    uuid practice_id{};
    std::string practice_name;
    identity::role role = identity::role::secretary;
    std::optional<uuid> practitioner_id;
    bool pin_set = false;
};
BOOST_DESCRIBE_STRUCT(session_membership, (), (practice_id, practice_name, role, practitioner_id, pin_set))

struct signed_in_answer
{
    bool signed_in = true;
    bool locked = false;
    session_person person;
    std::vector<session_membership> memberships;
    instant expires_at{};
    bool second_factor = false;  // whether this session may enter its practices
    bool is_operator = false;    // whether it may read the installation's incidents
    std::optional<demonstration_answer> demonstration;
};
BOOST_DESCRIBE_STRUCT(signed_in_answer, (),
                      (signed_in, locked, person, memberships, expires_at, second_factor, is_operator, demonstration))

struct step_done
{
    sign_in_state state = sign_in_state::signed_in;
};
BOOST_DESCRIBE_STRUCT(step_done, (), (state))

struct step_waiting
{
    sign_in_state state = sign_in_state::code_required;
    identity::channel channel = identity::channel::mail;
    uuid sign_in_id{};
};
BOOST_DESCRIBE_STRUCT(step_waiting, (), (state, channel, sign_in_id))

struct desk_person
{
    uuid person_id{};
    std::string name;
    bool pin_set = false;
};
BOOST_DESCRIBE_STRUCT(desk_person, (), (person_id, name, pin_set))

struct journal_keys_request
{
    uuid device_id{};  // as the journal of this browser profile calls itself
};
BOOST_DESCRIBE_STRUCT(journal_keys_request, (), (device_id))

struct journal_keys_answer
{
    uuid person_id{};          // whose session asked: the keys are nobody else's
    std::string wrapping_key;  // base64url of 32 bytes: wraps the key that stays on the device
    std::string history_key;   // base64url of 32 bytes: stays in the page's memory
};
BOOST_DESCRIBE_STRUCT(journal_keys_answer, (), (person_id, wrapping_key, history_key))

struct totp_enrolment
{
    std::string secret;
    std::string otpauth_uri;
    std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(totp_enrolment, (), (secret, otpauth_uri, recovery_codes))

struct known_person
{
    uuid person_id{};
    std::string given_name;
    std::string family_name;
    std::optional<local_date> birth_date;
    identity::sex sex = identity::sex::unknown;
    identity::relation relation = identity::relation::self;
};
BOOST_DESCRIBE_STRUCT(known_person, (), (person_id, given_name, family_name, birth_date, sex, relation))

struct practice_member
{
    uuid membership_id{};
    std::string name;
    std::string email;
    identity::role role = identity::role::secretary;
    membership_state state = membership_state::active;
    std::optional<uuid> practitioner_id;
    bool is_self = false;
};
BOOST_DESCRIBE_STRUCT(practice_member, (), (membership_id, name, email, role, state, practitioner_id, is_self))

struct access_event
{
    instant at{};
    std::string practice_name;
    std::string actor_name;
    audit::action action = audit::action::read;
    audit::shown_subject what = audit::shown_subject::patient;
};
BOOST_DESCRIBE_STRUCT(access_event, (), (at, practice_name, actor_name, action, what))

}  // namespace manent::identity

namespace manent
{

// {"items": […]}
template <class T>
struct field<identity::list_of<T>>
{
    static json::value write(const identity::list_of<T>& from)
    {
        return json::object{{"items", field<std::vector<T>>::write(from.items)}};
    }
    static json::object schema()
    {
        return {{"type", "object"},
                {"properties", json::object{{"items", field<std::vector<T>>::schema()}}},
                {"required", json::array{"items"}}};
    }
};

}  // namespace manent
