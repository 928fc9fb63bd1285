#include "directory/specialties.hpp"

#include "core/text.hpp"
#include "directory/csv.hpp"

#include <algorithm>
#include <charconv>

namespace manent::directory
{

namespace
{

int read_number(const csv_reader& reader, std::string_view text, int min, int max)
{
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < min || value > max)
        reader.fail("expected a number from " + std::to_string(min) + " to " + std::to_string(max));
    return value;
}

std::vector<std::string> read_codes(std::string_view text)
{
    const auto parts = split_list(text, ' ');
    return {parts.begin(), parts.end()};
}

void add_word(std::vector<std::string>& words, std::string_view text)
{
    auto folded = fold(text);
    if (!folded.empty() && std::ranges::find(words, folded) == words.end()) words.push_back(std::move(folded));
}

std::string code_key(code_system system, std::string_view code)
{
    return (system == code_system::ordinal_specialty ? "R38|" : "G15|") + std::string{code};
}

// Columns as in the file's header: slug,common_rank,title,tint,r38_codes,g15_codes,label_fr,label_en,label_es,
// search_words.
specialty read_specialty(const csv_reader& reader, const std::vector<std::string>& row)
{
    specialty one;
    one.slug = row[0];
    if (!row[1].empty()) one.common_rank = read_number(reader, row[1], 1, 100);
    one.title = row[2];
    one.tint = read_number(reader, row[3], 1, 8);
    one.ordinal_codes = read_codes(row[4]);
    one.profession_codes = read_codes(row[5]);
    one.label = {row[6], row[7], row[8]};
    if (one.slug.empty() || row[6].empty() || row[7].empty() || row[8].empty()) reader.fail("a slug or label is empty");
    if (one.ordinal_codes.empty() && one.profession_codes.empty()) reader.fail("no code");
    for (const auto* label : {&one.label.fr, &one.label.en, &one.label.es}) add_word(one.words, *label);
    for (const auto word : split_list(row[9], ';')) add_word(one.words, word);
    return one;
}

// 0 exact, 1 begins with it, 2 holds each of its words as the beginning of one of its own, 3 not at all.
int distance(const std::string& word, const std::string& query, const std::vector<std::string_view>& query_words)
{
    if (word == query) return 0;
    if (word.starts_with(query)) return 1;
    const auto own = split_list(word, ' ');
    const auto held = [&](std::string_view wanted)
    { return std::ranges::any_of(own, [&](std::string_view one) { return one.starts_with(wanted); }); };
    return std::ranges::all_of(query_words, held) ? 2 : 3;
}

}  // namespace

const std::string& texts::in(std::string_view language) const
{
    if (language == "en") return en;
    if (language == "es") return es;
    return fr;
}

specialties specialties::parse(std::string_view csv)
{
    csv_reader reader{"specialties.csv", csv};
    reader.expect_header({"slug", "common_rank", "title", "tint", "r38_codes", "g15_codes", "label_fr", "label_en",
                          "label_es", "search_words"});
    specialties read;
    std::vector<std::string> row;
    while (reader.next(row)) read.add(read_specialty(reader, row), reader.line());
    return read;
}

void specialties::add(specialty one, std::size_t row)
{
    if (!by_slug_.emplace(one.slug, all_.size()).second)
        throw data_error{"specialties.csv, line " + std::to_string(row) + ": " + one.slug + " comes twice"};
    index_codes(one.ordinal_codes, code_system::ordinal_specialty, row);
    index_codes(one.profession_codes, code_system::profession, row);
    all_.push_back(std::move(one));
}

void specialties::index_codes(const std::vector<std::string>& codes, code_system system, std::size_t row)
{
    for (const auto& code : codes)
    {
        if (!by_code_.emplace(code_key(system, code), all_.size()).second)
            throw data_error{"specialties.csv, line " + std::to_string(row) + ": code " + code + " comes twice"};
    }
}

const specialty* specialties::find(std::string_view slug) const
{
    const auto found = by_slug_.find(std::string{slug});
    return found == by_slug_.end() ? nullptr : &all_[found->second];
}

const specialty* specialties::of_code(code_system system, std::string_view code) const
{
    const auto found = by_code_.find(code_key(system, code));
    return found == by_code_.end() ? nullptr : &all_[found->second];
}

std::vector<const specialty*> specialties::search(std::string_view text, std::size_t limit) const
{
    const auto query = fold(text);
    if (query.size() < 2) return {};
    const auto query_words = split_list(query, ' ');
    std::vector<std::pair<int, const specialty*>> found;
    for (const auto& one : all_)
    {
        int best = 3;
        for (const auto& word : one.words) best = std::min(best, distance(word, query, query_words));
        if (best < 3) found.emplace_back(best, &one);
    }
    std::ranges::stable_sort(found, {}, &std::pair<int, const specialty*>::first);
    std::vector<const specialty*> answer;
    for (const auto& [unused, one] : found)
    {
        if (answer.size() == limit) break;
        answer.push_back(one);
    }
    return answer;
}

const specialty* specialties::named(std::string_view text) const
{
    const auto query = fold(text);
    const auto holds = [&](const specialty& one) { return std::ranges::find(one.words, query) != one.words.end(); };
    const auto found = std::ranges::find_if(all_, holds);
    return found == all_.end() ? nullptr : &*found;
}

sectors sectors::parse(std::string_view csv)
{
    csv_reader reader{"sectors.csv", csv};
    reader.expect_header({"code", "label_fr", "label_en", "label_es"});
    sectors read;
    std::vector<std::string> row;
    while (reader.next(row))
    {
        if (read.find(row[0]) != nullptr) reader.fail("code " + row[0] + " comes twice");
        if (std::ranges::any_of(row, &std::string::empty)) reader.fail("an empty field");
        read.all_.push_back({row[0], {row[1], row[2], row[3]}});
    }
    return read;
}

const sector* sectors::find(std::string_view code) const
{
    const auto found = std::ranges::find(all_, code, &sector::code);
    return found == all_.end() ? nullptr : &*found;
}

}  // namespace manent::directory
