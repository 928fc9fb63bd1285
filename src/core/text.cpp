#include "core/text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <memory>
#include <stdexcept>

namespace manent
{

namespace
{

const icu::Transliterator& latin_to_ascii()
{
    // One for the life of the process: making it costs milliseconds, using it is thread-safe.
    static const std::unique_ptr<icu::Transliterator> made = []
    {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> transliterator{icu::Transliterator::createInstance(
            "NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower; NFC", UTRANS_FORWARD, status)};
        if (U_FAILURE(status) || !transliterator) throw std::runtime_error("ICU cannot fold text");
        return transliterator;
    }();
    return *made;
}

void append_word(std::string& folded, std::string& word)
{
    if (word.empty()) return;
    if (word == "st") word = "saint";
    if (word == "ste") word = "sainte";
    if (!folded.empty()) folded += ' ';
    folded += word;
    word.clear();
}

}  // namespace

std::optional<std::size_t> count_code_points(std::string_view utf8)
{
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto length = static_cast<std::int32_t>(utf8.size());
    std::size_t count = 0;
    for (std::int32_t i = 0; i < length; ++count)
    {
        UChar32 code_point = 0;
        U8_NEXT(bytes, i, length, code_point);
        if (code_point < 0) return std::nullopt;
    }
    return count;
}

std::string fold(std::string_view utf8)
{
    auto text = icu::UnicodeString::fromUTF8(icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())});
    latin_to_ascii().transliterate(text);
    std::string folded;
    std::string word;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    {
        const UChar32 code_point = text.char32At(i);
        if (u_isalnum(code_point) != 0)
        {
            icu::UnicodeString{code_point}.toUTF8String(word);
        }
        else
        {
            append_word(folded, word);
        }
    }
    append_word(folded, word);
    return folded;
}

std::string shorten(std::string_view utf8, std::size_t code_points)
{
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto length = static_cast<std::int32_t>(utf8.size());
    std::int32_t end = 0;
    std::int32_t last_space = 0;
    for (std::size_t count = 0; end < length && count < code_points; ++count)
    {
        if (utf8[static_cast<std::size_t>(end)] == ' ') last_space = end;
        U8_FWD_1(bytes, end, length);
    }
    if (end >= length) return std::string{utf8};
    const std::int32_t cut = last_space * 2 > end ? last_space : end;
    return std::string{utf8.substr(0, static_cast<std::size_t>(cut))} + "…";
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace manent
