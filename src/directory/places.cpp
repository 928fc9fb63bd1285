#include "directory/places.hpp"

#include "directory/csv.hpp"
#include "directory/place_key.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

namespace manent::directory
{

namespace
{

// Words after which nobody begins to search: the "sur" and "la" of "Charité-sur-Loire (la)".
bool opens_no_search(std::string_view word)
{
    constexpr std::array<std::string_view, 16> small{"de", "du", "des", "la", "le",   "les", "l",   "d",
                                                     "en", "et", "sur", "a",  "sous", "au",  "aux", "lez"};
    return std::ranges::find(small, word) != small.end();
}

double read_degrees(const csv_reader& reader, const std::string& text, double size_max)
{
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || std::abs(value) > size_max)
        reader.fail("not a coordinate: " + text);
    return value;
}

// Columns as in the file's header.
place read_place(const csv_reader& reader, const std::vector<std::string>& row)
{
    place one;
    one.insee = row[0];
    one.name = row[1];
    const auto codes = split_list(row[2], ' ');
    one.postal_codes.assign(codes.begin(), codes.end());
    one.departement_code = row[3];
    one.departement = row[4];
    one.region = row[5];
    const auto read = std::from_chars(row[6].data(), row[6].data() + row[6].size(), one.population);
    if (read.ec != std::errc{} && !row[6].empty()) reader.fail("not a population: " + row[6]);
    if (one.insee.size() != 5 || one.name.empty()) reader.fail("no INSEE code or no name");
    if (row[7].empty() != row[8].empty()) reader.fail("half a coordinate");
    if (!row[7].empty())
    {
        one.position = point{read_degrees(reader, row[7], 90), read_degrees(reader, row[8], 180)};
        one.located = true;
    }
    return one;
}

int postal_number(std::string_view code)
{
    int value = 0;
    std::from_chars(code.data(), code.data() + code.size(), value);
    return value;
}

}  // namespace

double distance_km(point a, point b)
{
    constexpr double earth_radius_km = 6371.0088;
    constexpr double radians = std::numbers::pi / 180;
    const double half_latitude = std::sin((b.latitude - a.latitude) * radians / 2);
    const double half_longitude = std::sin((b.longitude - a.longitude) * radians / 2);
    const double h = half_latitude * half_latitude +
                     std::cos(a.latitude * radians) * std::cos(b.latitude * radians) * half_longitude * half_longitude;
    return 2 * earth_radius_km * std::asin(std::min(1.0, std::sqrt(h)));
}

places places::parse(std::string_view csv)
{
    csv_reader reader{"communes.csv", csv};
    reader.expect_header({"insee", "name", "postal_codes", "departement_code", "departement", "region", "population",
                          "latitude", "longitude"});
    places read;
    std::vector<std::string> row;
    while (reader.next(row)) read.all_.push_back(read_place(reader, row));
    // Views into the rows, which from here on never move.
    for (std::size_t i = 0; i < read.all_.size(); ++i)
    {
        const auto at = static_cast<places::row>(i);
        if (!read.by_insee_.emplace(read.all_[i].insee, at).second)
            throw data_error{"communes.csv: INSEE code " + read.all_[i].insee + " comes twice"};
        read.add_names(at);
        for (const auto& code : read.all_[i].postal_codes) read.postal_codes_.push_back({code, at});
    }
    read.sort_keys();
    read.weigh();
    read.stand_in();
    return read;
}

void places::add_names(row at)
{
    const auto key = place_key(all_[at].name);
    names_.push_back({key, at, name_part::whole});
    // "L'Haÿ-les-Roses" is also typed "lhay les roses".
    if (key.starts_with("l ")) names_.push_back({"l" + key.substr(2), at, name_part::after_article});
    bool after_article = false;
    for (std::size_t begin = 0; begin < key.size();)
    {
        const auto end = std::min(key.find(' ', begin), key.size());
        const auto word = std::string_view{key}.substr(begin, end - begin);
        // A number opens no search: "11" means postal codes.
        if (begin > 0 && !opens_no_search(word) && !only_digits(word))
            names_.push_back(
                {key.substr(begin), at, after_article ? name_part::after_article : name_part::later_words});
        // What follows a leading article is the whole name to most people: "Rochelle", "Havre".
        after_article = begin == 0 && (word == "la" || word == "le" || word == "les" || word == "l");
        begin = end + 1;
    }
}

void places::sort_keys()
{
    std::ranges::sort(names_, {}, &name_key::text);
    std::ranges::sort(postal_codes_, {}, [](const postal_key& key) { return std::tie(key.code, key.place); });
}

void places::weigh()
{
    // Arrondissements stay together in their order, as heavy as the largest of their city.
    constexpr std::array<std::string_view, 3> prefixes{"751", "6938", "132"};
    std::array<int, 3> largest{};
    const auto city_of = [&](const place& one)
    {
        const bool divided = one.name.ends_with("Arrondissement");
        const auto found = std::ranges::find_if(prefixes, [&](auto p) { return divided && one.insee.starts_with(p); });
        return static_cast<std::size_t>(found - prefixes.begin());
    };
    for (const auto& one : all_)
    {
        const auto city = city_of(one);
        if (city < prefixes.size()) largest[city] = std::max(largest[city], one.population);
    }
    for (const auto& one : all_)
    {
        const auto city = city_of(one);
        weights_.push_back(city < prefixes.size() ? largest[city] : one.population);
    }
}

void places::stand_in()
{
    // Without coordinates, nearness is that of postal codes, which follow the delivery offices: the smallest
    // difference, then the lower code, then the larger town.
    using office = std::tuple<int, int, row>;  // code, population negated, place
    std::map<std::string_view, std::vector<office>> located;
    for (row i = 0; i < all_.size(); ++i)
    {
        if (!all_[i].located) continue;
        auto& offices = located[all_[i].departement_code];
        for (const auto& code : all_[i].postal_codes) offices.emplace_back(postal_number(code), -all_[i].population, i);
    }
    for (auto& [unused, offices] : located) std::ranges::sort(offices);
    for (auto& one : all_)
    {
        const auto offices = located.find(one.departement_code);
        if (one.located || offices == located.end()) continue;
        std::optional<std::tuple<int, office>> best;
        const auto offer = [&](int own, const office& other)
        {
            const std::tuple offered{std::abs(own - std::get<0>(other)), other};
            if (!best || offered < *best) best = offered;
        };
        for (const auto& code : one.postal_codes)
        {
            const int own = postal_number(code);
            const auto above = std::ranges::lower_bound(offices->second, office{own, INT_MIN, 0});
            if (above != offices->second.end()) offer(own, *above);
            if (above == offices->second.begin()) continue;
            // The first of those that share the next lower code: its largest town.
            const int below = std::get<0>(*std::prev(above));
            offer(own, *std::ranges::lower_bound(offices->second, office{below, INT_MIN, 0}));
        }
        if (best) one.position = all_[std::get<2>(std::get<1>(*best))].position;
    }
}

const place* places::of_insee(std::string_view insee) const
{
    const auto found = by_insee_.find(insee);
    return found == by_insee_.end() ? nullptr : &all_[found->second];
}

}  // namespace manent::directory
