// The communes of France and the arrondissements of its three largest cities, in memory: found by the beginning of a
// name or a postal code as people type them, and by name and postal code as registries write them. Read once from the
// data folder, then only read: safe from every thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace manent::directory
{

// WGS 84, degrees.
struct point
{
    double latitude = 0;
    double longitude = 0;
};

// Along the great circle, in kilometres (mean earth radius).
double distance_km(point a, point b);

struct place
{
    std::string insee;
    std::string name;
    std::vector<std::string> postal_codes;
    std::string departement_code;
    std::string departement;
    std::string region;
    int population = 0;
    // The commune's own, or that of the located commune of its département that stands in for it. None where a
    // département has no located commune.
    std::optional<point> position;
    // Whether `position` is its own.
    bool located = false;
};

struct found_place
{
    const place* where = nullptr;
    // The one that the search asked for, else the commune's first. Empty for the few communes without any.
    std::string_view postal_code;
};

// Which part of a name a search began at.
enum class name_part
{
    whole,
    after_article,
    later_words
};

class places
{
public:
    // From the text of communes.csv; throws data_error. Takes about a tenth of a second.
    static places parse(std::string_view csv);
    ~places() = default;
    places(places&&) = default;
    places& operator=(places&&) = default;
    places(const places&) = delete;
    places& operator=(const places&) = delete;

    // At most `limit` places whose name (or a word in it) begins with the text, or whose postal code does; a name and a
    // postal code may stand together ("agen 47000"), and arrondissements answer to their number ("paris 11",
    // "lyon 3e"). Insensitive to accents, case, hyphens and St/Saint. Whole names come before beginnings, beginnings
    // of names before those of later words, and within each the most populated first.
    [[nodiscard]] std::vector<found_place> search(std::string_view text, std::size_t limit) const;

    // The place of a postal address, as precisely as its parts agree: name and postal code, else the name within the
    // département of the postal code (which also serves CEDEX codes), else the most populated place of the postal code.
    [[nodiscard]] const place* of_address(std::string_view city, std::string_view postal_code) const;

    [[nodiscard]] const place* of_insee(std::string_view insee) const;
    [[nodiscard]] const std::vector<place>& all() const { return all_; }

private:
    places() = default;

    using row = std::uint32_t;
    // A folded name, or the part of one that begins at a later word.
    struct name_key
    {
        std::string text;
        row place = 0;
        name_part part = name_part::whole;
    };
    struct postal_key
    {
        std::string code;
        row place = 0;
    };

    void add_names(row at);
    void sort_keys();
    void weigh();
    void stand_in();
    [[nodiscard]] std::vector<found_place> by_name(std::string_view key, std::string_view postal_prefix,
                                                   std::size_t limit) const;
    [[nodiscard]] std::vector<found_place> by_postal_code(std::string_view prefix, std::size_t limit) const;
    [[nodiscard]] std::vector<row> of_postal_code(std::string_view code) const;
    [[nodiscard]] const place* named_in_departement(std::string_view key, std::string_view postal_code) const;

    std::vector<place> all_;
    // What ranks places of the same match: the population, nearly always.
    std::vector<int> weights_;
    std::vector<name_key> names_;
    std::vector<postal_key> postal_codes_;
    std::unordered_map<std::string_view, row> by_insee_;
};

}  // namespace manent::directory
