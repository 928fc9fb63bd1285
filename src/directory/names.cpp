#include "directory/names.hpp"

#include "core/text.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace manent::directory
{

namespace
{

using icu::UnicodeString;

UnicodeString from_utf8(std::string_view text)
{
    return UnicodeString::fromUTF8(icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
}

std::string to_utf8(const UnicodeString& text)
{
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

bool has(const UnicodeString& text, bool (*holds)(UChar32))
{
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    {
        if (holds(text.char32At(i))) return true;
    }
    return false;
}

bool is_lower(UChar32 c)
{
    return u_islower(c) != 0;
}

bool is_upper(UChar32 c)
{
    return u_isupper(c) != 0;
}

// Mixed case is a spelling that someone chose.
bool chosen_spelling(const UnicodeString& text)
{
    return has(text, &is_lower) && has(text, &is_upper);
}

UnicodeString capitalised(UnicodeString word)
{
    word.toLower(icu::Locale::getFrench());
    const auto first = word.moveIndex32(0, 1);
    UnicodeString initial{word, 0, first};
    // French ligatures open a word as one letter: Œuvré, not Oeuvré.
    initial.toUpper(icu::Locale::getFrench());
    return initial + UnicodeString{word, first};
}

bool is_apostrophe(UChar32 c)
{
    return c == '\'' || c == 0x2019;
}

bool ends_word(UChar32 c)
{
    return c == ' ' || c == '-' || c == '(' || c == ')' || c == '/' || c == '.' || c == ',' || is_apostrophe(c);
}

// One word and the sign that ended it (0 at the end of the text).
struct word
{
    UnicodeString text;
    UChar32 sign = 0;
};

std::vector<word> split_words(const UnicodeString& text)
{
    std::vector<word> words;
    words.emplace_back();
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    {
        const UChar32 c = text.char32At(i);
        if (!ends_word(c))
        {
            words.back().text.append(c);
            continue;
        }
        words.back().sign = c;
        words.emplace_back();
    }
    return words;
}

UnicodeString join_words(const std::vector<word>& words)
{
    UnicodeString text;
    for (const auto& w : words)
    {
        text.append(w.text);
        if (w.sign != 0) text.append(w.sign);
    }
    return text;
}

bool one_of(const UnicodeString& text, std::span<const std::u16string_view> list)
{
    const std::u16string_view view{text.getBuffer(), static_cast<std::size_t>(text.length())};
    return std::ranges::find(list, view) != list.end();
}

UnicodeString lowered(UnicodeString text)
{
    return text.toLower(icu::Locale::getFrench());
}

// Nobility particles are small wherever they stand; "la" and "le" are not, after de: "de La Fontaine".
constexpr std::array<std::u16string_view, 6> family_particles{u"de", u"du", u"des", u"von", u"zu", u"et"};
// Small only inside a name: "Van der Berg".
constexpr std::array<std::u16string_view, 6> family_inner_particles{u"der", u"den", u"ter", u"dos", u"da", u"di"};
constexpr std::array<std::u16string_view, 26> city_particles{
    u"de", u"du",  u"des", u"la",  u"le",   u"les",  u"l",      u"d",  u"sur", u"sous", u"en",  u"et",  u"à",
    u"au", u"aux", u"lès", u"lez", u"près", u"dans", u"devant", u"ès", u"ses", u"di",   u"del", u"las", u"los"};
constexpr std::array<std::u16string_view, 25> street_words{
    u"rue",   u"avenue", u"boulevard",   u"chemin",    u"place",   u"impasse",  u"allée",  u"allées", u"route",
    u"cours", u"quai",   u"square",      u"passage",   u"sentier", u"faubourg", u"ruelle", u"montée", u"esplanade",
    u"rond",  u"voie",   u"lotissement", u"résidence", u"bis",     u"ter",      u"quater"};
constexpr std::array<std::u16string_view, 5> street_words_bare{u"allee", u"allees", u"montee", u"residence",
                                                               u"lieudit"};
constexpr std::array<std::u16string_view, 17> address_abbreviations{u"za",  u"zi",  u"zac", u"zae", u"zup", u"bp",
                                                                    u"cs",  u"rn",  u"rd",  u"rdc", u"chu", u"chr",
                                                                    u"chi", u"sos", u"rer", u"tsa", u"hlm"};

bool roman_numeral(const UnicodeString& upper)
{
    // I, C, D, L, M, V and X alone are initials or house letters, which stay in capitals as well.
    static const UnicodeString signs{"IVX"};
    for (std::int32_t i = 0; i < upper.length(); ++i)
    {
        if (signs.indexOf(upper.charAt(i)) < 0) return false;
    }
    return true;
}

bool has_digit(const UnicodeString& text)
{
    return has(text, [](UChar32 c) { return u_isdigit(c) != 0; });
}

UnicodeString address_word(const word& w, bool first)
{
    const bool in_capitals = has(w.text, &is_upper) && !has(w.text, &is_lower);
    if (!in_capitals || has_digit(w.text)) return w.text;
    auto lower = lowered(w.text);
    if (is_apostrophe(w.sign) && w.text.length() == 1) return lower;
    if (w.text.length() == 1 && lower != UnicodeString{u"à"}) return w.text;
    if (one_of(lower, address_abbreviations) || roman_numeral(w.text)) return w.text;
    const bool small =
        one_of(lower, street_words) || one_of(lower, street_words_bare) || (!first && one_of(lower, city_particles));
    return small ? lower : capitalised(w.text);
}

}  // namespace

std::string family_name_as_read(std::string_view name)
{
    const auto text = from_utf8(trim(name));
    if (chosen_spelling(text)) return to_utf8(text);
    auto words = split_words(text);
    for (std::size_t i = 0; i < words.size(); ++i)
    {
        const auto lower = lowered(words[i].text);
        const bool elided = is_apostrophe(words[i].sign) && lower == UnicodeString{u"d"};
        const bool small = words[i].sign == ' ' &&
                           (one_of(lower, family_particles) || (i > 0 && one_of(lower, family_inner_particles)));
        words[i].text = elided || small ? lower : capitalised(words[i].text);
    }
    return to_utf8(join_words(words));
}

std::string given_name_as_read(std::string_view name)
{
    const auto text = from_utf8(trim(name));
    if (chosen_spelling(text)) return to_utf8(text);
    auto words = split_words(text);
    for (auto& w : words) w.text = capitalised(w.text);
    return to_utf8(join_words(words));
}

std::string city_as_read(std::string_view city)
{
    const auto text = from_utf8(trim(city));
    if (chosen_spelling(text)) return to_utf8(text);
    auto words = split_words(text);
    for (std::size_t i = 0; i < words.size(); ++i)
    {
        const auto lower = lowered(words[i].text);
        const bool numbered = !lower.isEmpty() && u_isdigit(lower.char32At(0)) != 0;
        // The Breton c'h is one letter: Ploulec'h.
        const bool breton = i > 0 && is_apostrophe(words[i - 1].sign) && words[i - 1].text.endsWith(u"c", 1) &&
                            lower.startsWith(u"h", 1);
        const bool small = (i > 0 && one_of(lower, city_particles)) || numbered || breton;
        words[i].text = small ? lower : capitalised(words[i].text);
    }
    return to_utf8(join_words(words));
}

std::string address_line_as_read(std::string_view line)
{
    auto words = split_words(from_utf8(trim(line)));
    for (std::size_t i = 0; i < words.size(); ++i) words[i].text = address_word(words[i], i == 0);
    return to_utf8(join_words(words));
}

std::string display_name(std::string_view title, std::string_view given_name, std::string_view family_name)
{
    std::string name;
    for (const auto& part :
         {std::string{trim(title)}, given_name_as_read(given_name), family_name_as_read(family_name)})
    {
        if (part.empty()) continue;
        if (!name.empty()) name += ' ';
        name += part;
    }
    return name;
}

}  // namespace manent::directory
