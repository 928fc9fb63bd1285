#include "store/cluster.hpp"

#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/cluster_files.hpp"
#include "store/copies_switch.hpp"

#include <unistd.h>

#include <chrono>
#include <thread>

namespace manent::store
{

namespace
{

using clock = std::chrono::steady_clock;
namespace files = cluster_files;

struct server_process
{
    std::string name;  // primary, standby
    std::filesystem::path folder;
    pid_t pid = 0;
    clock::time_point started;
    int failures = 0;  // in a row, each within five seconds of its start
};

class embedded_cluster final : public cluster
{
public:
    explicit embedded_cluster(cluster_settings settings)
        : settings_{std::move(settings)},
          primary_{"primary", settings_.data / "primary", 0, {}, 0},
          standby_{"standby", settings_.data / "standby", 0, {}, 0}
    {
    }

    ~embedded_cluster() override { embedded_cluster::stop(); }

    void start() override
    {
        refuse_unreachable_folder();
        files::make_private_folder(settings_.data / "logs", settings_.run_as);
        std::filesystem::create_directories(settings_.sockets.parent_path());
        files::make_private_folder(settings_.sockets, settings_.run_as);
        if (!std::filesystem::exists(primary_.folder / "PG_VERSION")) make_primary();
        files::write_settings(settings_, primary_.folder, files::primary_port);
        files::write_access(settings_, primary_.folder);
        give_to_account(primary_.folder);
        files::clear_leftovers(primary_.folder);
        launch(primary_);
        const bool standby_exists = std::filesystem::exists(standby_.folder / "PG_VERSION");
        if (settings_.with_standby && standby_exists) launch_standby();
        wait_for_primary();
        if (!settings_.with_standby) return;
        if (!standby_exists)
        {
            settings_.progress("Making the second copy of the database");
            make_standby();
            launch_standby();
        }
        switch_ = std::make_unique<copies_switch>(primary_conninfo("manent_owner"), std::string{files::standby_name},
                                                  settings_.data / "copies.generation");
    }

    void supervise() override
    {
        keep(primary_);
        if (!settings_.with_standby) return;
        if (rebuilding_ != 0)
        {
            finish_rebuild();
            return;
        }
        keep(standby_);
        const bool cannot_follow = switch_ && switch_->standby_is_lost();
        constexpr int failures_max = 5;
        if (standby_.failures >= failures_max || cannot_follow) begin_rebuild();
    }

    void stop() override
    {
        switch_.reset();
        if (rebuilding_ != 0) end_child(rebuilding_, {{SIGTERM, 2}, {SIGKILL, 2}});
        rebuilding_ = 0;
        // Fast shutdown; immediate when it does not come to an end.
        for (auto* each : {&primary_, &standby_})
        {
            if (each->pid != 0) end_child(each->pid, {{SIGINT, 30}, {SIGQUIT, 5}, {SIGKILL, 5}});
            each->pid = 0;
        }
    }

    [[nodiscard]] std::string primary_conninfo(std::string_view role) const override
    {
        return conninfo(role, files::primary_port);
    }

    [[nodiscard]] std::string standby_conninfo(std::string_view role) const override
    {
        return conninfo(role, files::standby_port);
    }

private:
    [[nodiscard]] std::string conninfo(std::string_view role, int port) const
    {
        return "host=" + settings_.sockets.string() + " port=" + std::to_string(port) +
               " dbname=manent connect_timeout=5 application_name=manent user=" + std::string{role};
    }

    void refuse_unreachable_folder() const
    {
        if (!settings_.run_as || files::can_enter(settings_.data.parent_path(), *settings_.run_as)) return;
        throw std::runtime_error("the account " + settings_.run_as->name + ", which PostgreSQL runs as, cannot enter " +
                                 settings_.data.parent_path().string() +
                                 ": choose another folder with --data, for example /var/lib/manent");
    }

    [[nodiscard]] child_settings command(std::vector<std::string> arguments, std::string_view log_name) const
    {
        child_settings made;
        made.command = std::move(arguments);
        made.command.front() = (settings_.binaries / made.command.front()).string();
        made.run_as = settings_.run_as;
        made.log_file = settings_.data / "logs" / (std::string{log_name} + ".log");
        made.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
        made.when_keeper_dies = SIGINT;
        return made;
    }

    void run(std::vector<std::string> arguments, std::string_view what) const
    {
        const int status = run_child(command(std::move(arguments), "setup"));
        if (status != 0)
            throw std::runtime_error(std::string{what} + " failed (status " + std::to_string(status) + "): see " +
                                     (settings_.data / "logs" / "setup.log").string());
    }

    void give_to_account(const std::filesystem::path& folder) const
    {
        if (!settings_.run_as || ::geteuid() != 0) return;
        for (const auto* name : {"manent.conf", "postgresql.conf", "pg_hba.conf", "pg_ident.conf", "standby.signal"})
        {
            const auto file = folder / name;
            if (std::filesystem::exists(file) &&
                ::chown(file.c_str(), settings_.run_as->user, settings_.run_as->group) != 0)
                throw std::runtime_error("cannot give " + file.string() + " to " + settings_.run_as->name);
        }
    }

