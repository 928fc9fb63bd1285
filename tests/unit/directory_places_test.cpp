// Places: what people type, what registries write, and where a commune without coordinates is taken to be.
#include "core/text.hpp"
#include "directory/places.hpp"
#include "directory/quick_fold.hpp"
#include "directory_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace manent::directory
{

namespace
{

const places& france()
{
    return the_data().places;
}

std::string first_found(std::string_view text)
{
    const auto found = france().search(text, 8);
    return found.empty() ? "" : std::string{found.front().postal_code} + " " + found.front().where->name;
}

std::vector<std::string> names_found(std::string_view text)
{
    std::vector<std::string> names;
    for (const auto& found : france().search(text, 8)) names.push_back(found.where->name);
    return names;
}

std::string address(std::string_view city, std::string_view postal_code)
{
    const auto* const found = france().of_address(city, postal_code);
    return found == nullptr ? "" : found->name;
}

const std::string header =
    "insee,name,postal_codes,departement_code,departement,region,population,latitude,longitude\n";

}  // namespace

TEST(directory_places, names_are_found_however_they_are_typed)
{
    EXPECT_EQ(first_found("agen"), "47000 Agen");
    EXPECT_EQ(first_found("AGEN"), "47000 Agen");
    EXPECT_EQ(first_found("st etienne"), "42000 Saint-Étienne");
    EXPECT_EQ(first_found("Saint-Étienne"), "42000 Saint-Étienne");
    EXPECT_EQ(first_found("saint etienne du rou"), "76800 Saint-Étienne-du-Rouvray");
    EXPECT_EQ(first_found("ste foy les lyon"), "69110 Sainte-Foy-lès-Lyon");
    EXPECT_EQ(first_found("roche sur yon"), "85000 La Roche-sur-Yon");
    EXPECT_EQ(first_found("lhay les roses"), "94240 L'Haÿ-les-Roses");
    EXPECT_EQ(first_found("l'hay"), "94240 L'Haÿ-les-Roses");
    EXPECT_EQ(first_found("bordea"), "33000 Bordeaux");
    EXPECT_EQ(first_found("villeneuve d ascq"), "59491 Villeneuve-d'Ascq");
}

TEST(directory_places, a_whole_name_comes_before_larger_towns_that_begin_with_it)
{
    const auto found = names_found("mont");
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), "Mont");
    EXPECT_NE(std::ranges::find(found, "Montpellier"), found.end());
    EXPECT_EQ(first_found("clermont f"), "63000 Clermont-Ferrand");
}

TEST(directory_places, postal_codes_are_found_whole_and_begun)
{
    EXPECT_EQ(first_found("47000"), "47000 Agen");
    EXPECT_EQ(first_found("4700"), "47000 Agen");
    EXPECT_EQ(first_found("31840"), "31840 Aussonne");
    EXPECT_EQ(first_found("13"), "13001 Marseille");
    EXPECT_EQ(first_found("00000"), "");
    EXPECT_EQ(first_found("470001"), "");
}

TEST(directory_places, a_name_and_a_postal_code_may_stand_together)
{
    EXPECT_EQ(first_found("agen 47000"), "47000 Agen");
    EXPECT_EQ(first_found("47000 Agen"), "47000 Agen");
    EXPECT_EQ(first_found("saint-denis 93"), "93200 Saint-Denis");
    EXPECT_EQ(first_found("saint-denis 97400"), "97400 Saint-Denis");
    EXPECT_EQ(first_found("agen 33000"), "");
}

TEST(directory_places, arrondissements_answer_to_their_number_and_code)
{
    EXPECT_EQ(first_found("paris"), "75001 Paris");
    EXPECT_EQ(first_found("paris 11"), "75011 Paris 11e Arrondissement");
    EXPECT_EQ(first_found("Paris 11ème"), "75011 Paris 11e Arrondissement");
    EXPECT_EQ(first_found("paris 1er"), "75001 Paris 1er Arrondissement");
    EXPECT_EQ(first_found("lyon 3e"), "69003 Lyon 3e Arrondissement");
    EXPECT_EQ(first_found("75011"), "75011 Paris 11e Arrondissement");
    EXPECT_EQ(first_found("75116"), "75116 Paris 16e Arrondissement");
    EXPECT_EQ(first_found("paris 75011"), "75011 Paris");
    EXPECT_EQ(first_found("marseille 8"), "13008 Marseille 8e Arrondissement");
    const auto found = names_found("lyon");
    ASSERT_EQ(found.size(), 8U);
    EXPECT_EQ(found[0], "Lyon");
    EXPECT_EQ(found[1], "Lyon 1er Arrondissement");
    EXPECT_EQ(found[7], "Lyon 7e Arrondissement");
}

