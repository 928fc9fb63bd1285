// Which two patients may be one, and what a typed search means: see rules.hpp.
#include "core/text.hpp"
#include "record/rules.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace manent::record
{

namespace
{

std::vector<std::string> words_of(std::string_view folded)
{
    std::vector<std::string> words;
    while (!folded.empty())
    {
        const auto space = folded.find(' ');
        if (space != 0) words.emplace_back(folded.substr(0, space));
        folded = space == std::string_view::npos ? "" : folded.substr(space + 1);
    }
    return words;
}

// How many letters must be changed, added or left out; names are short, so the plain table is enough.
std::size_t distance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i)
    {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j)
        {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

// One slip in a name of usual length, two in a long one; none in a short one, where it makes another name (Léa, Léo).
bool nearly(const std::string& a, const std::string& b)
{
    constexpr std::size_t short_name = 3;
    constexpr std::size_t long_name = 8;
    const auto length = std::min(a.size(), b.size());
    if (length <= short_name) return a == b;
    return distance(a, b) <= (length >= long_name ? 2U : 1U);
}

// « Dupont » and « Dupont Martin »: one is the other and something more.
bool part_of(const std::vector<std::string>& few, const std::vector<std::string>& many)
{
    return !few.empty() &&
           std::ranges::all_of(few, [&](const auto& word) { return std::ranges::count(many, word) > 0; });
}

bool same_family_name(const std::string& a, const std::string& b)
{
    if (a.empty() || b.empty()) return false;
    return nearly(a, b) || part_of(words_of(a), words_of(b)) || part_of(words_of(b), words_of(a));
}

bool share_family_name(const likeness& a, const likeness& b)
{
    for (const auto& one : {fold(a.birth_name), fold(a.used_name.value_or(""))})
    {
        for (const auto& other : {fold(b.birth_name), fold(b.used_name.value_or(""))})
        {
            if (same_family_name(one, other)) return true;
        }
    }
    return false;
}

// The first given name counts; a second one may be the usual one, and so may stand first elsewhere.
bool share_given_name(const likeness& a, const likeness& b)
{
    const auto ours = words_of(fold(a.given_names));
    const auto theirs = words_of(fold(b.given_names));
    if (ours.empty() || theirs.empty()) return false;
    return nearly(ours.front(), theirs.front()) || std::ranges::count(theirs, ours.front()) > 0 ||
           std::ranges::count(ours, theirs.front()) > 0;
}

std::string digits_of(local_date day)
{
    char text[16];
    std::snprintf(text, sizeof text, "%02u%02u%04d", static_cast<unsigned>(day.day()),
                  static_cast<unsigned>(day.month()), static_cast<int>(day.year()));
    return text;
}

std::optional<local_date> date_of(const std::string& ddmmyyyy)
{
    return parse_date(ddmmyyyy.substr(4) + "-" + ddmmyyyy.substr(2, 2) + "-" + ddmmyyyy.substr(0, 2));
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_numeric(std::string_view token)
{
    return std::ranges::all_of(
               token,
               [](char c) { return is_digit(c) || std::string_view{"/.-+()"}.find(c) != std::string_view::npos; }) &&
           std::ranges::any_of(token, is_digit);
}

std::vector<std::string> number_parts(std::string_view token)
{
    std::vector<std::string> parts{""};
    for (const char c : token)
    {
        if (is_digit(c)) parts.back() += c;
        else parts.emplace_back();
    }
    return parts;
}

std::string two_digits(const std::string& part)
{
    return part.size() == 1 ? "0" + part : part;
}

// A date as far as it is typed, with the separators that people use. False when the token is no date.
bool read_date_part(std::string_view token, search_terms& into)
{
    if (!is_digit(token.front()) || token.find_first_of("/.-") == std::string_view::npos) return false;
    auto parts = number_parts(token);
    if (parts.size() > 3) return false;
    const bool iso = parts[0].size() == 4;
    // « 06.12.34 » begins a telephone number unless a year follows.
    const bool year_follows = parts.size() == 3 && (parts[2].starts_with('1') || parts[2].starts_with('2'));
    if (!iso && token.find('/') == std::string_view::npos && !year_follows) return false;
    const auto most = [&](std::size_t i) -> std::size_t { return i == (iso ? 0U : 2U) ? 4U : 2U; };
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        if (parts[i].size() > most(i)) return false;
        const bool last = i + 1 == parts.size();
        if (parts[i].empty() && !last) return false;
    }
    // "5/4/" has its day and month whole; only what is typed last may still grow.
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) parts[i] = two_digits(parts[i]);
    if (parts.size() == 3)
    {
        const auto whole = iso ? two_digits(parts[2]) + parts[1] + parts[0] : parts[0] + parts[1] + parts[2];
        const auto date = whole.size() == 8 && (!iso || parts[2].size() == 2) ? date_of(whole) : std::nullopt;
        if (date)
        {
            into.born_on = date;
            return true;
        }
    }
    std::string pattern = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) pattern += (iso ? "-" : "/") + parts[i];
    into.born_like = pattern + "%";
    return true;
}

