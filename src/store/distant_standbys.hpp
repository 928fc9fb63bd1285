// What a primary knows of standbys on other machines: who they are, from where they may come, where it listens for
// them, and the certificate that it shows them. Kept in the data folder, so that a promoted standby of the same machine
// goes on with them.
#pragma once

#include "store/blocking.hpp"
#include "store/child_process.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace manent::store
{

struct distant_standby
{
    std::string name;        // of its role, its replication slot and its connection: manent_distant_1
    std::string address;     // from which alone it may connect
    std::string listens_on;  // the primary's address for it
};

class distant_standbys
{
public:
    explicit distant_standbys(std::filesystem::path data);

    [[nodiscard]] std::vector<distant_standby> list() const;
    // Whoever comes from an address that is known already keeps the name. Throws std::filesystem_error.
    distant_standby add(const std::string& address, const std::string& listens_on) const;

    // Lines for the primary's configuration and its pg_hba.conf; empty where there is nobody. An address that cannot be
    // listened on is left out, and said in the log: a network that is away must not keep the primary from starting.
    [[nodiscard]] std::string settings(int port) const;
    [[nodiscard]] std::string access() const;

    // Makes key and certificate where they are missing and gives them to the account; the certificate in DER.
    bytes certificate(const std::optional<account>& owner) const;

    // A slot for each, where it is missing, as on a promoted primary; one that no longer holds what its standby needs
    // is made anew.
    void make_slots(blocking_connection& as_owner) const;

private:
    [[nodiscard]] std::filesystem::path key_file() const { return data_ / "replication.key"; }
    [[nodiscard]] std::filesystem::path certificate_file() const { return data_ / "replication.crt"; }

    std::filesystem::path data_;
};

// The address of this machine from which packets to that one would leave; nullopt when it is no address, or out of
// reach.
std::optional<std::string> address_towards(const std::string& address);

}  // namespace manent::store
