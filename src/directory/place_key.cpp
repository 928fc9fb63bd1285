#include "directory/place_key.hpp"

#include "directory/csv.hpp"
#include "directory/quick_fold.hpp"

#include <algorithm>
#include <array>

namespace manent::directory
{

namespace
{

// "11e", "11eme" and "1er" become "11" and "1".
std::string_view without_ordinal(std::string_view word)
{
    const auto letters = std::min(word.find_first_not_of("0123456789"), word.size());
    constexpr std::array<std::string_view, 6> endings{"e", "er", "eme", "ieme", "nd", "re"};
    const bool ordinal = letters > 0 && std::ranges::find(endings, word.substr(letters)) != endings.end();
    return ordinal ? word.substr(0, letters) : word;
}

}  // namespace

bool only_digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string place_key(std::string_view name)
{
    auto folded = quick_fold(name);
    if (folded.find_first_of("0123456789") == std::string::npos) return folded;
    std::string key;
    for (const auto word : split_list(folded, ' '))
    {
        if (!key.empty()) key += ' ';
        key += without_ordinal(word);
    }
    return key;
}

}  // namespace manent::directory