// Whether a word was typed as an abbreviation that may also be the beginning of a name.
bool may_be_begun(std::string_view token, const std::vector<std::string>& folded)
{
    if (folded.empty() || (folded.back() != "saint" && folded.back() != "sainte")) return false;
    constexpr std::size_t abbreviation_points_max = 3;
    const auto before = token.find_last_of("-'.");
    const auto last = before == std::string_view::npos ? token : token.substr(before + 1);
    return count_code_points(last).value_or(0) <= abbreviation_points_max;
}

// Without the trunk's 0 or France's 33, so that 06… finds +33 6….
std::string without_prefix(std::string digits)
{
    for (const std::string_view prefix : {"0033", "33", "0"})
    {
        if (digits.starts_with(prefix) && digits.size() > prefix.size()) return digits.substr(prefix.size());
    }
    return digits;
}

}  // namespace

bool may_be_same(const likeness& a, const likeness& b)
{
    if (!share_given_name(a, b)) return false;
    const bool one_date = a.birth_date == b.birth_date;
    if (share_family_name(a, b)) return one_date || std::ranges::count(easily_confused(a.birth_date), b.birth_date) > 0;
    // Another family name on the same day with all the same given names: a marriage, or a name of use.
    return one_date && fold(a.given_names) == fold(b.given_names);
}

std::vector<local_date> easily_confused(local_date birth_date)
{
    const auto typed = digits_of(birth_date);
    std::set<std::string> slips{typed, typed.substr(2, 2) + typed.substr(0, 2) + typed.substr(4)};
    for (std::size_t i = 0; i < typed.size(); ++i)
    {
        for (char digit = '0'; digit <= '9'; ++digit)
        {
            auto slip = typed;
            slip[i] = digit;
            slips.insert(slip);
        }
        auto exchanged = typed;
        if (i + 1 < typed.size()) std::swap(exchanged[i], exchanged[i + 1]);
        slips.insert(exchanged);
    }
    std::vector<local_date> dates;
    for (const auto& slip : slips)
    {
        if (const auto date = date_of(slip)) dates.push_back(*date);
    }
    return dates;
}

search_terms read_search(std::string_view typed)
{
    search_terms terms;
    std::string number;  // digits of neighbouring tokens: « 06 12 34 56 78 »
    while (!typed.empty())
    {
        const auto start = typed.find_first_not_of(" \t\r\n");
        if (start == std::string_view::npos) break;
        typed.remove_prefix(start);
        const auto token = typed.substr(0, typed.find_first_of(" \t\r\n"));
        typed.remove_prefix(token.size());
        if (is_numeric(token))
        {
            if (token.front() != '+' && number.empty() && read_date_part(token, terms)) continue;
            std::ranges::copy_if(token, std::back_inserter(number), is_digit);
            continue;
        }
        auto words = words_of(fold(token));
        if (terms.either.empty() && may_be_begun(token, words))
        {
            // Folding spells « St » out; whoever has typed two letters may as well mean Stéphanie.
            terms.either = {words.back(), words.back() == "saint" ? "st" : "ste"};
            words.pop_back();
        }
        for (auto& word : words) terms.words.push_back(std::move(word));
    }
    if (number.size() == 8 && !terms.born_on)
    {
        // 04051985 is a date when somebody alive may have it.
        const auto date = date_of(number);
        if (date && static_cast<int>(date->year()) > 1870 && static_cast<int>(date->year()) < 2100)
        {
            terms.born_on = date;
            number.clear();
        }
    }
    if (!number.empty()) terms.phone_part = "%" + without_prefix(number) + "%";
    return terms;
}

}  // namespace manent::record
