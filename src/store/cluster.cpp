#include "store/cluster.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/cluster_files.hpp"
#include "store/cluster_tools.hpp"
#include "store/copies_record.hpp"
#include "store/copies_switch.hpp"
#include "store/postmaster.hpp"
#include "store/standby_copy.hpp"

#include <chrono>
#include <thread>

namespace manent::store
{

namespace
{

using clock = std::chrono::steady_clock;
using std::chrono::seconds;
namespace files = cluster_files;

class embedded_cluster final : public cluster
{
public:
    explicit embedded_cluster(cluster_settings settings)
        : tools_{std::move(settings)},
          settings_{tools_.settings()},
          record_{settings_.data},
          desk_{settings_.data},
          primary_{"primary", settings_.data / "primary"},
          standby_{"standby", settings_.data / "standby"},
          copy_{tools_}
    {
    }

    ~embedded_cluster() override { embedded_cluster::stop(); }

    void start() override
    {
        tools_.prepare_folders();
        copy_.settle();
        const bool fresh = bring_up_primary();
        started_ = true;
        if (!settings_.with_standby)
        {
            // One that lies there from before does not hear of anything from now on.
            record_.set_standby_whole(false);
            return;
        }
        if (fresh)
        {
            settings_.progress("Making the second copy of the database");
            copy_.make();
            launch_standby();
        }
        watch_copies();
    }

    void supervise() override
    {
        if (const auto wish = desk_.take()) desk_.answer(*wish, promote(wish->force));
        look_after_primary();
        if (settings_.with_standby) look_after_standby();
    }

    void stop() override
    {
        switch_.reset();
        copy_.give_up();
        // Fast shutdown; immediate when it does not come to an end.
        for (auto* each : {&primary_, &standby_})
        {
            if (each->pid() != 0) each->end_whole({{SIGINT, 30}, {SIGQUIT, 5}});
        }
        started_ = false;
    }

    promotion promote(bool force) override
    {
        try
        {
            if (auto why_not = reason_against_promotion(force)) return {false, *std::move(why_not)};
            return replace_primary();
        }
        catch (const std::exception& failed)
        {
            log::error("promotion_failed", {{"what", failed.what()}});
            return {false, std::string{"The promotion came to no end: "} + failed.what()};
        }
    }

    [[nodiscard]] int promotions() const override { return promotions_; }

    [[nodiscard]] std::string primary_conninfo(std::string_view role) const override
    {
        return tools_.conninfo(role, files::primary_port);
    }

    [[nodiscard]] std::string standby_conninfo(std::string_view role) const override
    {
        return tools_.conninfo(role, files::standby_port);
    }

private:
    // False while processes of a former server still work in its folder.
    bool launch(postmaster& server) const
    {
        files::clear_leftovers(server.folder());
        if (!end_strays(server.folder())) return false;
        server.launch(tools_.command({"postgres", "-D", server.folder().string()}, server.name()));
        return true;
    }

    void launch_primary()
    {
        files::write_settings(settings_, primary_.folder(), files::primary_port);
        files::write_access(settings_, primary_.folder());
        tools_.give_to_account(primary_.folder());
        if (!launch(primary_)) throw std::runtime_error("processes of a former primary cannot be ended");
    }

    void launch_standby()
    {
        files::write_standby_settings(settings_, standby_.folder());
        files::write_access(settings_, standby_.folder());
        tools_.give_to_account(standby_.folder());
        launch(standby_);
    }

    // Whether a database lived in this data folder: then none may be made in its place, for it would hide the loss.
    [[nodiscard]] bool was_used() const
    {
        return standby_.has_database() || std::filesystem::exists(settings_.data / "logs" / "primary.log");
    }

    // True when the database was made just now.
    bool bring_up_primary()
    {
        if (promotion_is_unfinished())
        {
            finish_promotion();
            return false;
        }
        const bool fresh = !primary_.has_database() && !was_used();
        if (fresh)
        {
            settings_.progress("Making the database");
            tools_.make_database(primary_.folder());
        }
        if (files::is_gone(primary_.folder()))
        {
            promote_at_start("the database's folder " + primary_.folder().string() + " is gone");
            return false;
        }
        constexpr int attempts_max = 3;
        for (int attempt = 1; attempt <= attempts_max; ++attempt)
        {
            launch_primary();
            if (settings_.with_standby && standby_.pid() == 0 && standby_.has_database()) launch_standby();
            if (wait_for_primary()) return fresh;
        }
        promote_at_start("PostgreSQL does not start: see " + (settings_.data / "logs" / "primary.log").string());
        return false;
    }