TEST(directory_places, what_is_no_place_finds_nothing)
{
    EXPECT_TRUE(france().search("", 8).empty());
    EXPECT_TRUE(france().search("  -'", 8).empty());
    EXPECT_TRUE(france().search("xyzzy", 8).empty());
    EXPECT_TRUE(france().search("agen", 0).empty());
    EXPECT_TRUE(france().search(std::string(100'000, 'a'), 8).empty());
    EXPECT_LE(france().search("s", 8).size(), 8U);
}

TEST(directory_places, every_name_finds_its_place_first_or_one_of_the_same_name)
{
    for (const auto& one : france().all())
    {
        const auto found = france().search(one.name, 1);
        ASSERT_FALSE(found.empty()) << one.name;
        EXPECT_EQ(fold(found.front().where->name), fold(one.name));
    }
}

TEST(directory_places, quick_fold_is_fold)
{
    for (const auto& one : france().all()) EXPECT_EQ(quick_fold(one.name), fold(one.name));
    for (const auto* text : {"", " - ", "St-Pierre", "Ste", "Éléonore Œuvré-Müller", "naïve — “façade”", "Łódź", "日本",
                             "\xC3", "l’Haÿ", "Çà et là", "ß", "a\xCC\x81"})
        EXPECT_EQ(quick_fold(text), fold(text)) << text;
}

TEST(directory_places, addresses_of_registries)
{
    EXPECT_EQ(address("AGEN", "47000"), "Agen");
    EXPECT_EQ(address("RENNES", "35700"), "Rennes");
    EXPECT_EQ(address("PARIS", "75011"), "Paris 11e Arrondissement");
    EXPECT_EQ(address("PARIS 11EME ARRONDISSEMENT", "75011"), "Paris 11e Arrondissement");
    EXPECT_EQ(address("Marseille", "13008"), "Marseille 8e Arrondissement");
    EXPECT_EQ(address("AGEN CEDEX 9", "47031"), "Agen");
    EXPECT_EQ(address("PARIS CEDEX 13", "75651"), "Paris");
    EXPECT_EQ(address("Saint Denis", "97490"), "Saint-Denis");
    EXPECT_EQ(address("ST DENIS", "93200"), "Saint-Denis");
    EXPECT_EQ(address("Nowhere", "47000"), "Agen");
    EXPECT_EQ(address("Ajaccio", "20090"), "Ajaccio");
    EXPECT_EQ(address("Nowhere", "00000"), "");
    EXPECT_EQ(address("", ""), "");
}

TEST(directory_places, distances_are_great_circles)
{
    const point paris{48.8566, 2.3522};
    const point lyon{45.7640, 4.8357};
    EXPECT_NEAR(distance_km(paris, lyon), 391.5, 1.0);
    EXPECT_NEAR(distance_km(lyon, paris), distance_km(paris, lyon), 1e-9);
    EXPECT_EQ(distance_km(paris, paris), 0);
    EXPECT_NEAR(distance_km({0, 179.9}, {0, -179.9}), 22.2, 0.1);
}

TEST(directory_places, the_nearest_postal_code_of_the_departement_stands_in)
{
    const auto read = places::parse(header +
                                    "47001,Agen,47000,47,Lot-et-Garonne,NA,32485,44.2,0.62\n"
                                    "47323,Villeneuve,47300,47,Lot-et-Garonne,NA,22019,44.4,0.7\n"
                                    "47900,Bourg,47300,47,Lot-et-Garonne,NA,500,44.9,0.9\n"
                                    "47002,Near,47310,47,Lot-et-Garonne,NA,90,,\n"
                                    "47003,Between,47150,47,Lot-et-Garonne,NA,90,,\n"
                                    "46001,Elsewhere,47301,46,Lot,Occitanie,90,,\n");
    // The larger of two with the same code; the lower of two equally far; never another département's.
    EXPECT_NEAR(read.of_insee("47002")->position->latitude, 44.4, 1e-9);
    EXPECT_NEAR(read.of_insee("47003")->position->latitude, 44.2, 1e-9);
    EXPECT_FALSE(read.of_insee("47003")->located);
    EXPECT_FALSE(read.of_insee("46001")->position);
    EXPECT_EQ(read.of_insee("99999"), nullptr);
}

TEST(directory_places, all_of_metropolitan_france_has_a_position)
{
    for (const auto& one : france().all())
    {
        const bool overseas_without = one.departement_code == "976" || one.departement_code == "975" ||
                                      one.departement_code.starts_with("98") || one.departement_code == "977" ||
                                      one.departement_code == "978";
        EXPECT_NE(one.position.has_value(), overseas_without) << one.insee << " " << one.name;
    }
}

TEST(directory_places, a_broken_file_is_refused)
{
    EXPECT_THROW(places::parse(header + "47001,Agen,47000,47,L,N,1,44.2,\n"), data_error);
    EXPECT_THROW(places::parse(header + "47001,Agen,47000,47,L,N,1,144.2,0\n"), data_error);
    EXPECT_THROW(places::parse(header + "4700,Agen,47000,47,L,N,1,,\n"), data_error);
    EXPECT_THROW(places::parse(header + "47001,Agen,47000,47,L,N,x,,\n"), data_error);
    EXPECT_THROW(places::parse(header + "47001,A,1,47,L,N,1,,\n47001,B,1,47,L,N,1,,\n"), data_error);
    EXPECT_THROW(places::parse(""), data_error);
    EXPECT_THROW(read_data_file("/nowhere/communes.csv"), data_error);
}

}  // namespace manent::directory
