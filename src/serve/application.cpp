#include "serve/application.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"
#include "core/words.hpp"
#include "core/workers.hpp"
#include "http/server.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"

#include <sys/stat.h>

namespace manent::serve
{

namespace
{

constexpr statement still_there{"serve.ready", "SELECT 1"};

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
        : settings_{settings},
          disk_{settings.data, std::uint64_t(settings.disk_reserve_mb) * 1024 * 1024},
          words_{words::load(std::filesystem::path{settings.share} / "words")},
          files_{http::static_files::load(std::filesystem::path{settings.share} / "web")},
          app_{connect(on, "manent_app", static_cast<std::size_t>(settings.database_writers_max))},
          keys_{master}
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

    task<void> start() override { co_return; }

    void listen_on(int descriptor) override { server_->listen_on(descriptor); }

    task<void> stop() override { co_await server_->drain(); }

private:
    std::unique_ptr<store::database> connect(boost::asio::io_context& on, std::string_view role, std::size_t writers)
    {
        store::database_settings wanted;
        wanted.conninfo = settings_.database_address + " user=" + std::string{role};
        wanted.writers_max = writers;
        wanted.disk_is_full = [this] { return disk_.is_full(); };
        wanted.one_disk = copies_share_a_disk(settings_.data);
        return store::database::make(on.get_executor(), std::move(wanted));
    }

    void add_routes()
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
        question.add(still_there);
        const auto answered = co_await app_->read(question);
        if (!answered) co_return http::refuse(asked, answered.error());
        if (disk_.is_full()) co_return http::refuse(asked, refusal(problem_kind::storage_full, "disk_full"));
        co_return http::answer_json({{"status", "ready"}});
    }

    task<http::response> write_metrics()
    {
        disk_.is_full();
        metrics_.set("manent_disk_free_bytes", "Free space where the database lives",
                     static_cast<double>(disk_.free_bytes()));
        co_return http::response{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(), {}};
    }

    config settings_;
    disk_guard disk_;
    words words_;
    http::static_files files_;
    std::unique_ptr<store::database> app_;
    store::keyring keys_;
    http::metrics metrics_;
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
