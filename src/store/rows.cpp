#include "store/rows.hpp"

#include <charconv>
#include <stdexcept>

namespace manent::store
{

int rows::affected() const
{
    if (!owned_) return 0;
    const std::string_view count = PQcmdTuples(owned_.get());
    int value = 0;
    std::from_chars(count.data(), count.data() + count.size(), value);
    return value;
}

namespace detail
{

void refuse_shape(std::string_view expected)
{
    // Never the value: it may be somebody's.
    throw std::runtime_error("a column does not hold " + std::string{expected});
}

std::string_view present(const row& from, int column)
{
    if (from.is_null(column)) refuse_shape("a value, but NULL");
    return from.raw(column);
}

std::int64_t read_integer(std::string_view digits)
{
    std::int64_t value = 0;
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, value).ptr != end || digits.empty()) refuse_shape("an integer");
    return value;
}

double read_double(std::string_view digits)
{
    double value = 0;
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, value).ptr != end || digits.empty()) refuse_shape("a number");
    return value;
}

bytes read_bytea(std::string_view hex)
{
    if (hex.size() % 2 != 0 || !hex.starts_with("\\x")) refuse_shape("bytes");
    bytes data((hex.size() - 2) / 2);
    for (std::size_t i = 0; i < data.size(); ++i)
    {
        const auto* const pair = hex.data() + 2 + 2 * i;
        if (std::from_chars(pair, pair + 2, data[i], 16).ptr != pair + 2) refuse_shape("bytes");
    }
    return data;
}

instant read_timestamptz(std::string_view text)
{
    // "2026-11-22 03:51:28.123456+00": sessions run with TimeZone UTC and DateStyle ISO.
    if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) refuse_shape("an instant");
    std::string rfc{text.substr(0, text.size() - 3)};
    rfc[10] = 'T';
    rfc += 'Z';
    const auto parsed = parse_instant(rfc);
    if (!parsed) refuse_shape("an instant");
    return *parsed;
}

std::vector<std::string> read_array(std::string_view literal)
{
    if (literal.size() < 2 || literal.front() != '{' || literal.back() != '}') refuse_shape("an array");
    std::vector<std::string> items;
    const auto inside = literal.substr(1, literal.size() - 2);
    for (std::size_t i = 0; i < inside.size();)
    {
        std::string& item = items.emplace_back();
        const bool quoted = inside[i] == '"';
        if (quoted) ++i;
        while (i < inside.size() && (quoted ? inside[i] != '"' : inside[i] != ','))
        {
            if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
            item += inside[i++];
        }
        if (quoted) ++i;
        ++i;  // the comma
    }
    return items;
}

uuid column<uuid>::read(const row& from, int index)
{
    const auto parsed = parse_uuid(present(from, index));
    if (!parsed) refuse_shape("a UUID");
    return *parsed;
}

local_date column<local_date>::read(const row& from, int index)
{
    const auto parsed = parse_date(present(from, index));
    if (!parsed) refuse_shape("a date");
    return *parsed;
}

std::vector<uuid> column<std::vector<uuid>>::read(const row& from, int index)
{
    std::vector<uuid> ids;
    for (const auto& item : read_array(present(from, index)))
    {
        const auto parsed = parse_uuid(item);
        if (!parsed) refuse_shape("UUIDs");
        ids.push_back(*parsed);
    }
    return ids;
}

std::vector<std::int64_t> column<std::vector<std::int64_t>>::read(const row& from, int index)
{
    std::vector<std::int64_t> numbers;
    for (const auto& item : read_array(present(from, index))) numbers.push_back(read_integer(item));
    return numbers;
}

}  // namespace detail

}  // namespace manent::store
