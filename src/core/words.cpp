#include "core/words.hpp"

#include "core/text.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace manent
{

namespace
{

constexpr std::array languages{language::fr, language::en, language::es};

std::map<std::string, std::string, std::less<>> read_sentences(const std::filesystem::path& file)
{
    std::ifstream in{file};
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::stringstream content;
    content << in.rdbuf();
    const auto parsed = boost::json::parse(content.str());
    std::map<std::string, std::string, std::less<>> sentences;
    for (const auto& [key, sentence] : parsed.as_object()) sentences.emplace(key, sentence.as_string().c_str());
    return sentences;
}

}  // namespace

language language_of(std::string_view code)
{
    if (code.starts_with("en")) return language::en;
    if (code.starts_with("es")) return language::es;
    return language::fr;
}

std::string_view code_of(language language)
{
    return boost::describe::enum_to_string(language, "fr");
}

language preferred_language(std::string_view accept_language)
{
    auto best = language::fr;
    double best_weight = 0;
    while (!accept_language.empty())
    {
        const auto comma = accept_language.find(',');
        const auto range = trim(accept_language.substr(0, comma));
        accept_language = comma == std::string_view::npos ? "" : accept_language.substr(comma + 1);
        const auto weight_at = range.find(";q=");
        const double weight = weight_at == std::string_view::npos
                                  ? 1.0
                                  : std::strtod(std::string{range.substr(weight_at + 3)}.c_str(), nullptr);
        const bool ours = range.starts_with("fr") || range.starts_with("en") || range.starts_with("es");
        if (!ours || weight <= best_weight) continue;
        best = language_of(range);
        best_weight = weight;
    }
    return best;
}

words words::load(const std::filesystem::path& folder)
{
    words loaded;
    for (const auto each : languages)
        loaded.sentences_.emplace(each, read_sentences(folder / ("server." + std::string{code_of(each)} + ".json")));
    const auto& reference = loaded.sentences_.at(language::fr);
    for (const auto each : languages)
    {
        const auto& sentences = loaded.sentences_.at(each);
        for (const auto& [key, sentence] : reference)
        {
            if (!sentences.contains(key))
                throw std::runtime_error("words: " + std::string{code_of(each)} + " lacks " + key);
        }
        if (sentences.size() != reference.size())
            throw std::runtime_error("words: " + std::string{code_of(each)} + " has keys that fr lacks");
    }
    return loaded;
}

bool words::has(std::string_view key) const
{
    return sentences_.at(language::fr).contains(key);
}

std::string words::say(language language, std::string_view key, const arguments& with) const
{
    const auto& sentences = sentences_.at(language);
    const auto found = sentences.find(key);
    if (found == sentences.end()) return std::string{key};
    std::string said;
    const std::string& sentence = found->second;
    for (std::size_t i = 0; i < sentence.size();)
    {
        const auto close = sentence[i] == '{' ? sentence.find('}', i) : std::string::npos;
        const auto argument = close == std::string::npos
                                  ? with.end()
                                  : with.find(std::string_view{sentence}.substr(i + 1, close - i - 1));
        if (argument == with.end())
        {
            said += sentence[i++];
            continue;
        }
        said += argument->second;
        i = close + 1;
    }
    return said;
}

}  // namespace manent
