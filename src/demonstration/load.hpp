// Fills a new installation with the demonstration: three practices, their people and months of work, with the published
// SAS practitioners beside them. Writes as the owner of the schema, before anything is served.
#pragma once

#include "core/crypto.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace manent::demonstration
{

struct load_settings
{
    std::string owner_conninfo;  // of manent_owner
    std::filesystem::path data;  // the share folder's data/
    std::uint64_t seed = 2026;
    instant now;
};

// Throws std::exception when the installation holds a practice already, or the database refuses.
void load(const load_settings& with, const secret_key& master);

// The sign-ins that load() made, as lines for the terminal; empty for an installation that is no demonstration.
std::string sign_ins(const std::string& owner_conninfo);

}  // namespace manent::demonstration
