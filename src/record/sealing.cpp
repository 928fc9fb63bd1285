#include "record/sealing.hpp"

#include <stdexcept>

namespace manent::record
{

namespace
{

std::string context_of(const place& at)
{
    return "manent revision " + to_string(at.practice) + " " + name_of(at.subject_kind) + " " + to_string(at.subject) +
           " " + name_of(at.field) + " " + to_string(at.revision);
}

std::string context_of_reason(const uuid& practice, const uuid& consultation)
{
    return "manent retraction " + to_string(practice) + " " + to_string(consultation);
}

std::optional<std::string> opened(const secret_key& key, byte_view sealed, std::string_view context)
{
    const auto plain = open_sealed(key, sealed, as_bytes(context));
    if (!plain) return std::nullopt;
    return std::string{plain->begin(), plain->end()};
}

}  // namespace

sealed_text seal_text(const secret_key& patient_key, const place& at, std::string_view text)
{
    constexpr std::size_t salt_bytes = 16;
    sealed_text made{seal(patient_key, as_bytes(text), as_bytes(context_of(at))), random_bytes(salt_bytes), {}};
    const auto back = open_text(patient_key, at, made.sealed);
    if (!back || *back != text) throw std::runtime_error("a sealed text does not open as it was");
    made.digest = salted_digest(made.salt, *back);
    return made;
}

std::optional<std::string> open_text(const secret_key& patient_key, const place& at, byte_view sealed)
{
    return opened(patient_key, sealed, context_of(at));
}

bytes seal_reason(const secret_key& patient_key, const uuid& practice, const uuid& consultation, std::string_view text)
{
    return seal(patient_key, as_bytes(text), as_bytes(context_of_reason(practice, consultation)));
}

std::optional<std::string> open_reason(const secret_key& patient_key, const uuid& practice, const uuid& consultation,
                                       byte_view sealed)
{
    return opened(patient_key, sealed, context_of_reason(practice, consultation));
}

}  // namespace manent::record
