#include "serve/application.hpp"

#include "audit/queued_trail.hpp"
#include "booking/follower.hpp"
#include "booking/live.hpp"
#include "booking/routes.hpp"
#include "booking/service.hpp"
#include "core/disk.hpp"
#include "core/log.hpp"
#include "core/words.hpp"
#include "core/workers.hpp"
#include "directory/administration_routes.hpp"
#include "directory/routes.hpp"
#include "directory/service.hpp"
#include "http/server.hpp"
#include "identity/routes.hpp"
#include "identity/service.hpp"
#include "incident/routes.hpp"
#include "incident/service.hpp"
#include "incident/watch.hpp"
#include "notify/routes.hpp"
#include "notify/sender.hpp"
#include "record/routes.hpp"
#include "record/service.hpp"
#include "store/archive_state.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"
#include "store/problems.hpp"
#include "store/pulse.hpp"

#include <boost/asio/co_spawn.hpp>

#include <sys/stat.h>

namespace manent::serve
{

namespace
{

// A standby that is being promoted reads, and takes no write yet.
constexpr statement takes_writes{"serve.ready", "SELECT NOT pg_is_in_recovery()"};

// Whether the copies of this machine share a device; true when that cannot be told.
bool copies_share_a_disk(const std::filesystem::path& data)
{
    struct stat primary = {};
    struct stat standby = {};
    const bool known =
        ::stat((data / "primary").c_str(), &primary) == 0 && ::stat((data / "standby").c_str(), &standby) == 0;
    return !known || primary.st_dev == standby.st_dev;
}

class wired_application final : public application
{
public:
    wired_application(boost::asio::io_context& on, const config& settings, const secret_key& master)
        : on_{on},
          settings_{settings},
          disk_{settings.data, std::uint64_t(settings.disk_reserve_mb) * 1024 * 1024,
                std::uint64_t(settings.disk_ballast_mb) * 1024 * 1024},
          words_{words::load(std::filesystem::path{settings.share} / "words")},
          files_{http::static_files::load(std::filesystem::path{settings.share} / "web",
                                          std::filesystem::path{settings.data} / "front_end")},
          app_{connect("manent_app", static_cast<std::size_t>(settings.database_writers_max))},
          identity_db_{connect("manent_identity", 4)},
          index_db_{connect("manent_index", 1)},
          audit_db_{connect("manent_audit", 1)},
          mail_db_{connect("manent_mail", 1)},
          incident_db_{connect("manent_incident", 2)},
          keys_{master},
          trail_{audit::make_trail(*audit_db_)},
          mail_{notify::sender::make(*mail_db_, mail_settings(), settings.demonstration)},
          identity_{*identity_db_, *app_, hashing_, words_, master, identity_settings()},
          gate_{identity::make_gate(identity_)},
          directory_{*app_, directory::read_reference_data(std::filesystem::path{settings.share} / "data")},
          follower_{on.get_executor(), *index_db_, availability_, screens_,
                    [this](uuid practice) { return read_directory_again(practice); }},
          administration_{*app_, directory_.data(), [this] { follower_.wake(); },
                          [this] { identity_.forget_sessions(); }},
          booking_{booking_parts()},
          record_{*app_, keys_, *trail_},
          incidents_{*app_, *incident_db_, record_, archive_reader()},
          incident_watch_{watch_parts()}
    {
        http::speak_with(words_);
        add_routes();
        const auto tls = settings.http_tls_certificate.empty()
                             ? std::nullopt
                             : std::optional{http::tls_files{settings.http_tls_certificate, settings.http_tls_key}};
        server_ = http::server::make(on, router_, files_, metrics_, {}, tls);
        openapi_ = json::serialize(router_.openapi());
    }

    [[nodiscard]] const http::router& routes() const override { return router_; }

    task<void> start() override
    {
        beside(pulse().run(settings_.database_address + " user=manent_app"));
        require(co_await directory_.read_everyone(), "the directory");
        require(co_await follower_.load_all(), "the availability index");
        beside(follower_.run());
        beside(trail_->run());
        beside(identity_.run());
        beside(mail_->run());
        beside(incident_watch_.run());
    }

    void listen_on(int descriptor) override { server_->listen_on(descriptor); }

