#include "serve/answer.hpp"

#include "core/log.hpp"
#include "http/static_files.hpp"
#include "serve/application.hpp"
#include "store/child_process.hpp"
#include "store/keyring.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace manent::serve
{

namespace
{

int descriptor_from(const char* variable)
{
    const char* const given = std::getenv(variable);
    return given == nullptr ? -1 : std::atoi(given);
}

void drop_privileges(const config& settings)
{
    if (::geteuid() != 0) return;
    const std::string name = settings.account.empty() ? "postgres" : settings.account;
    const auto account = store::find_account(name);
    const bool dropped = account && ::initgroups(name.c_str(), account->group) == 0 && ::setgid(account->group) == 0 &&
                         ::setuid(account->user) == 0;
    if (!dropped) throw std::runtime_error("cannot become the account " + name);
    // setuid cleared it.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

// Before privileges are dropped: the data folder is its owner's. Without it, pages opened before an update have to be
// loaded anew; nothing else suffers.
void keep_front_end(const config& settings)
{
    try
    {
        http::keep_release(std::filesystem::path{settings.share} / "web",
                           std::filesystem::path{settings.data} / "front_end");
    }
    catch (const std::filesystem::filesystem_error& failed)
    {
        log::warning("front_end_not_kept", {{"why", failed.code().message()}});
    }
}

task<void> run(application& app, boost::asio::io_context& on)
{
    const auto executor = on.get_executor();
    boost::asio::signal_set signals{executor, SIGTERM, SIGINT};
    co_await app.start();
    app.listen_on(descriptor_from("MANENT_LISTENER"));
    const int ready = descriptor_from("MANENT_READY");
    if (ready >= 0 && ::write(ready, "r", 1) == 1) ::close(ready);
    co_await signals.async_wait(boost::asio::use_awaitable);
    log::info("draining");
    co_await app.stop();
    on.stop();
}

}  // namespace

int answer_requests(const config& given)
{
    config settings = given;
    const char* const demonstration = std::getenv("MANENT_DEMONSTRATION");
    settings.demonstration = demonstration != nullptr && std::string_view{demonstration} == "true";
    const auto master = store::load_master_key(std::filesystem::path{settings.data} / "keys" / "master.key", false);
    keep_front_end(settings);
    drop_privileges(settings);
    ::signal(SIGPIPE, SIG_IGN);
    boost::asio::io_context on{1};
    const auto app = application::make(on, settings, master);
    int status = 0;
    boost::asio::co_spawn(on, run(*app, on),
                          [&](const std::exception_ptr& fault)
                          {
                              if (!fault) return;
                              status = 1;
                              on.stop();
                              try
                              {
                                  std::rethrow_exception(fault);
                              }
                              catch (const std::exception& why)
                              {
                                  log::error("cannot_serve", {{"what", why.what()}});
                              }
                          });
    on.run();
    return status;
}

}  // namespace manent::serve
