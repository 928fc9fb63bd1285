// Specialties and professions as patients know them: groups of nomenclature codes with a stable slug, labels in three
// languages and the words that people search with; and the convention sectors. Read once from the data folder, then
// only read: safe from every thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace manent::directory
{

// A text of the reference data in the languages of the screens.
struct texts
{
    std::string fr;
    std::string en;
    std::string es;

    // By ISO 639-1 code; French for any other.
    [[nodiscard]] const std::string& in(std::string_view language) const;
};

enum class code_system
{
    ordinal_specialty,  // TRE_R38: physicians, dentists, advanced-practice nurses
    profession          // TRE_G15
};

struct specialty
{
    // Stable: stored in rows and used in addresses.
    std::string slug;
    texts label;
    // Before the names of those who have it: "Dr" or nothing.
    std::string title;
    int tint = 1;
    // Its place among those offered before anything is typed.
    std::optional<int> common_rank;
    std::vector<std::string> ordinal_codes;
    std::vector<std::string> profession_codes;
    // Folded labels and other words, without repetition.
    std::vector<std::string> words;
};

class specialties
{
public:
    // From the text of specialties.csv; throws data_error when a row is broken, or a slug or code comes twice.
    static specialties parse(std::string_view csv);

    // In the order of the file: the common ones first.
    [[nodiscard]] const std::vector<specialty>& all() const { return all_; }
    // nullptr when there is none.
    [[nodiscard]] const specialty* find(std::string_view slug) const;
    [[nodiscard]] const specialty* of_code(code_system system, std::string_view code) const;

    // Best first: what the text names exactly, then what begins with it, then what holds its words in any order.
    // Insensitive to accents and case, in any of the languages; nothing for fewer than two letters.
    [[nodiscard]] std::vector<const specialty*> search(std::string_view text, std::size_t limit) const;

    // The one specialty that the text names exactly ("kiné", "cardiologue", "dentist"), else nullptr.
    [[nodiscard]] const specialty* named(std::string_view text) const;

private:
    void add(specialty one, std::size_t row);
    void index_codes(const std::vector<std::string>& codes, code_system system, std::size_t row);

    std::vector<specialty> all_;
    std::unordered_map<std::string, std::size_t> by_slug_;
    std::unordered_map<std::string, std::size_t> by_code_;
};

struct sector
{
    // TRE_R282: c1, c2, c3, nc.
    std::string code;
    texts label;
};

class sectors
{
public:
    // From the text of sectors.csv; throws data_error.
    static sectors parse(std::string_view csv);

    [[nodiscard]] const std::vector<sector>& all() const { return all_; }
    [[nodiscard]] const sector* find(std::string_view code) const;

private:
    std::vector<sector> all_;
};

}  // namespace manent::directory
