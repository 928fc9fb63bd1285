// Sealing of medical text: XChaCha20-Poly1305 under the patient's key, with the place where it belongs bound in, so
// that a sealed text moved to another row, field or patient does not open. No I/O.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"
#include "record/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace manent::record
{

// Where a revision belongs.
struct place
{
    uuid practice{};
    record::subject_kind subject_kind = subject_kind::consultation;
    uuid subject{};
    text_field field = text_field::motif;
    uuid revision{};
};

struct sealed_text
{
    bytes sealed;
    bytes salt;  // 16 random bytes
    manent::digest digest{};
};

// Seals, opens what was sealed, and takes the digest of what came out: the receipt then speaks of what is stored, not
// of what was meant to be. Throws std::runtime_error when the two differ, which means broken memory.
sealed_text seal_text(const secret_key& patient_key, const place& at, std::string_view text);

// nullopt when the key or the place is another than it was sealed with.
std::optional<std::string> open_text(const secret_key& patient_key, const place& at, byte_view sealed);

// The reason of a retraction, which may say something of the patient.
bytes seal_reason(const secret_key& patient_key, const uuid& practice, const uuid& consultation, std::string_view text);
std::optional<std::string> open_reason(const secret_key& patient_key, const uuid& practice, const uuid& consultation,
                                       byte_view sealed);

}  // namespace manent::record
