#include "serve/verify_command.hpp"

#include "incident/verified.hpp"
#include "record/verify.hpp"
#include "serve/installation.hpp"

#include <unistd.h>

#include <iostream>
#include <thread>

namespace manent::serve
{

namespace
{

using std::chrono::seconds;
using std::chrono::steady_clock;

store::blocking_connection connect_as_reader(const std::string& conninfo)
{
    store::blocking_connection open{conninfo};
    open.execute("SET row_security = off; SET statement_timeout = 0; SET default_transaction_read_only = on");
    return open;
}

// A standby that was just started accepts nobody for a moment.
std::optional<store::blocking_connection> connect_to_standby(const std::string& conninfo, seconds at_most)
{
    const auto give_up = steady_clock::now() + at_most;
    while (true)
    {
        try
        {
            return connect_as_reader(conninfo);
        }
        catch (const store::connection_lost&)
        {
            if (steady_clock::now() >= give_up) return std::nullopt;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
}

std::function<void(std::int64_t)> progress_of(const std::string& copy)
{
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    return [copy, terminal, last = steady_clock::now()](std::int64_t walked) mutable
    {
        if (!terminal && steady_clock::now() - last < seconds{10}) return;
        last = steady_clock::now();
        std::cerr << (terminal ? "\r" : "") << "manent: " << copy << ": " << walked << " revisions"
                  << (terminal ? "" : "\n") << std::flush;
    };
}

record::verification walk(store::blocking_connection& from, const secret_key& master, const std::string& copy)
{
    auto found = record::verify(from, master, progress_of(copy));
    if (::isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K";
    std::cout << copy << ": " << found.revisions << " revisions of " << found.fields << " fields, " << found.bytes
              << " bytes of text; " << (found.failures == 0 ? "all open and match" : "FAILED:") << "\n";
    for (const auto& each : found.failed)
        std::cout << "  practice " << to_string(each.practice) << " revision " << to_string(each.revision) << ": "
                  << boost::describe::enum_to_string(each.fault, "") << "\n";
    if (found.failures > static_cast<std::int64_t>(found.failed.size()))
        std::cout << "  and " << found.failures - static_cast<std::int64_t>(found.failed.size()) << " more\n";
    return found;
}

// Nothing when it could not be asked.
std::optional<record::verification> verify_standby(const std::string& conninfo, store::blocking_connection& primary,
                                                   const installation& here, std::int64_t at_least)
{
    auto standby = connect_to_standby(conninfo, seconds{30});
    if (!standby)
    {
        std::cout << "standby: NOT ASKED, it accepts no connection\n";
        return std::nullopt;
    }
    if (!record::wait_for_replay(primary, *standby, seconds{30}))
    {
        std::cout << "standby: FAILED, it does not catch up with the primary\n";
        return std::nullopt;
    }
    const auto found = walk(*standby, here.master(), "standby");
    if (found.revisions < at_least)
        std::cout << "standby: FAILED, " << at_least - found.revisions << " revisions of the primary are missing\n";
    return found;
}

// What was found must be said on the terminal whether or not it could be written down.
void note_incident(const installation& here, const incident::verified_copies& found, bool good)
{
    try
    {
        auto as_owner = here.as_owner();
        incident::note_verified(as_owner, found, good);
    }
    catch (const std::exception& failed)
    {
        std::cerr << "manent: no incident could be noted: " << failed.what() << "\n";
    }
}

}  // namespace

int verify_copies(const config& settings)
{
    installation here{settings, false};
    here.open();
    auto primary = connect_as_reader(here.conninfo("manent_owner"));
    const auto found = walk(primary, here.master(), "primary");
    bool good = found.failures == 0;
    std::optional<record::verification> on_standby;
    if (const auto standby = here.standby_conninfo("manent_owner"))
    {
        on_standby = verify_standby(*standby, primary, here, found.revisions);
        good = good && on_standby && on_standby->failures == 0 && on_standby->revisions >= found.revisions;
    }
    else std::cout << "standby: none is kept by this installation\n";
    note_incident(here, {&found, on_standby ? &*on_standby : nullptr}, good);
    std::cout << (good ? "Every copy that was asked is whole.\n" : "Something is wrong: see above.\n");
    return good ? 0 : 1;
}

}  // namespace manent::serve
