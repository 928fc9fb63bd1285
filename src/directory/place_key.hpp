// The form in which names of places are compared: folded, and with bare numbers for arrondissements.
#pragma once

#include <string>
#include <string_view>

namespace manent::directory
{

// « Paris 11ème » and « PARIS 11E » become "paris 11"; « L'Haÿ-les-Roses » becomes "l hay les roses".
std::string place_key(std::string_view name);

// At least one character, all of them 0 to 9.
bool only_digits(std::string_view text);

}  // namespace manent::directory
