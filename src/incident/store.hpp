// The rows of incidents: binds each statement of sql/ to a unit and reads what it answered.
#pragma once

#include "core/words.hpp"
#include "incident/rules.hpp"
#include "incident/types.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <map>

namespace manent::incident::stored
{

using store::rows;
using store::unit;

// Opens an incident, or adds to the one that is open for that promise, practice and detector.
void note(unit& in, const finding& noticed);
struct noted_row
{
    uuid incident{};
    bool opened = false;
};
noted_row read_noted(const rows& found);

// `practice` none: of all. Answers the incidents that ended by it.
void end_of_detector(unit& in, detector by, promise of, const std::optional<uuid>& practice, const json::object& why);
// By an account, or by the program itself. Nothing when it has ended before.
void end(unit& in, const uuid& incident, const std::optional<uuid>& actor, const json::object& why);
std::vector<uuid> read_ended(const rows& found);

void find_claims(unit& in, const uuid& practice, int claims_max);
std::vector<claim> read_claims(const rows& found);

// Whoever is no operator.
void refuse_others(unit& in);
void list_all(unit& in);
void list_of_practice(unit& in, const uuid& practice);
void find(unit& in, const uuid& incident, const std::optional<uuid>& practice);
std::vector<incident_view> read_incidents(const rows& found);
void list_evidence(unit& in, const uuid& incident);
std::vector<evidence_view> read_evidence(const rows& found);

// Whether commits wait for a second copy, and who streams.
void find_copies(unit& in);
struct copies_row
{
    bool awaited = false;
    std::vector<std::string> streaming;
};
copies_row read_copies(const rows& found);

void count_open(unit& in);
std::map<promise, int> read_open(const rows& found);

struct untold_row
{
    uuid incident{};
    incident::promise promise = promise::I1;
    incident::detector detector = detector::device_report;
    instant began_at{};
    std::optional<instant> ended_at;
    bool beginning_told = false;
};
void find_untold(unit& in);
std::vector<untold_row> read_untold(const rows& found);
void mark_told(unit& in, const uuid& incident, bool of_end);

struct operator_row
{
    std::string email;
    manent::language language = language::fr;
};
void find_operators(unit& in);
std::vector<operator_row> read_operators(const rows& found);

}  // namespace manent::incident::stored