    task<void> stop() override
    {
        co_await server_->drain();
        pulse().stop();
        follower_.stop();
        identity_.stop();
        mail_->stop();
        incident_watch_.stop();
        co_await trail_->flush();
        trail_->stop();
    }

private:
    store::pulse& pulse() { return boost::asio::use_service<store::pulse>(on_); }

    std::unique_ptr<store::database> connect(std::string_view role, std::size_t writers)
    {
        store::database_settings wanted;
        wanted.conninfo = settings_.database_address + " user=" + std::string{role};
        wanted.writers_max = writers;
        wanted.disk_is_full = [this] { return disk_.is_full(); };
        wanted.stated = [this](std::string_view statement) { metrics_.stated(statement); };
        wanted.one_disk = copies_share_a_disk(settings_.data);
        wanted.counts_copies = role == "manent_app";
        return store::database::make(on_.get_executor(), std::move(wanted));
    }

    static void require(const result<void>& done, std::string_view what)
    {
        if (!done) throw std::runtime_error("cannot read " + std::string{what} + ": " + done.error().code);
    }

    // What runs beside requests ends the process when it faults: the keeper starts a whole one again.
    void beside(task<void> work)
    {
        boost::asio::co_spawn(on_, std::move(work),
                              [](const std::exception_ptr& fault)
                              {
                                  if (fault) std::rethrow_exception(fault);
                              });
    }

    task<void> read_directory_again(uuid practice)
    {
        if (const auto read = co_await directory_.read_again(practice); !read)
            log::warning("directory_not_read", {{"code", read.error().code}});
    }

    [[nodiscard]] notify::mail_settings mail_settings() const
    {
        notify::mail_settings chosen;
        chosen.server = settings_.mail_server;
        chosen.user = settings_.mail_user;
        chosen.password = settings_.mail_password;
        chosen.from = settings_.mail_from;
        return chosen;
    }

    [[nodiscard]] identity::settings identity_settings() const
    {
        identity::settings chosen;
        chosen.public_url = settings_.http_public_url;
        chosen.is_demonstration = [this] { return settings_.demonstration; };
        return chosen;
    }

    booking::service_parts booking_parts()
    {
        booking::service_parts parts;
        parts.app = app_.get();
        parts.keys = &keys_;
        parts.index = &availability_;
        parts.follow = &follower_;
        parts.letters.sentences = &words_;
        parts.letters.public_url = settings_.http_public_url;
        parts.letters.sender = booking::bare_address(settings_.mail_from);
        parts.letters.host = parts.letters.sender.substr(parts.letters.sender.find('@') + 1);
        parts.specialty_label = [this](std::string_view specialty, manent::language in)
        {
            const auto* const found = directory_.data().specialties.find(specialty);
            return found == nullptr ? std::string{} : found->label.in(code_of(in));
        };
        return parts;
    }

    incident::watch_parts watch_parts()
    {
        incident::watch_parts parts;
        parts.incidents = incident_db_.get();
        parts.acts = &incidents_;
        parts.sentences = &words_;
        parts.public_url = settings_.http_public_url;
        parts.accesses_lost = [this] { return trail_->lost(); };
        parts.show_open = [this](incident::promise of, int count)
        {
            metrics_.set("manent_incidents_open", "Incidents that have not ended, by promise", count,
                         {{"promise", incident::name_of(of)}});
        };
        // The program's own PostgreSQL keeps a second copy unless told otherwise; elsewhere it must have been seen.
        parts.expects_standby =
            settings_.database_standby && std::filesystem::exists(std::filesystem::path{settings_.data} / "primary");
        parts.standby_away_max = std::chrono::seconds{settings_.incident_standby_s};
        parts.archive = archive_reader();
        parts.archive_failing_max = std::chrono::seconds{settings_.incident_archive_s};
        return parts;
    }

    void add_routes()
    {
        identity::add_routes(router_, identity_, *gate_);
        notify::add_routes(router_, *mail_db_, [this] { return settings_.demonstration; });
        directory::add_routes(router_, directory_);
        directory::add_administration_routes(router_, administration_, *gate_);
        booking::add_routes(router_, {&booking_, gate_.get(), trail_.get(), &screens_, &directory_});
        record::add_routes(router_, record_, *gate_);
        incident::add_routes(router_, incidents_, *gate_);
        add_operation_routes();
    }