    void promote_at_start(const std::string& why)
    {
        if (!standby_.has_database()) throw std::runtime_error(why + ", and there is no standby: put a copy back");
        if (!record_.standby_is_whole())
            throw std::runtime_error(why +
                                     ". Its standby lacks what was saved while the screen said one copy: put the "
                                     "database back, or do without that with manent standby promote --force");
        log::error("primary_lost", {{"why", why}});
        if (const auto outcome = promote(true); !outcome.done) throw std::runtime_error(outcome.said);
    }

    // False when it ended instead of answering.
    bool wait_for_primary()
    {
        // Crash recovery may replay a quarter of a gigabyte.
        const auto give_up = clock::now() + seconds{120};
        while (true)
        {
            if (const auto ended = primary_.take_end())
            {
                log::warning("postgresql_ended", {{"which", primary_.name()}, {"status", *ended}});
                return false;
            }
            try
            {
                blocking_connection open{tools_.administrative_conninfo(), seconds{10}};
                if (open.query("SELECT 1 FROM pg_database WHERE datname = 'manent'").empty())
                    open.execute("CREATE DATABASE manent");
                return true;
            }
            catch (const connection_lost&)
            {
                if (clock::now() > give_up) throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{25});
        }
    }

    void watch_copies()
    {
        if (settings_.with_standby)
            switch_ = std::make_unique<copies_switch>(primary_conninfo("manent_owner"),
                                                      std::string{files::standby_name}, record_);
    }

    // A standby that cannot follow any more is made anew while the primary goes on with one copy.
    void begin_rebuild()
    {
        log::warning("standby_rebuild_begins");
        standby_.end_whole({{SIGQUIT, 5}});
        try
        {
            copy_.begin();
        }
        catch (const std::exception& failed)
        {
            rebuild_failed(failed.what());
        }
    }

    void finish_rebuild()
    {
        try
        {
            if (!copy_.take_end()) return;
            standby_.forget_failures();
            launch_standby();
            log::info("standby_rebuilt");
        }
        catch (const std::exception& failed)
        {
            rebuild_failed(failed.what());
        }
    }

    void rebuild_failed(const std::string& what)
    {
        log::warning("standby_rebuild_failed", {{"what", what}});
        standby_.forget_failures();
        rebuild_not_before_ = clock::now() + seconds{5};
    }

    void look_after_primary()
    {
        if (promotion_is_unfinished())
        {
            retry_promotion();
            return;
        }
        keep(primary_);
        const bool gone = files::is_gone(primary_.folder());
        if (!gone) gone_since_.reset();
        else if (!gone_since_) gone_since_ = clock::now();
        // A moment for a disk that is only being mounted again.
        const bool stays_gone = gone_since_ && clock::now() - *gone_since_ > seconds{3};
        const bool does_not_start =
            primary_.pid() == 0 && primary_.failures() >= failures_max && files::has_room(settings_.data);
        if (stays_gone || does_not_start) primary_is_lost(gone ? "its folder is gone" : "it does not start");
        else loss_was_told_ = false;
    }

    // The keeper promotes by itself when nothing that was acknowledged can be lost by it: it is the only one who starts
    // either server, so that it knows that the primary has ended, and the mark in the data folder says that the standby
    // is whole. In all other cases somebody has to weigh the loss against putting the primary back.
    void primary_is_lost(std::string_view why)
    {
        const bool may = settings_.with_standby && standby_.has_database() && record_.standby_is_whole();
        if (!loss_was_told_)
            log::error("primary_lost", {{"why", why},
                                        {"way_on", may ? "the standby is promoted"
                                                       : "put the primary's folder back, or manent standby promote"}});
        loss_was_told_ = true;
        if (!may || clock::now() < promote_not_before_) return;
        promote_not_before_ = clock::now() + seconds{5};
        promote(true);
    }

    void look_after_standby()
    {
        if (copy_.is_under_way())
        {
            finish_rebuild();
            return;
        }
        keep(standby_);
        const bool cannot_follow = switch_ && switch_->standby_is_lost();
        const bool useless = cannot_follow || standby_.failures() >= failures_max || !standby_.has_database();
        // Never while it is all that is left.
        const bool primary_is_there = primary_.pid() != 0 && !files::is_gone(primary_.folder());
        if (useless && primary_is_there && clock::now() >= rebuild_not_before_) begin_rebuild();
    }

    void keep(postmaster& server)
    {
        if (const auto ended = server.take_end())
            log::warning("postgresql_ended", {{"which", server.name()}, {"status", *ended}});
        if (server.may_start() && server.has_database()) launch(server);
    }

