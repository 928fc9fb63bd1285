// What the record decides without looking anything up: heads of a field, what a closing has not seen, whether two
// patients may be one, and what a typed search means. Pure: no I/O, no clock, no SQL.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "record/types.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::record
{

// --- heads ---

// A revision and those that its text was written upon. Bases may name what this server has never seen.
struct link
{
    uuid revision{};
    std::vector<uuid> bases;
};

// The heads that adding a revision leaves, given those before it: oldest first. The same as SQL does in
// manent.save_revisions; `manent verify` compares the two.
std::vector<uuid> heads_after(const std::vector<uuid>& before, const link& added);

// The revisions of one field, oldest first, that no other of them names as a base.
std::vector<uuid> heads_of(const std::vector<link>& revisions);

using heads_by_field = std::map<text_field, std::vector<uuid>>;

// A field whose stored state is not the one that an act has seen.
struct head_difference
{
    text_field field = text_field::motif;
    std::optional<uuid> seen;
    std::vector<uuid> heads;
};
BOOST_DESCRIBE_STRUCT(head_difference, (), (field, seen, heads))

// Fields that `stored` does not name have no heads. Two heads differ from whatever was seen: closing needs one.
std::vector<head_difference> differences(const seen_heads& seen, const heads_by_field& stored);

// --- patients ---

// Texts trimmed, empty options absent: what two people type differently and mean alike.
identity_wish tidied(const identity_wish& typed);

// Refuses a birth date that nobody alive has. `today` is local to the practice.
std::vector<field_error> implausible(const identity_wish& of, local_date today);

// All names folded into one line, as it is searched.
std::string folded_names(std::string_view birth_name, const std::optional<std::string>& used_name,
                         std::string_view given_names);

struct likeness
{
    std::string birth_name;
    std::optional<std::string> used_name;
    std::string given_names;
    local_date birth_date{};
};

// Whether a secretary should be asked if these two are one person. Symmetric. Twins with names of their own are two.
bool may_be_same(const likeness& a, const likeness& b);

// The date itself and those that a slip of the finger makes of it: one other digit, two neighbours exchanged, day and
// month exchanged. At most 81.
std::vector<local_date> easily_confused(local_date birth_date);

// What is searched for. Every part that is set must hold.
struct search_terms
{
    std::vector<std::string> words;   // folded; each must begin one of the patient's names
    std::vector<std::string> either;  // when not empty, one of these must
    std::optional<local_date> born_on;
    std::optional<std::string> born_like;  // a date still being typed: SQL pattern over DD/MM/YYYY or YYYY-MM-DD
    std::optional<std::string> phone_part;
    bool operator==(const search_terms&) const = default;
};

// Reads names, a birth date (dd/mm/yyyy, also with dots or dashes, or ISO, whole or begun) and a telephone number out
// of one line, in any order.
search_terms read_search(std::string_view typed);

// --- texts ---

// The first words of the first line that has any; at most 120 code points.
std::string summary_of(std::string_view text);

}  // namespace manent::record
