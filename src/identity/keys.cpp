#include "identity/keys.hpp"

#include <stdexcept>

namespace manent::identity
{

namespace
{

secret_key key_for(const secret_key& master, std::string_view purpose)
{
    return secret_key::from(salted_digest(master.view(), "manent identity " + std::string{purpose})).value();
}

std::string factor_context(const uuid& person)
{
    return "manent second factor " + to_string(person);
}

}  // namespace

keys::keys(const secret_key& master)
    : subjects_{key_for(master, "subjects")},
      codes_{key_for(master, "codes")},
      recovery_{key_for(master, "recovery codes")},
      pins_{key_for(master, "pins")},
      factors_{key_for(master, "second factors")},
      journals_{key_for(master, "device journals")}
{
}

std::string keys::subject(std::string_view kind, std::string_view of) const
{
    const auto sum = salted_digest(subjects_.view(), std::string{kind} + "\n" + std::string{of});
    return to_base64url(byte_view{sum}.first(16));
}

digest keys::code_hash(const uuid& sign_in, std::string_view code) const
{
    return salted_digest(codes_.view(), to_string(sign_in) + " " + std::string{code});
}

digest keys::recovery_hash(const uuid& person, std::string_view code) const
{
    return salted_digest(recovery_.view(), to_string(person) + " " + std::string{code});
}

std::string keys::peppered_pin(const uuid& device, const uuid& person, std::string_view pin) const
{
    return to_base64url(
        salted_digest(pins_.view(), to_string(device) + " " + to_string(person) + " " + std::string{pin}));
}

digest keys::journal_key(std::string_view use, const uuid& person, const uuid& device) const
{
    return salted_digest(journals_.view(), std::string{use} + " " + to_string(person) + " " + to_string(device));
}

bytes keys::seal_factor(const uuid& person, std::string_view plain) const
{
    return seal(factors_, as_bytes(plain), as_bytes(factor_context(person)));
}

std::string keys::open_factor(const uuid& person, byte_view sealed) const
{
    const auto plain = open_sealed(factors_, sealed, as_bytes(factor_context(person)));
    if (!plain) throw std::runtime_error("a second factor does not open with this master key");
    return {plain->begin(), plain->end()};
}

}  // namespace manent::identity
