// What a statement answered, read by position. PostgreSQL's text format, parsed on demand; a value of another shape
// than the reader expects is a fault of the program, not of its user, and throws.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"
#include "core/time.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

namespace detail
{

template <class T>
struct column;

struct clear_result
{
    void operator()(PGresult* held) const { PQclear(held); }
};

}  // namespace detail

// A view of one row; valid as long as its `rows`.
class row
{
public:
    row(const PGresult* from, int index) : from_{from}, index_{index} {}

    [[nodiscard]] bool is_null(int column) const { return PQgetisnull(from_, index_, column) != 0; }

    // The text as PostgreSQL sent it.
    [[nodiscard]] std::string_view raw(int column) const
    {
        return {PQgetvalue(from_, index_, column), static_cast<std::size_t>(PQgetlength(from_, index_, column))};
    }

    // Throws std::runtime_error on NULL (ask for std::optional<T> instead) and on a value that is no T.
    template <class T>
    [[nodiscard]] T get(int column) const
    {
        return detail::column<T>::read(*this, column);
    }

private:
    const PGresult* from_;
    int index_;
};

class rows
{
public:
    rows() = default;
    explicit rows(PGresult* owned) : owned_{owned} {}

    [[nodiscard]] int size() const { return owned_ ? PQntuples(owned_.get()) : 0; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] row operator[](int index) const { return {owned_.get(), index}; }
    // How many rows an INSERT, UPDATE or DELETE touched.
    [[nodiscard]] int affected() const;

private:
    std::unique_ptr<PGresult, detail::clear_result> owned_;
};

namespace detail
{

std::string_view present(const row& from, int column);
[[noreturn]] void refuse_shape(std::string_view expected);
bytes read_bytea(std::string_view hex);
std::vector<std::string> read_array(std::string_view literal);
std::int64_t read_integer(std::string_view digits);
double read_double(std::string_view digits);
instant read_timestamptz(std::string_view text);

template <>
struct column<std::string>
{
    static std::string read(const row& from, int index) { return std::string{present(from, index)}; }
};
template <>
struct column<std::int64_t>
{
    static std::int64_t read(const row& from, int index) { return read_integer(present(from, index)); }
};
template <>
struct column<int>
{
    static int read(const row& from, int index) { return static_cast<int>(read_integer(present(from, index))); }
};
template <>
struct column<double>
{
    static double read(const row& from, int index) { return read_double(present(from, index)); }
};
template <>
struct column<bool>
{
    static bool read(const row& from, int index) { return present(from, index) == "t"; }
};
template <>
struct column<uuid>
{
    static uuid read(const row& from, int index);
};
template <>
struct column<instant>
{
    static instant read(const row& from, int index) { return read_timestamptz(present(from, index)); }
};
template <>
struct column<local_date>
{
    static local_date read(const row& from, int index);
};
template <>
struct column<bytes>
{
    static bytes read(const row& from, int index) { return read_bytea(present(from, index)); }
};
template <>
struct column<std::vector<std::string>>
{
    static std::vector<std::string> read(const row& from, int index) { return read_array(present(from, index)); }
};
template <>
struct column<std::vector<uuid>>
{
    static std::vector<uuid> read(const row& from, int index);
};
template <>
struct column<std::vector<std::int64_t>>
{
    static std::vector<std::int64_t> read(const row& from, int index);
};
// An enumeration described with BOOST_DESCRIBE_ENUM is kept as its enumerators' names.
template <class T>
    requires boost::describe::has_describe_enumerators<T>::value
struct column<T>
{
    static T read(const row& from, int index)
    {
        T value{};
        const std::string word{present(from, index)};
        if (!boost::describe::enum_from_string(word.c_str(), value)) refuse_shape("a word that this program knows");
        return value;
    }
};
template <class T>
struct column<std::optional<T>>
{
    static std::optional<T> read(const row& from, int index)
    {
        if (from.is_null(index)) return std::nullopt;
        return column<T>::read(from, index);
    }
};

}  // namespace detail

}  // namespace manent::store
