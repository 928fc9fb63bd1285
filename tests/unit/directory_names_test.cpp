// Names out of registries' capitals, checked on examples and on every commune of France.
#include "directory/names.hpp"
#include "directory_data.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <gtest/gtest.h>

namespace manent::directory
{

TEST(directory_names, family_names)
{
    EXPECT_EQ(family_name_as_read("THOMAS"), "Thomas");
    EXPECT_EQ(family_name_as_read("LE GOFF"), "Le Goff");
    EXPECT_EQ(family_name_as_read("DE LA FONTAINE"), "de La Fontaine");
    EXPECT_EQ(family_name_as_read("D'ORMESSON"), "d'Ormesson");
    EXPECT_EQ(family_name_as_read("DUPONT DE LIGONNÈS"), "Dupont de Ligonnès");
    EXPECT_EQ(family_name_as_read("SAINT-EXUPÉRY"), "Saint-Exupéry");
    EXPECT_EQ(family_name_as_read("ŒUVRÉ-MÜLLER"), "Œuvré-Müller");
    EXPECT_EQ(family_name_as_read("O'BRIEN"), "O'Brien");
    EXPECT_EQ(family_name_as_read("VAN DER BERG"), "Van der Berg");
    EXPECT_EQ(family_name_as_read("N’GUYEN"), "N’Guyen");
    EXPECT_EQ(family_name_as_read("lefèvre"), "Lefèvre");
    EXPECT_EQ(family_name_as_read(""), "");
}

TEST(directory_names, a_chosen_spelling_stays)
{
    EXPECT_EQ(family_name_as_read("McDonald"), "McDonald");
    EXPECT_EQ(family_name_as_read(" Foret "), "Foret");
    EXPECT_EQ(given_name_as_read("Anne-sophie"), "Anne-sophie");
    EXPECT_EQ(city_as_read("Aussonne"), "Aussonne");
}

TEST(directory_names, given_names)
{
    EXPECT_EQ(given_name_as_read("JEAN-MARIE"), "Jean-Marie");
    EXPECT_EQ(given_name_as_read("ÉLÉONORE"), "Éléonore");
    EXPECT_EQ(given_name_as_read("marie anne"), "Marie Anne");
}

TEST(directory_names, cities)
{
    EXPECT_EQ(city_as_read("AGEN"), "Agen");
    EXPECT_EQ(city_as_read("SAINT-ÉTIENNE"), "Saint-Étienne");
    EXPECT_EQ(city_as_read("VILLENEUVE-SUR-LOT"), "Villeneuve-sur-Lot");
    EXPECT_EQ(city_as_read("VILLENEUVE-D'ASCQ"), "Villeneuve-d'Ascq");
    EXPECT_EQ(city_as_read("L'HAŸ-LES-ROSES"), "L'Haÿ-les-Roses");
    EXPECT_EQ(city_as_read("PLOULEC'H"), "Ploulec'h");
    EXPECT_EQ(city_as_read("LA ROCHE SUR YON"), "La Roche sur Yon");
    EXPECT_EQ(city_as_read("PARIS 11E ARRONDISSEMENT"), "Paris 11e Arrondissement");
}

TEST(directory_names, address_lines)
{
    EXPECT_EQ(address_line_as_read("1 rue Mme DELMAS"), "1 rue Mme Delmas");
    EXPECT_EQ(address_line_as_read("25 CHEMIN DE MOUNESTIE"), "25 chemin de Mounestie");
    EXPECT_EQ(address_line_as_read("320 avenue Général Georges Patton"), "320 avenue Général Georges Patton");
    EXPECT_EQ(address_line_as_read("12 BIS RUE DE L'ÉGLISE"), "12 bis rue de l'Église");
    EXPECT_EQ(address_line_as_read("ZA DES PINS BP 12"), "ZA des Pins BP 12");
    EXPECT_EQ(address_line_as_read("3 PLACE LOUIS XIV"), "3 place Louis XIV");
    EXPECT_EQ(address_line_as_read("BÂT A, 14B RUE HAUTE"), "Bât A, 14B rue Haute");
}

TEST(directory_names, display_names)
{
    EXPECT_EQ(display_name("Dr", "Sébastien", "THOMAS"), "Dr Sébastien Thomas");
    EXPECT_EQ(display_name("", "LOUISE", "MARTIN"), "Louise Martin");
    EXPECT_EQ(display_name("Dr", "", "MARCEL"), "Dr Marcel");
}

TEST(directory_names, nearly_every_commune_comes_back_from_capitals)
{
    std::size_t wrong = 0;
    for (const auto& one : the_data().places.all())
    {
        std::string capitals;
        icu::UnicodeString::fromUTF8(one.name).toUpper(icu::Locale::getFrench()).toUTF8String(capitals);
        if (city_as_read(capitals) != one.name) ++wrong;
    }
    // What is left are names whose small words are capitals by custom.
    EXPECT_LT(wrong * 500, the_data().places.all().size()) << wrong << " of " << the_data().places.all().size();
}

}  // namespace manent::directory
