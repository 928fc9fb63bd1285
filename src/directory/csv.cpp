#include "directory/csv.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace manent::directory
{

csv_reader::csv_reader(std::string name, std::string_view text) : name_{std::move(name)}, text_{text}
{
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
}

void csv_reader::fail(const std::string& reason) const
{
    throw data_error{name_ + ", line " + std::to_string(row_line_) + ": " + reason};
}

bool csv_reader::next(std::vector<std::string>& fields)
{
    while (position_ < text_.size() && (text_[position_] == '\n' || text_[position_] == '\r'))
    {
        if (text_[position_++] == '\n') ++line_;
    }
    if (position_ >= text_.size()) return false;
    row_line_ = line_;
    // Strings are written over, not made anew: a file of 35,000 rows is read at every start.
    std::size_t count = 0;
    bool more = true;
    while (more)
    {
        if (count == fields.size()) fields.emplace_back();
        read_field(fields[count++]);
        more = !end_of_row();
    }
    fields.resize(count);
    if (width_ != 0 && count != width_)
        fail("expected " + std::to_string(width_) + " columns, found " + std::to_string(count));
    return true;
}

void csv_reader::expect_header(const std::vector<std::string_view>& columns)
{
    std::vector<std::string> found;
    if (!next(found)) fail("the file is empty");
    if (!std::equal(found.begin(), found.end(), columns.begin(), columns.end())) fail("unexpected columns");
    width_ = columns.size();
}

void csv_reader::read_field(std::string& into)
{
    into.clear();
    if (position_ < text_.size() && text_[position_] == '"')
    {
        read_quoted(into);
        return;
    }
    const auto end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    into.assign(text_.substr(position_, end - position_));
    if (into.find('"') != std::string::npos) fail("a quote inside a plain field");
    position_ = end;
}

void csv_reader::read_quoted(std::string& into)
{
    ++position_;
    while (true)
    {
        const auto quote = text_.find('"', position_);
        if (quote == std::string_view::npos) fail("a quote that does not close");
        const auto part = text_.substr(position_, quote - position_);
        line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
        into.append(part);
        position_ = quote + 1;
        if (position_ >= text_.size() || text_[position_] != '"') break;
        into += '"';
        ++position_;
    }
    if (position_ < text_.size() && std::string_view{",\r\n"}.find(text_[position_]) == std::string_view::npos)
        fail("text after a closing quote");
}

bool csv_reader::end_of_row()
{
    if (position_ < text_.size() && text_[position_] == ',')
    {
        ++position_;
        return false;
    }
    return true;
}

std::string read_data_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::ostringstream content;
    if (!file || !(content << file.rdbuf())) throw data_error{"cannot read " + path.string()};
    return std::move(content).str();
}

std::vector<std::string_view> split_list(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (!text.empty())
    {
        const auto end = std::min(text.find(separator), text.size());
        const auto part = trim(text.substr(0, end));
        if (!part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

}  // namespace manent::directory
