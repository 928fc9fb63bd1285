#include "record/proof.hpp"

#include "store/keyring.hpp"

#include <stdexcept>

namespace manent::record
{

stored_revision::stored_revision(const store::row& from)
    : at{from.get<uuid>(0), {}, from.get<uuid>(1), {}, from.get<uuid>(4)},
      field_name{from.get<std::string>(2)},
      ordinal{from.get<int>(3)},
      bases{from.get<std::vector<uuid>>(6)},
      heads{from.get<std::vector<uuid>>(7)},
      sealed{from.get<bytes>(8)},
      salt{from.get<bytes>(9)},
      digest{from.get<bytes>(10)},
      patient{from.get<std::optional<uuid>>(11)},
      patient_key{from.get<std::optional<bytes>>(12)},
      practice_key{from.get<std::optional<bytes>>(13)}
{
    const bool known = boost::describe::enum_from_string(field_name.c_str(), at.field) &&
                       boost::describe::enum_from_string(from.get<std::string>(5).c_str(), at.subject_kind);
    if (!known) throw std::runtime_error("a revision belongs to a field that this program does not know");
}

boost::system::result<std::string, fault_of_revision> opener::open_text_of(const stored_revision& of)
{
    if (!of.patient || !of.patient_key) return fault_of_revision::subject_missing;
    const auto* const key = key_of(of);
    if (key == nullptr) return fault_of_revision::key_does_not_open;
    auto text = open_text(*key, of.at, of.sealed);
    if (!text) return fault_of_revision::text_does_not_open;
    return std::move(*text);
}

boost::system::result<std::string, fault_of_revision> opener::open(const stored_revision& of)
{
    auto text = open_text_of(of);
    if (text && !equal_in_constant_time(salted_digest(of.salt, *text), of.digest))
        return fault_of_revision::digest_differs;
    return text;
}

const secret_key* opener::key_of(const stored_revision& of)
{
    constexpr std::size_t kept_max = 10'000;
    if (const auto known = patients_.find(*of.patient); known != patients_.end()) return &known->second;
    if (!of.practice_key) return nullptr;
    try
    {
        const auto above = store::keyring::unwrap_practice_key(master_, of.at.practice, *of.practice_key);
        const auto key = store::keyring::unwrap_patient_key(above, of.at.practice, *of.patient, *of.patient_key);
        if (patients_.size() >= kept_max) patients_.clear();
        return &patients_.emplace(*of.patient, key).first->second;
    }
    catch (const std::runtime_error&)
    {
        return nullptr;
    }
}

}  // namespace manent::record
