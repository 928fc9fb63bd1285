// Keys: the master key outside the database, one key a practice wrapped by it, one key a patient wrapped by the
// practice's. Unwrapped practice keys are kept in memory for as long as the program runs.
#pragma once

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "store/database.hpp"

#include <filesystem>
#include <string>
#include <unordered_map>

namespace manent::store
{

class keyring
{
public:
    explicit keyring(const secret_key& master) : master_{master} {}

    // The practice's key, made at its first use (in its own transaction, before anything is sealed with it). Throws
    // std::runtime_error when the stored key does not open with this master key.
    task<result<secret_key>> of_practice(database& in, const uuid& practice);

    // A practice's key, wrapped for practice_key.wrapped.
    static bytes wrap_practice_key(const secret_key& master, const uuid& practice, const secret_key& practice_key);
    // Throws std::runtime_error when it does not open.
    static secret_key unwrap_practice_key(const secret_key& master, const uuid& practice, byte_view wrapped);
    // A new patient's data key, wrapped for patient.wrapped_key. The patient is bound into the wrapping.
    static bytes wrap_patient_key(const secret_key& practice_key, const uuid& practice, const uuid& patient,
                                  const secret_key& patient_key);
    // Throws std::runtime_error when it does not open: a moved row or a wrong key is a fault, never an empty text.
    static secret_key unwrap_patient_key(const secret_key& practice_key, const uuid& practice, const uuid& patient,
                                         byte_view wrapped);

    [[nodiscard]] const secret_key& master() const { return master_; }

private:
    secret_key master_;
    std::unordered_map<uuid, secret_key> practices_;
};

// The master key's file: 32 bytes in base64url on one line, mode 0600, made when it is missing and `may_create`.
secret_key load_master_key(const std::filesystem::path& file, bool may_create);
// A short public value that tells two master keys apart; kept in the database and compared at each start.
std::string check_value(const secret_key& master);

}  // namespace manent::store
