// The server's own sentences in the three languages: refusals and mail. One JSON file a language under share/words, the
// same keys in each; {name} stands for an argument.
#pragma once

#include <boost/describe.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace manent
{

BOOST_DEFINE_ENUM_CLASS(language, fr, en, es)

// The first of the three that an Accept-Language header (RFC 9110) asks for, by its weights; French when none is.
language preferred_language(std::string_view accept_language);

// "fr", "en", "es"; French for anything else.
language language_of(std::string_view code);
std::string_view code_of(language language);

class words
{
public:
    // Throws std::runtime_error when a file is missing or malformed, or lacks a key that another has.
    static words load(const std::filesystem::path& folder);

    using arguments = std::map<std::string, std::string, std::less<>>;
    // The key itself when there is no such sentence.
    [[nodiscard]] std::string say(language language, std::string_view key, const arguments& with = {}) const;
    [[nodiscard]] bool has(std::string_view key) const;

private:
    std::map<language, std::map<std::string, std::string, std::less<>>> sentences_;
};

}  // namespace manent
