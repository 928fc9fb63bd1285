// The keys that identity uses, each made from the master key for one purpose, so that what is stored in one place says
// nothing about another.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"

#include <string>
#include <string_view>

namespace manent::identity
{

class keys
{
public:
    explicit keys(const secret_key& master);

    // For table attempt: tells failures of one subject apart from another's without saying whose they are.
    [[nodiscard]] std::string subject(std::string_view kind, std::string_view of) const;
    // Six digits are guessed in a moment from a plain hash; this one needs the master key as well.
    [[nodiscard]] digest code_hash(const uuid& sign_in, std::string_view code) const;
    [[nodiscard]] digest recovery_hash(const uuid& person, std::string_view code) const;
    // What is given to argon2id for a PIN, for the same reason.
    [[nodiscard]] std::string peppered_pin(const uuid& device, const uuid& person, std::string_view pin) const;

    // What a person's journal on one device is wrapped and kept with, one key a use. Made anew each time rather than
    // stored: a restored database still opens every device's text.
    [[nodiscard]] digest journal_key(std::string_view use, const uuid& person, const uuid& device) const;

    [[nodiscard]] bytes seal_factor(const uuid& person, std::string_view plain) const;
    // Throws std::runtime_error when it does not open: another master key, or a moved row.
    [[nodiscard]] std::string open_factor(const uuid& person, byte_view sealed) const;

private:
    secret_key subjects_;
    secret_key codes_;
    secret_key recovery_;
    secret_key pins_;
    secret_key factors_;
    secret_key journals_;
};

// What a token is known by in the database: see 0001_scopes.sql.
inline digest token_hash(std::string_view token)
{
    return sha256(as_bytes(token));
}

}  // namespace manent::identity