    // Made beside its place and renamed, so that a first start that was cut off starts again from nothing.
    void make_primary() const
    {
        settings_.progress("Making the database");
        const auto fresh = settings_.data / "primary.new";
        std::filesystem::remove_all(fresh);
        files::make_private_folder(fresh, settings_.run_as);
        run({"initdb", "-D", fresh.string(), "-U", "manent_owner", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
             "--auth=peer", "--no-instructions"},
            "initdb");
        std::filesystem::rename(fresh, primary_.folder);
    }

    void launch(server_process& server) const
    {
        server.pid = start_child(command({"postgres", "-D", server.folder.string()}, server.name));
        server.started = clock::now();
    }

    void launch_standby()
    {
        files::write_standby_settings(settings_, standby_.folder);
        files::write_access(settings_, standby_.folder);
        give_to_account(standby_.folder);
        files::clear_leftovers(standby_.folder);
        launch(standby_);
    }

    void wait_for_primary()
    {
        const auto administrative = "host=" + settings_.sockets.string() +
                                    " port=" + std::to_string(files::primary_port) +
                                    " dbname=postgres user=manent_owner";
        // Crash recovery may replay a quarter of a gigabyte.
        const auto give_up = clock::now() + std::chrono::seconds{120};
        while (true)
        {
            if (const auto ended = reap(primary_.pid))
            {
                primary_.pid = 0;
                throw std::runtime_error("PostgreSQL ended at its start (status " + std::to_string(*ended) + "): see " +
                                         (settings_.data / "logs" / "primary.log").string());
            }
            try
            {
                blocking_connection open{administrative};
                if (open.query("SELECT 1 FROM pg_database WHERE datname = 'manent'").empty())
                    open.execute("CREATE DATABASE manent");
                return;
            }
            catch (const connection_lost&)
            {
                if (clock::now() > give_up) throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{25});
        }
    }

    void make_slot() const
    {
        blocking_connection open{primary_conninfo("manent_owner")};
        open.execute("SET synchronous_commit = local");
        const auto known = open.query("SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1",
                                      {as_parameter(files::standby_name)});
        if (!known.empty()) open.query("SELECT pg_drop_replication_slot($1)", {as_parameter(files::standby_name)});
        open.query("SELECT pg_create_physical_replication_slot($1, true)", {as_parameter(files::standby_name)});
    }

    [[nodiscard]] std::vector<std::string> copy_command() const
    {
        return {"pg_basebackup",
                "-D",
                (settings_.data / "standby.new").string(),
                "-X",
                "stream",
                "-c",
                "fast",
                "-d",
                "host=" + settings_.sockets.string() + " port=" + std::to_string(files::primary_port) +
                    " user=manent_owner"};
    }

    void prepare_copy() const
    {
        std::filesystem::remove_all(settings_.data / "standby.new");
        files::make_private_folder(settings_.data / "standby.new", settings_.run_as);
        make_slot();
    }

    void make_standby() const
    {
        prepare_copy();
        run(copy_command(), "pg_basebackup");
        std::filesystem::remove_all(standby_.folder);
        std::filesystem::rename(settings_.data / "standby.new", standby_.folder);
    }

    // A standby that cannot follow any more is made anew while the primary goes on with one copy.
    void begin_rebuild()
    {
        log::warning("standby_rebuild_begins");
        if (standby_.pid != 0) end_child(standby_.pid, {{SIGQUIT, 5}, {SIGKILL, 5}});
        standby_.pid = 0;
        try
        {
            prepare_copy();
            rebuilding_ = start_child(command(copy_command(), "setup"));
        }
        catch (const std::exception& failed)
        {
            log::warning("standby_rebuild_failed", {{"what", failed.what()}});
            standby_.failures = 0;
        }
    }

    void finish_rebuild()
    {
        const auto ended = reap(rebuilding_);
        if (!ended) return;
        rebuilding_ = 0;
        standby_.failures = 0;
        if (*ended != 0)
        {
            log::warning("standby_rebuild_failed", {{"status", *ended}});
            return;
        }
        std::filesystem::remove_all(standby_.folder);
        std::filesystem::rename(settings_.data / "standby.new", standby_.folder);
        launch_standby();
        log::info("standby_rebuilt");
    }

    void keep(server_process& server)
    {
        if (server.pid != 0)
        {
            const auto ended = reap(server.pid);
            if (!ended) return;
            log::warning("postgresql_ended", {{"which", server.name}, {"status", *ended}});
            server.pid = 0;
            const bool quickly = clock::now() - server.started < std::chrono::seconds{5};
            server.failures = quickly ? server.failures + 1 : 0;
        }
        // A server that dies at once is tried again at leisure, the first times at once.
        const auto wait = std::chrono::seconds{std::min(server.failures, 10)};
        if (clock::now() - server.started < wait) return;
        files::clear_leftovers(server.folder);
        if (std::filesystem::exists(server.folder / "PG_VERSION")) launch(server);
        else ++server.failures;
    }

    cluster_settings settings_;
    server_process primary_;
    server_process standby_;
    pid_t rebuilding_ = 0;
    std::unique_ptr<copies_switch> switch_;
};

}  // namespace

std::unique_ptr<cluster> cluster::make(cluster_settings settings)
{
    return std::make_unique<embedded_cluster>(std::move(settings));
}

}  // namespace manent::store
