// From sealed rows to the views that screens read. Throws std::runtime_error when a stored text does not open: a moved
// row or a wrong key is a fault, never an empty field.
#pragma once

#include "record/store.hpp"

namespace manent::record
{

std::string text_of(const secret_key& key, const uuid& practice, subject_kind kind, const uuid& subject,
                    text_field field, const uuid& revision, byte_view sealed);

std::string text_of(const secret_key& key, const uuid& practice, const uuid& subject,
                    const stored::revision_row& revision);

observation_fields open_observation(const secret_key& key, const uuid& practice, const uuid& consultation,
                                    const std::vector<stored::revision_row>& heads);
patient_fields open_patient_fields(const secret_key& key, const uuid& practice, const uuid& patient,
                                   const std::vector<stored::revision_row>& heads);
std::vector<addendum_view> open_addenda(const secret_key& key, const uuid& practice, const uuid& consultation,
                                        const std::vector<stored::revision_row>& addenda);

// An appointment's note lies under the practice's key, for it is written before there is a patient.
appointment_view open_appointment(const secret_key& practice_key, const uuid& practice, stored::appointment_row from);

// Compares each text's digest with the one stored beside it, by opening it. Throws when one differs.
void read_back(const secret_key& key, const uuid& practice, const uuid& subject,
               const std::vector<stored::revision_row>& revisions);

}  // namespace manent::record
