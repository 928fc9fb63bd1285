// Text as people type it: what is valid UTF-8, how long it is as a person counts, and how names are compared in search.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace manent
{

// The number of code points, or nullopt when the bytes are not well-formed UTF-8 (RFC 3629: no surrogates, no overlong
// forms).
std::optional<std::size_t> count_code_points(std::string_view utf8);

// For search: without accents, case, ligatures and punctuation, words separated by one space, "St"/"Ste" spelled out.
// « Éléonore Œuvré-Müller » becomes "eleonore oeuvre muller".
std::string fold(std::string_view utf8);

// The first `code_points` of a text, cut at a word's end where one is near, with … when something was left out.
std::string shorten(std::string_view utf8, std::size_t code_points);

std::string_view trim(std::string_view text);

}  // namespace manent
