// A standby whose primary runs on another machine, as the keeper of its own machine sees it: one PostgreSQL server that
// follows over TLS. What it needs for that lies in the data folder.
#pragma once

#include "core/crypto.hpp"
#include "store/cluster_tools.hpp"
#include "store/postmaster.hpp"
#include "store/server_watch.hpp"

#include <memory>
#include <string>

namespace manent::store
{

struct standby_source
{
    std::string host;
    int port = 5432;
    std::string name;  // its role there, its slot, and the name it connects by
};

class distant_server
{
public:
    explicit distant_server(cluster_settings settings);
    ~distant_server();
    distant_server(const distant_server&) = delete;
    distant_server& operator=(const distant_server&) = delete;

    // Whether this data folder is such a standby's.
    static bool is_in(const std::filesystem::path& data);
    // After a promotion nothing here follows anybody any more.
    static void forget_source(const std::filesystem::path& data);

    // Copies the primary and keeps how it is reached; a standby that lies here is replaced once the copy is whole.
    // Throws std::runtime_error.
    void join(const standby_source& from, const std::string& password, byte_view certificate);
    // Throws std::runtime_error when nothing was joined here.
    void start();
    // Called a few times a second.
    void supervise();
    void stop();

private:
    [[nodiscard]] std::string conninfo(const standby_source& from, std::string_view name) const;
    [[nodiscard]] standby_source read_source() const;
    void keep_secrets(const standby_source& from, const std::string& password, byte_view certificate) const;
    void launch();

    const cluster_tools tools_;
    postmaster server_;
    std::unique_ptr<server_watch> watch_;
};

}  // namespace manent::store
