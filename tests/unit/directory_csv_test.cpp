// The reader of comma-separated values: what RFC 4180 allows, and what is refused with its line.
#include "directory/csv.hpp"

#include <gtest/gtest.h>

namespace manent::directory
{

namespace
{

std::vector<std::vector<std::string>> rows_of(std::string_view text)
{
    csv_reader reader{"test.csv", text};
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row;
    while (reader.next(row)) rows.push_back(row);
    return rows;
}

std::string refusal_of(std::string_view text)
{
    try
    {
        rows_of(text);
    }
    catch (const data_error& refused)
    {
        return refused.what();
    }
    return "";
}

using rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST(directory_csv, reads_plain_and_empty_fields)
{
    EXPECT_EQ(rows_of("a,b,c\n1,,3\n,,\n"), (rows{{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}}));
}

TEST(directory_csv, reads_quotes_with_commas_quotes_and_line_ends_inside)
{
    EXPECT_EQ(rows_of("\"a,b\",\"say \"\"oui\"\"\",\"two\nlines\"\n\"\",x,y"),
              (rows{{"a,b", "say \"oui\"", "two\nlines"}, {"", "x", "y"}}));
}

TEST(directory_csv, takes_crlf_a_byte_order_mark_and_blank_lines)
{
    EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                      "a,b\r\n\r\n1,2\r\n"),
              (rows{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(rows_of(""), rows{});
}

TEST(directory_csv, names_the_line_of_what_it_refuses)
{
    EXPECT_EQ(refusal_of("a\n\"two\nlines\"\n\"open"), "test.csv, line 4: a quote that does not close");
    EXPECT_EQ(refusal_of("a\n\"b\"c"), "test.csv, line 2: text after a closing quote");
    EXPECT_EQ(refusal_of("a\nb\"c"), "test.csv, line 2: a quote inside a plain field");
}

TEST(directory_csv, refuses_moved_columns_and_rows_of_another_width)
{
    csv_reader moved{"test.csv", "b,a\n"};
    EXPECT_THROW(moved.expect_header({"a", "b"}), data_error);
    csv_reader narrow{"test.csv", "a,b\n1\n"};
    narrow.expect_header({"a", "b"});
    std::vector<std::string> row;
    EXPECT_THROW(narrow.next(row), data_error);
}

TEST(directory_csv, splits_lists_and_trims_their_items)
{
    EXPECT_EQ(split_list(" a; b ;;c", ';'), (std::vector<std::string_view>{"a", "b", "c"}));
    EXPECT_TRUE(split_list("", ' ').empty());
}

}  // namespace manent::directory