    [[nodiscard]] std::optional<std::string> reason_against_promotion(bool force)
    {
        if (!standby_.has_database()) return "There is no standby in " + settings_.data.string() + " to promote.";
        if (force) return std::nullopt;
        if (primary_answers()) return "The primary answers: there is nothing to promote. --force does it all the same.";
        if (!started_ && !files::is_gone(primary_.folder()))
            return "The primary lies in " + primary_.folder().string() +
                   " and nobody has tried it: start manent serve, which promotes the standby by itself when the "
                   "primary "
                   "does not start. --force promotes it without that.";
        if (!record_.standby_is_whole())
            return "The standby lacks what was saved while the screen said one copy. Put the primary's folder back; or "
                   "do without those words with --force. Words that were called two copies are all there.";
        return std::nullopt;
    }

    [[nodiscard]] bool primary_answers() const
    {
        if (primary_.pid() == 0 || files::is_gone(primary_.folder())) return false;
        try
        {
            blocking_connection{tools_.administrative_conninfo(), seconds{3}}.query("SELECT 1");
            return true;
        }
        catch (const std::exception&)
        {
            return false;
        }
    }

    promotion replace_primary()
    {
        const bool whole = record_.standby_is_whole();
        log::warning("promotion_begins", {{"standby_is_whole", whole}});
        tools_.prepare_folders();
        if (!primary_.end_whole({{SIGQUIT, 2}}))
            return {false, "A process of the former primary cannot be ended, so nothing may take its place."};
        switch_.reset();
        copy_.give_up();
        if (!standby_.end_whole({{SIGINT, 10}, {SIGQUIT, 5}}))
            return {false, "A process of the standby cannot be ended, so it cannot be started as the primary."};
        const auto fenced = files::set_aside(primary_.folder());
        std::filesystem::rename(standby_.folder(), primary_.folder());
        sync_folder(settings_.data);
        finish_promotion();
        std::string said = "The standby is the primary now";
        said += whole ? ", with every word that was acknowledged.\n"
                      : ". What was saved while the screen said one copy may be missing.\n";
        if (fenced) said += "The former primary's folder is kept as " + fenced->string() + "; nothing starts it.\n";
        said += "A new standby is made by manent serve; until it has caught up, saving says one copy.\n";
        return {true, said};
    }

    // A standby lies in the primary's place: its promotion was begun.
    [[nodiscard]] bool promotion_is_unfinished() const
    {
        std::error_code unknown;
        return std::filesystem::exists(primary_.folder() / "standby.signal", unknown);
    }

    void retry_promotion()
    {
        if (clock::now() < promote_not_before_) return;
        promote_not_before_ = clock::now() + seconds{5};
        try
        {
            finish_promotion();
        }
        catch (const std::exception& failed)
        {
            log::error("promotion_failed", {{"what", failed.what()}});
        }
    }

    void finish_promotion()
    {
        record_.set_standby_whole(false);
        // It was copied from the former primary, and names a standby that is not there.
        std::filesystem::remove(primary_.folder() / "postgresql.auto.conf");
        primary_.take_end();
        if (primary_.pid() == 0) launch_primary();
        if (!wait_for_primary())
            throw std::runtime_error("PostgreSQL ended while it was promoted: see " +
                                     (settings_.data / "logs" / "primary.log").string());
        constexpr seconds replays_within{60};
        blocking_connection open{tools_.administrative_conninfo(), replays_within + seconds{5}};
        if (open.query("SELECT pg_is_in_recovery()")[0].get<bool>(0))
            open.query("SELECT pg_promote(true, $1::int)", {as_parameter(replays_within.count())});
        if (open.query("SELECT pg_is_in_recovery()")[0].get<bool>(0))
            throw std::runtime_error("PostgreSQL replays its log and is not the primary yet");
        ++promotions_;
        primary_.forget_failures();
        gone_since_.reset();
        log::warning("promoted");
        watch_copies();
    }

    static constexpr int failures_max = 5;

    const cluster_tools tools_;
    const cluster_settings& settings_;
    copies_record record_;
    promotion_desk desk_;
    postmaster primary_;
    postmaster standby_;
    bool started_ = false;
    int promotions_ = 0;
    std::optional<clock::time_point> gone_since_;
    bool loss_was_told_ = false;
    clock::time_point promote_not_before_;
    clock::time_point rebuild_not_before_;
    standby_copy copy_;
    std::unique_ptr<copies_switch> switch_;
};

}  // namespace

std::unique_ptr<cluster> cluster::make(cluster_settings settings)
{
    return std::make_unique<embedded_cluster>(std::move(settings));
}

}  // namespace manent::store
