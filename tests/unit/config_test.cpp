// Settings: a wrong one is named with its line or its variable, and with what it takes.
#include "core/config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

namespace manent
{

namespace
{

std::variant<config, config_error> read(const std::string& toml,
                                        const std::map<std::string, std::string>& variables = {})
{
    const auto file = std::filesystem::path{testing::TempDir()} / "config_test.toml";
    std::ofstream{file} << toml;
    return read_config(file,
                       [&](const char* name) -> const char*
                       {
                           const auto found = variables.find(name);
                           return found == variables.end() ? nullptr : found->second.c_str();
                       });
}

std::string error_of(const std::variant<config, config_error>& from)
{
    const auto* const wrong = std::get_if<config_error>(&from);
    return wrong == nullptr ? "" : wrong->what;
}

}  // namespace

TEST(config, the_environment_is_above_the_file)
{
    const auto settings = std::get<config>(read("[http]\nport = 9000\n", {{"MANENT_HTTP_PORT", "9001"}}));
    EXPECT_EQ(settings.http_port, 9001);
}

TEST(config, a_wrong_value_is_named_with_its_line)
{
    EXPECT_NE(error_of(read("[http]\n\nport = \"many\"\n")).find("line 3: http.port takes a whole number"),
              std::string::npos);
    EXPECT_NE(error_of(read("[http]\nport = 70000\n")).find("from 0 to 65535"), std::string::npos);
    EXPECT_NE(error_of(read("[http]\nprot = 80\n")).find("line 2: there is no setting http.prot"), std::string::npos);
    EXPECT_NE(error_of(read("[http\n")).find("line 1"), std::string::npos);
}

TEST(config, a_wrong_variable_is_named)
{
    EXPECT_NE(error_of(read("", {{"MANENT_DATABASE_STANDBY", "yes"}})).find("MANENT_DATABASE_STANDBY"),
              std::string::npos);
}

TEST(config, a_backup_names_one_repository_and_all_that_it_needs)
{
    EXPECT_NE(error_of(read("[backup]\nfolder = \"/b\"\ns3_endpoint = \"s3\"\n")).find("exclude each other"),
              std::string::npos);
    EXPECT_NE(error_of(read("[backup]\nfolder = \"b\"\n")).find("path from the root"), std::string::npos);
    EXPECT_NE(error_of(read("[backup]\ns3_endpoint = \"s3\"\n")).find("needs backup.s3_bucket"), std::string::npos);
    EXPECT_NE(error_of(read("[backup]\ns3_endpoint = \"s3\"\ns3_bucket = \"b\"\ns3_key = \"k\"\n")).find("s3_secret"),
              std::string::npos);
    EXPECT_NE(error_of(read("[backup]\nhour = 24\n")).find("from 0 to 23"), std::string::npos);
    const auto settings = std::get<config>(
        read("[backup]\ns3_endpoint = \"s3\"\ns3_bucket = \"b\"\n", {{"MANENT_BACKUP_S3_KEY_FILE", "/k"}}));
    EXPECT_EQ(settings.backup_keep_days, 30);
}

TEST(config, a_certificate_needs_its_key)
{
    EXPECT_NE(error_of(read("[http]\ntls_key = \"k.pem\"\n")).find("go together"), std::string::npos);
}

}  // namespace manent