    void add_operation_routes()
    {
        router_.add_plain(http::verb::get, "/healthz", "healthz", "Whether the process answers")
            .handle(
                [](http::call&) -> task<http::response> {
                    co_return http::answer_json({{"status", "ok"}});
                });
        router_.add_plain(http::verb::get, "/readyz", "readyz", "Whether reads and writes would be taken")
            .handle([this](http::call& asked) { return ready(asked); });
        router_.add_plain(http::verb::get, "/metrics", "metrics", "Prometheus' text format")
            .handle([this](http::call&) { return write_metrics(); });
        router_.add(http::verb::get, "/openapi.json", "openapi", "This description")
            .handle(
                [this](http::call&) -> task<http::response> {
                    co_return http::response{200, "application/json", openapi_, {}};
                });
    }

    task<http::response> ready(http::call& asked)
    {
        store::unit question{store::scope::everyone()};
        question.add(takes_writes);
        const auto answered = co_await app_->read(question);
        if (!answered) co_return http::refuse(asked, answered.error());
        if (!answered->front()[0].get<bool>(0)) co_return http::refuse(asked, store::come_back("unavailable"));
        if (disk_.is_full()) co_return http::refuse(asked, refusal(problem_kind::storage_full, "disk_full"));
        co_return http::answer_json({{"status", "ready"}});
    }

    task<http::response> write_metrics()
    {
        disk_.is_full();
        metrics_.set("manent_disk_free_bytes", "Free space where the database lives",
                     static_cast<double>(disk_.free_bytes()));
        measure_backup();
        metrics_.set("manent_disk_ballast_bytes", "Room kept for PostgreSQL; nothing while it is given back",
                     static_cast<double>(disk_.ballast_bytes()));
        co_return http::response{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(), {}};
    }

    [[nodiscard]] incident::service::archive_reader archive_reader() const
    {
        return [file = store::archive_state_file(settings_.data)] { return store::read_archive_state(file); };
    }

    // From what the keeper wrote down last; without a backup none of these is there.
    void measure_backup()
    {
        const auto state = archive_reader()();
        if (!state) return;
        const auto seconds = [](instant at)
        { return static_cast<double>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count()); };
        metrics_.set("manent_archive_failing", "Whether what is written does not reach the archive",
                     state->failing_since || !state->is_set_up ? 1 : 0);
        metrics_.set("manent_archive_waiting_segments", "Segments of 16 MiB that wait for the archive",
                     state->waiting_segments);
        metrics_.set("manent_archive_gap", "Whether segments were dropped since the newest backup", state->has_gap);
        metrics_.set("manent_backup_newest_seconds", "Unix time at which the newest backup began; 0 when there is none",
                     state->newest_backup ? seconds(*state->newest_backup) : 0);
    }

    boost::asio::io_context& on_;
    config settings_;
    disk_guard disk_;
    words words_;
    workers hashing_{2};
    http::static_files files_;
    http::metrics metrics_;  // before the databases, which count their statements in it
    std::unique_ptr<store::database> app_;
    std::unique_ptr<store::database> identity_db_;
    std::unique_ptr<store::database> index_db_;
    std::unique_ptr<store::database> audit_db_;
    std::unique_ptr<store::database> mail_db_;
    std::unique_ptr<store::database> incident_db_;
    store::keyring keys_;
    std::unique_ptr<audit::queued_trail> trail_;
    std::unique_ptr<notify::sender> mail_;
    identity::service identity_;
    std::unique_ptr<identity::gate> gate_;
    directory::service directory_;
    booking::availability availability_;
    booking::live screens_;
    booking::follower follower_;
    directory::administration administration_;
    booking::service booking_;
    record::service record_;
    incident::service incidents_;
    incident::watch incident_watch_;
    http::router router_;
    std::unique_ptr<http::server> server_;
    std::string openapi_;
};

}  // namespace

std::unique_ptr<application> application::make(boost::asio::io_context& on, const config& settings,
                                               const secret_key& master)
{
    return std::make_unique<wired_application>(on, settings, master);
}

}  // namespace manent::serve
