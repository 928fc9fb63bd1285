// The configuration files of the embedded PostgreSQL, and what is left behind by one that died.
#pragma once

#include "store/cluster.hpp"

namespace manent::store::cluster_files
{

inline constexpr int primary_port = 5432;
inline constexpr int standby_port = 5433;
inline constexpr std::string_view standby_name = "manent_standby";

// Rewritten at each start, so that an upgrade of the program brings its settings.
void write_settings(const cluster_settings& settings, const std::filesystem::path& folder, int port);
// Who may connect: the account that PostgreSQL runs as, and root, on the private socket, as any of the program's roles.
void write_access(const cluster_settings& settings, const std::filesystem::path& folder);
// `primary` is the connection string of whom it follows, through the slot there.
void write_standby_settings(const cluster_settings& settings, const std::filesystem::path& folder,
                            const std::string& primary, std::string_view slot);

// Ends a postmaster that an earlier keeper left on this folder, and removes a pid file whose process is another's. So
// with the locks of sockets: one that names a process which is no PostgreSQL, or not any more, would refuse every
// start.
void clear_leftovers(const std::filesystem::path& folder, const std::filesystem::path& sockets);

// The folder, or what tells PostgreSQL that a database lies in it, does not exist. A disk that cannot be read is no
// proof of that.
bool is_gone(const std::filesystem::path& folder);

// PostgreSQL starts what lies in the folder as a standby.
bool is_standby(const std::filesystem::path& folder);

// Renames a folder that must never be started again, with the time in its new name; nullopt when there is none.
std::optional<std::filesystem::path> set_aside(const std::filesystem::path& folder);

// Whether PostgreSQL has the room that it needs to start.
bool has_room(const std::filesystem::path& folder);

// Makes the folder when missing and gives it to the account, closed to others.
void make_private_folder(const std::filesystem::path& folder, const std::optional<account>& owner);

// Whether the account can enter every folder on the way.
bool can_enter(const std::filesystem::path& folder, const account& as);

}  // namespace manent::store::cluster_files
