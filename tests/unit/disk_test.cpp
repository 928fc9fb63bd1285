// Files that are written whole or not at all, and what counts as room for writes.
#include "core/disk.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace manent
{

class in_folder : public testing::Test
{
protected:
    in_folder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "manent-disk-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~in_folder() override { std::filesystem::remove_all(folder); }

    static std::string content_of(const std::filesystem::path& file)
    {
        std::ostringstream content;
        content << std::ifstream{file}.rdbuf();
        return content.str();
    }

    std::filesystem::path folder;
};

TEST_F(in_folder, a_file_is_replaced_and_nothing_is_left_beside_it)
{
    write_durably(folder / "count", "41\n");
    write_durably(folder / "count", "42\n");
    EXPECT_EQ(content_of(folder / "count"), "42\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder}, {}), 1);
}

TEST_F(in_folder, a_file_that_cannot_be_written_keeps_what_it_had)
{
    write_durably(folder / "count", "41\n");
    std::filesystem::create_directory(folder / "count.new");
    EXPECT_THROW(write_durably(folder / "count", "42\n"), std::filesystem::filesystem_error);
    EXPECT_EQ(content_of(folder / "count"), "41\n");
}

TEST_F(in_folder, a_ballast_holds_real_room_and_is_given_up_when_none_is_wanted)
{
    constexpr std::uint64_t wanted = 64 * 1024 * 1024;
    const auto before = std::filesystem::space(folder).available;
    if (before < 8 * wanted) GTEST_SKIP() << "there is too little room here";
    const ballast kept{folder, wanted, 0};
    EXPECT_EQ(kept.holds_bytes(), wanted);
    EXPECT_EQ(std::filesystem::file_size(folder / "ballast"), wanted);
    const ballast none{folder, 0, 0};
    EXPECT_EQ(none.holds_bytes(), 0);
    EXPECT_FALSE(std::filesystem::exists(folder / "ballast"));
}

TEST_F(in_folder, what_the_ballast_gave_back_is_no_room_for_writes)
{
    const auto free = std::filesystem::space(folder).available;
    constexpr std::uint64_t much = std::uint64_t{1} << 50U;
    EXPECT_FALSE((disk_guard{folder, free / 2, 0}.is_full()));
    EXPECT_TRUE((disk_guard{folder, free / 2, much}.is_full()));
}

}  // namespace manent
