// PostgreSQL's programs on one data folder: as whom they run, where they log, how they are reached.
#pragma once

#include "store/cluster.hpp"
#include "store/postmaster.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

class cluster_tools
{
public:
    explicit cluster_tools(cluster_settings settings) : settings_{std::move(settings)} {}

    [[nodiscard]] const cluster_settings& settings() const { return settings_; }

    // Makes the folders of logs and sockets. Throws when the account cannot enter the data folder.
    void prepare_folders() const;
    // The command line of one of PostgreSQL's programs, named without its folder.
    [[nodiscard]] child_settings command(std::vector<std::string> arguments, std::string_view log_name) const;
    // Throws when it ends with anything but success; `what` begins the sentence.
    void run(std::vector<std::string> arguments, std::string_view what) const;
    // What the keeper writes as root has to be readable by the account.
    void give_to_account(const std::filesystem::path& folder) const;
    // An empty database, beside its place and then renamed, so that a first start that was cut off starts again.
    void make_database(const std::filesystem::path& folder) const;

    // Waits until the primary answers and makes the program's database where it is missing; false when the server ended
    // instead. Throws connection_lost when it does neither within two minutes.
    bool wait_for(postmaster& primary) const;

    [[nodiscard]] std::string conninfo(std::string_view role, int port) const;
    // Whether somebody answers a trivial question there in time.
    static bool is_answered(const std::string& conninfo, std::chrono::milliseconds patience);
    // The owner's, in the database that is always there.
    [[nodiscard]] std::string administrative_conninfo() const;

private:
    cluster_settings settings_;
};

}  // namespace manent::store
