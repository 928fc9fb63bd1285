// A published bundle of the French service d'accès aux soins (FHIR R4, package ans.fhir.fr.sas) as plain structures:
// individual practitioners, SOS Médecins and CPTS alike. It only reads: what becomes of it in the database is for the
// import. Every entry that cannot be taken is listed with its reason, and the rest is read.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "directory/places.hpp"
#include "directory/types.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::directory::sas
{

// Why an entry, or a part of it, was not taken as it stands.
struct finding
{
    // From 0, in the bundle's order.
    std::size_t entry = 0;
    std::string full_url;
    // JSON pointer inside the bundle: "/entry/3/resource/start".
    std::string path;
    // Stable: required, not_an_instant, unresolved, duplicate, wrong_key …
    std::string code;
    // Whether the entry is missing from what was read; otherwise a warning.
    bool refused = false;
};

// The entry that something was read from.
struct source
{
    std::size_t entry = 0;
    std::string full_url;
};

struct organisation
{
    // IDNST, with its prefix (1 FINESS, 3 SIRET); one organisation an identifier.
    std::string identifier;
    // Empty when only the identifier was given.
    std::string name;
    std::string phone;
};

struct site
{
    std::size_t organisation = 0;
    // "system|value", unique within its organisation.
    std::string identifier;
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::string phone;
    std::optional<point> position;
};

struct practitioner
{
    source from;
    // IDNPS, with its prefix (8 RPPS, 0 ADELI).
    std::string number;
    std::string family_name;
    std::string given_name;
    // TRE_R38 codes of its slots, the most frequent first.
    std::vector<std::string> specialty_codes;
};

// One practitioner at one site, or a site's own (SOS Médecins).
struct agenda
{
    std::optional<std::size_t> practitioner;
    std::size_t site = 0;
};

struct slot
{
    source from;
    std::size_t agenda = 0;
    instant starts_at;
    instant ends_at;
    // The widest of those named; nullopt when only a CPTS may see it.
    std::optional<audience> seen_by;
    std::vector<modality> modalities;
    // As the practice words them; may be empty.
    std::vector<std::string> motives;
    std::vector<std::string> specialty_codes;
    // Come without booking.
    bool walk_in = false;
    // Of a CPTS slot: who runs it.
    std::optional<std::size_t> cpts;
};

struct bundle
{
    std::vector<organisation> organisations;
    std::vector<site> sites;
    std::vector<practitioner> practitioners;
    std::vector<agenda> agendas;
    std::vector<slot> slots;
    // In the bundle's order.
    std::vector<finding> findings;
};

// Refuses only what cannot be read at all: invalid_json (details: "line"), not_a_bundle, too_many_items.
result<bundle> read_bundle(std::string_view text);

// Moves every slot by the same number of whole weeks so that the earliest lies in the week that follows `now` (Monday
// to Sunday), at the same wall-clock time in Europe/Paris and as long as before. The same `now`, or any in the same
// week, gives the same times, so that a second import finds what the first one made.
void shift_to_coming_week(bundle& moved, instant now);

}  // namespace manent::directory::sas
