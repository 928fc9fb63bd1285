// How names read: registries write French names in capitals, people do not. What someone already wrote in mixed case is
// their own spelling and stays untouched.
#pragma once

#include <string>
#include <string_view>

namespace manent::directory
{

// "LE GOFF" → "Le Goff", "DE LA FONTAINE" → "de La Fontaine", "D'ORMESSON" → "d'Ormesson".
std::string family_name_as_read(std::string_view name);

// "JEAN-MARIE" → "Jean-Marie".
std::string given_name_as_read(std::string_view name);

// "SAINT-ÉTIENNE" → "Saint-Étienne", "VILLENEUVE SUR LOT" → "Villeneuve sur Lot", "L'ISLE-D'ESPAGNAC" →
// "L'Isle-d'Espagnac".
std::string city_as_read(std::string_view city);

// "25 CHEMIN DE MOUNESTIE" → "25 chemin de Mounestie", "1 rue Mme DELMAS" → "1 rue Mme Delmas". Only words in capitals
// change; abbreviations such as ZA, BP and roman numerals stay.
std::string address_line_as_read(std::string_view line);

// "Dr Sébastien Thomas": title, given name, family name, each as read; empty parts leave no blank.
std::string display_name(std::string_view title, std::string_view given_name, std::string_view family_name);

}  // namespace manent::directory
