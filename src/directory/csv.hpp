// A reader of comma-separated values (RFC 4180): quoted fields, doubled quotes, line ends inside quotes, CRLF or LF.
// It knows rows and lines only; what a column means is for whoever reads.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace manent::directory
{

// Reference data that cannot be read is a fault of the installation, not of a user: the program does not start with it.
class data_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

class csv_reader
{
public:
    // `name` is what errors call the text (a file's name); `text` must outlive the reader. A byte order mark is
    // skipped.
    csv_reader(std::string name, std::string_view text);

    // Fills `fields` with the next row, false at the end. Blank lines are no rows. Throws data_error, with the line, on
    // a quote that does not close, on text after a closing quote and on a quote inside a plain field.
    bool next(std::vector<std::string>& fields);

    // Reads the first row and throws data_error unless it is exactly these columns, in this order; from then on `next`
    // refuses rows of another width. A file whose columns moved must not be read as if they had not.
    void expect_header(const std::vector<std::string_view>& columns);

    // Where the row last read began, from 1.
    [[nodiscard]] std::size_t line() const { return row_line_; }

    [[noreturn]] void fail(const std::string& reason) const;

private:
    void read_field(std::string& into);
    void read_quoted(std::string& into);
    bool end_of_row();

    std::string name_;
    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    std::size_t row_line_ = 1;
    std::size_t width_ = 0;
};

// The whole file; throws data_error when it cannot be read.
std::string read_data_file(const std::filesystem::path& path);

// The parts of `text` between separators, trimmed, empty ones left out.
std::vector<std::string_view> split_list(std::string_view text, char separator);

}  // namespace manent::directory
