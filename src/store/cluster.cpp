#include "store/cluster.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"
#include "store/blocking.hpp"
#include "store/cluster_files.hpp"
#include "store/cluster_tools.hpp"
#include "store/copies_record.hpp"
#include "store/copies_switch.hpp"
#include "store/distant_server.hpp"
#include "store/distant_standbys.hpp"
#include "store/postmaster.hpp"
#include "store/server_loss.hpp"
#include "store/server_watch.hpp"
#include "store/standby_copy.hpp"

#include <chrono>
#include <thread>

namespace manent::store
{

namespace
{

using clock = std::chrono::steady_clock;
using std::chrono::seconds;
using pleas = std::vector<std::pair<int, int>>;
namespace files = cluster_files;

class embedded_cluster final : public cluster
{
public:
    explicit embedded_cluster(cluster_settings settings)
        : tools_{std::move(settings)},
          settings_{tools_.settings()},
          record_{settings_.data},
          desk_{settings_.data},
          others_{settings_.data},
          primary_{"primary", settings_.data / "primary"},
          standby_{"standby", settings_.data / "standby"},
          copy_{tools_}
    {
    }

    ~embedded_cluster() override { embedded_cluster::stop(); }
    embedded_cluster(const embedded_cluster&) = delete;
    embedded_cluster& operator=(const embedded_cluster&) = delete;

    void start() override
    {
        tools_.prepare_folders();
        copy_.settle();
        const bool fresh = bring_up_primary();
        started_ = true;
        make_slots();
        primary_watch_ = std::make_unique<server_watch>(tools_.administrative_conninfo(), primary_hangs_after);
        if (!settings_.with_standby)
        {
            // One that lies there from before does not hear of anything from now on.
            record_.set_standby_whole(false);
            watch_copies();
            return;
        }
        if (fresh)
        {
            settings_.progress("Making the second copy of the database");
            copy_.make();
            launch_standby();
        }
        watch_copies();
        standby_watch_ =
            std::make_unique<server_watch>(tools_.conninfo("manent_owner", files::standby_port), standby_hangs_after);
    }

    void supervise() override
    {
        if (const auto wish = desk_.take()) desk_.answer(*wish, grant(*wish));
        look_after_primary();
        if (settings_.with_standby) look_after_standby();
    }

    void stop() override
    {
        switch_.reset();
        copy_.give_up();
        primary_watch_.reset();
        standby_watch_.reset();
        // Fast shutdown; immediate when it does not come to an end, and at once for one that answers nobody.
        if (primary_.pid() != 0)
            primary_.end_whole(primary_answers() ? pleas{{SIGINT, 30}, {SIGQUIT, 5}} : pleas{{SIGQUIT, 2}});
        if (standby_.pid() != 0) standby_.end_whole({{SIGINT, 30}, {SIGQUIT, 5}});
        started_ = false;
    }

