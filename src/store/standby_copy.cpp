#include "store/standby_copy.hpp"

#include "core/disk.hpp"
#include "store/blocking.hpp"
#include "store/cluster_files.hpp"

#include <csignal>
#include <stdexcept>

namespace manent::store
{

namespace files = cluster_files;

standby_copy::standby_copy(const cluster_tools& tools) : tools_{tools} {}

standby_copy::~standby_copy()
{
    give_up();
}

void standby_copy::settle() const
{
    const auto& data = tools_.settings().data;
    if (!std::filesystem::exists(data / "standby") && std::filesystem::exists(data / "standby.old"))
        std::filesystem::rename(data / "standby.old", data / "standby");
}

void standby_copy::make()
{
    prepare();
    tools_.run(arguments(), "pg_basebackup");
    put_in_place();
}

void standby_copy::begin()
{
    prepare();
    process_ = start_child(tools_.command(arguments(), "setup"));
}

bool standby_copy::take_end()
{
    const auto ended = reap(process_);
    if (!ended) return false;
    process_ = 0;
    if (*ended != 0) throw std::runtime_error("pg_basebackup ended with " + std::to_string(*ended));
    put_in_place();
    return true;
}

void standby_copy::give_up()
{
    if (process_ != 0) end_child(process_, {{SIGTERM, 2}, {SIGKILL, 2}});
    process_ = 0;
}

// An empty folder, and a slot of which the primary keeps the log from now on.
void standby_copy::prepare() const
{
    const auto fresh = tools_.settings().data / "standby.new";
    std::filesystem::remove_all(fresh);
    files::make_private_folder(fresh, tools_.settings().run_as);
    blocking_connection open{tools_.conninfo("manent_owner", files::primary_port), std::chrono::seconds{5}};
    open.execute("SET synchronous_commit = local");
    const auto known = open.query("SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1",
                                  {as_parameter(files::standby_name)});
    if (!known.empty()) open.query("SELECT pg_drop_replication_slot($1)", {as_parameter(files::standby_name)});
    open.query("SELECT pg_create_physical_replication_slot($1, true)", {as_parameter(files::standby_name)});
}

// In whichever moment this is cut off, a whole standby lies under one of the names.
void standby_copy::put_in_place() const
{
    const auto& data = tools_.settings().data;
    std::filesystem::remove_all(data / "standby.old");
    if (std::filesystem::exists(data / "standby")) std::filesystem::rename(data / "standby", data / "standby.old");
    std::filesystem::rename(data / "standby.new", data / "standby");
    sync_folder(data);
    std::filesystem::remove_all(data / "standby.old");
}

std::vector<std::string> standby_copy::arguments() const
{
    const auto& settings = tools_.settings();
    return {
        "pg_basebackup",
        "-D",
        (settings.data / "standby.new").string(),
        "-X",
        "stream",
        "-c",
        "fast",
        "-d",
        "host=" + settings.sockets.string() + " port=" + std::to_string(files::primary_port) + " user=manent_owner"};
}

}  // namespace manent::store
