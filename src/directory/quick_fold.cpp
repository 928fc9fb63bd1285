#include "directory/quick_fold.hpp"

#include "core/text.hpp"

#include <array>

namespace manent::directory
{

namespace
{

struct letter
{
    std::string_view utf8;
    std::string_view folded;
};

constexpr std::array<letter, 34> french_letters{{
    {"à", "a"}, {"â", "a"}, {"ä", "a"}, {"ç", "c"}, {"é", "e"}, {"è", "e"}, {"ê", "e"},  {"ë", "e"},  {"î", "i"},
    {"ï", "i"}, {"ô", "o"}, {"ö", "o"}, {"ù", "u"}, {"û", "u"}, {"ü", "u"}, {"ÿ", "y"},  {"œ", "oe"}, {"À", "a"},
    {"Â", "a"}, {"Ä", "a"}, {"Ç", "c"}, {"É", "e"}, {"È", "e"}, {"Ê", "e"}, {"Ë", "e"},  {"Î", "i"},  {"Ï", "i"},
    {"Ô", "o"}, {"Ö", "o"}, {"Ù", "u"}, {"Û", "u"}, {"Ü", "u"}, {"Ÿ", "y"}, {"Œ", "oe"},
}};

std::string_view french_letter(std::string_view two_bytes)
{
    for (const auto& known : french_letters)
    {
        if (known.utf8 == two_bytes) return known.folded;
    }
    return {};
}

// Words that fold() spells out are left to it, so that the rule stands in one place.
bool spelled_out_by_fold(std::string_view folded)
{
    std::size_t begin = 0;
    while (begin < folded.size())
    {
        const auto end = std::min(folded.find(' ', begin), folded.size());
        const auto word = folded.substr(begin, end - begin);
        if (word == "st" || word == "ste") return true;
        begin = end + 1;
    }
    return false;
}

}  // namespace

std::string quick_fold(std::string_view utf8)
{
    std::string folded;
    folded.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i)
    {
        const char c = utf8[i];
        const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter_or_digit)
        {
            folded += c;
        }
        else if (c >= 'A' && c <= 'Z')
        {
            folded += static_cast<char>(c - 'A' + 'a');
        }
        else if (static_cast<unsigned char>(c) >= 0x80)
        {
            const auto known = french_letter(utf8.substr(i, 2));
            if (known.empty()) return fold(utf8);
            folded += known;
            ++i;
        }
        else if (!folded.empty() && folded.back() != ' ')
        {
            folded += ' ';
        }
    }
    if (!folded.empty() && folded.back() == ' ') folded.pop_back();
    return spelled_out_by_fold(folded) ? fold(utf8) : folded;
}

}  // namespace manent::directory