    keeper_answer promote(bool force) override
    {
        try
        {
            if (auto why_not = reason_against_promotion(force)) return {false, *std::move(why_not)};
            return replace_primary();
        }
        catch (const std::exception& failed)
        {
            if (started_ && !switch_) watch_copies();
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
        files::clear_leftovers(server.folder(), settings_.sockets);
        if (!end_strays(server.folder())) return false;
        server.launch(tools_.command({"postgres", "-D", server.folder().string()}, server.name()));
        return true;
    }

    void launch_primary()
    {
        files::clear_leftovers(primary_.folder(), settings_.sockets);  // a former one may hold the port tried here
        files::write_settings(settings_, primary_.folder(), files::primary_port);
        files::write_access(settings_, primary_.folder());
        tools_.give_to_account(primary_.folder());
        if (!launch(primary_)) throw std::runtime_error("processes of a former primary cannot be ended");
    }

    void launch_standby()
    {
        const auto primary = "host=" + settings_.sockets.string() + " port=" + std::to_string(files::primary_port) +
                             " user=manent_owner application_name=" + std::string{files::standby_name};
        files::write_standby_settings(settings_, standby_.folder(), primary, files::standby_name);
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
        if (files::is_standby(primary_.folder()))  // its promotion was begun
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
            if (tools_.wait_for(primary_)) return fresh;
        }
        if (!files::has_room(settings_.data))
            throw std::runtime_error("PostgreSQL does not start on a full disk: make room in " +
                                     settings_.data.string());
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

    // Each commit waits for every standby that is there.
    void watch_copies()
    {
        const auto others = others_.list();
        if (!settings_.with_standby && others.empty()) return;
        std::vector<std::string> names{std::string{files::standby_name}};
        for (const auto& each : others) names.push_back(each.name);
        switch_ = std::make_unique<copies_switch>(primary_conninfo("manent_owner"), std::move(names), record_);
    }

    keeper_answer grant(const keeper_desk::wish& wish)
    {
        if (wish.act == keeper_desk::reopen) return reopen();
        return promote(wish.act == keeper_desk::promote_by_force);
    }

    // Where a primary listens is known from its start on.
    keeper_answer reopen()
    {
        try
        {
            if (!primary_.end_whole({{SIGINT, 30}, {SIGQUIT, 5}})) return {false, "The primary cannot be stopped."};
            launch_primary();
            watch_copies();
            if (primary_watch_) primary_watch_->begin_anew();
            if (!tools_.wait_for(primary_)) return {false, "The primary ended at its start: see logs/primary.log"};
            make_slots();
            return {true, {}};
        }
        catch (const std::exception& failed)
        {
            return {false, failed.what()};
        }
    }

    void make_slots() const
    {
        if (others_.list().empty()) return;
        try
        {
            blocking_connection open{tools_.administrative_conninfo(), seconds{5}};
            others_.make_slots(open);
        }
        catch (const std::exception& failed)
        {
            log::warning("standby_slots_not_made", {{"what", failed.what()}});
        }
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
        if (files::is_standby(primary_.folder()))  // its promotion was begun
        {
            retry_promotion();
            return;
        }
        end_when_it_hangs(primary_, primary_watch_.get());
        keep(primary_);
        if (const auto why = primary_loss_.look(primary_)) primary_is_lost(*why);
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
        end_when_it_hangs(standby_, standby_watch_.get());
        keep(standby_);
        const bool cannot_follow = switch_ && switch_->standby_is_lost();
        const bool useless = cannot_follow || !standby_.has_database() || standby_loss_.look(standby_);
        // Never while it is all that is left.
        const bool primary_is_there = primary_.pid() != 0 && !files::is_gone(primary_.folder());
        if (useless && primary_is_there && clock::now() >= rebuild_not_before_) begin_rebuild();
    }

    // A server that answers nobody is of no use to anybody; started again it recovers from its log.
    static void end_when_it_hangs(postmaster& server, server_watch* watch)
    {
        if (watch == nullptr || server.pid() == 0 || !watch->hangs()) return;
        log::error("postgresql_hangs", {{"which", server.name()}});
        if (server.end_whole({{SIGQUIT, 2}})) watch->begin_anew();
        else log::error("postgresql_cannot_be_ended", {{"which", server.name()}});
    }

    void keep(postmaster& server)
    {
        if (const auto ended = server.take_end())
            log::warning("postgresql_ended", {{"which", server.name()}, {"status", *ended}});
        if (!server.may_start() || !server.has_database()) return;
        if (&server == &primary_) listen_anew();
        launch(server);
    }

    // Where it can listen for others changes; on a full disk the former settings stay.
    void listen_anew() const
    {
        try
        {
            if (!others_.list().empty()) files::write_settings(settings_, primary_.folder(), files::primary_port);
            tools_.give_to_account(primary_.folder());
        }
        catch (const std::exception& failed)
        {
            log::warning("settings_not_written", {{"what", failed.what()}});
        }
    }

    [[nodiscard]] std::optional<std::string> reason_against_promotion(bool force)
    {
        if (!standby_.has_database()) return "There is no standby in " + settings_.data.string() + " to promote.";
        if (distant_server::is_in(settings_.data)) return std::nullopt;
        const bool answers = primary_answers();
        // Whoever forces twice in an emergency would put a new primary's half-made standby in its place.
        if (answers && !record_.standby_is_whole())
            return "The primary answers, and the standby lacks some of what it holds: promoting it would lose that. "
                   "--force does not do it either; stop manent serve first if this primary is to be given up.";
        if (force) return std::nullopt;
        if (answers) return "The primary answers: there is nothing to promote. --force does it all the same.";
        if (!started_ && !files::is_gone(primary_.folder()))
            return "The primary lies in " + primary_.folder().string() +
                   " and nobody has tried it: start manent serve, which promotes the standby by itself when the "
                   "primary does not start. --force promotes it without that.";
        if (!record_.standby_is_whole())
            return "The standby lacks what was saved while the screen said one copy. Put the primary's folder back; or "
                   "do without those words with --force. Words that were called two copies are all there, except those "
                   "called two machines: they may lie on the other machine alone, and are kept by promoting that one.";
        return std::nullopt;
    }

    [[nodiscard]] bool primary_answers() const
    {
        return primary_.pid() != 0 && !files::is_gone(primary_.folder()) &&
               cluster_tools::is_answered(tools_.administrative_conninfo(), seconds{3});
    }

    keeper_answer replace_primary()
    {
        const bool whole = record_.standby_is_whole();
        const bool is_distant = distant_server::is_in(settings_.data);
        log::warning("promotion_begins", {{"standby_is_whole", whole}});
        tools_.prepare_folders();
        if (!primary_.end_whole({{SIGQUIT, 2}}))
            return {false, "A process of the former primary cannot be ended, so nothing may take its place."};
        if (!standby_.end_whole({{SIGINT, 10}, {SIGQUIT, 5}}))
            return {false, "A process of the standby cannot be ended, so it cannot be started as the primary."};
        switch_.reset();
        copy_.give_up();
        const auto fenced = files::set_aside(primary_.folder());
        std::filesystem::rename(standby_.folder(), primary_.folder());
        sync_folder(settings_.data);
        finish_promotion();
        if (is_distant)
        {
            distant_server::forget_source(settings_.data);
            return {true,
                    "The standby is the primary now, with every word that was called two machines. Make sure that "
                    "the former primary's machine never starts again; then start manent serve here, with the master "
                    "key in keys/master.key.\n"};
        }
        std::string said = "The standby is the primary now";
        said += whole ? ", with every word that was acknowledged.\n"
                      : ". What was saved while the screen said one copy may be missing.\n";
        if (fenced) said += "The former primary's folder is kept as " + fenced->string() + "; nothing starts it.\n";
        said += "A new standby is made by manent serve; until it has caught up, saving says one copy.\n";
        return {true, said};
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
        if (!tools_.wait_for(primary_))
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
        primary_loss_.begin_anew();
        if (primary_watch_) primary_watch_->begin_anew();
        log::warning("promoted");
        make_slots();
        watch_copies();
    }

    // The standby's is longer, for saving goes on without it two seconds after it falls silent.
    static constexpr seconds primary_hangs_after{10};
    static constexpr seconds standby_hangs_after{30};

    const cluster_tools tools_;
    const cluster_settings& settings_;
    copies_record record_;
    keeper_desk desk_;
    distant_standbys others_;
    postmaster primary_;
    postmaster standby_;
    bool started_ = false;
    int promotions_ = 0;
    server_loss primary_loss_;
    server_loss standby_loss_;
    bool loss_was_told_ = false;
    clock::time_point promote_not_before_;
    clock::time_point rebuild_not_before_;
    standby_copy copy_;
    std::unique_ptr<copies_switch> switch_;
    std::unique_ptr<server_watch> primary_watch_;
    std::unique_ptr<server_watch> standby_watch_;
};

}  // namespace

std::unique_ptr<cluster> cluster::make(cluster_settings settings)
{
    return std::make_unique<embedded_cluster>(std::move(settings));
}

}  // namespace manent::store
