// Writes what a plan holds of patients: their files, their appointments and what was written of them, sealed as the
// record seals it.
#pragma once

#include "core/crypto.hpp"
#include "demonstration/content.hpp"
#include "demonstration/plan.hpp"
#include "store/blocking.hpp"
#include "store/unit.hpp"

#include <vector>

namespace manent::demonstration
{

template <class... Values>
void run(store::blocking_connection& on, const statement& what, const Values&... values)
{
    on.query(std::string{what.text}, {store::as_parameter(values)...});
}

// `accounts`: the people of content::patient_accounts, in their order.
void write_record(store::blocking_connection& as_owner, const content& from, const plan& made,
                  const std::vector<uuid>& accounts, const secret_key& master, std::uint64_t seed);

}  // namespace manent::demonstration
