#include "serve/standby_command.hpp"

#include "core/crypto.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "serve/installation.hpp"
#include "serve/signals.hpp"
#include "store/cluster_files.hpp"
#include "store/distant_server.hpp"
#include "store/distant_standbys.hpp"
#include "store/keeper_desk.hpp"

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace manent::serve
{

namespace
{

using store::keeper_desk;

// A standby that was far behind replays its log before it answers.
constexpr std::chrono::seconds keeper_answers_within{150};

store::keeper_answer ask_keeper(const installation& here, std::string_view act)
{
    keeper_desk desk{here.data()};
    if (auto answered = desk.ask(act, keeper_answers_within)) return *std::move(answered);
    throw std::runtime_error("the running Manent does not answer: see its log");
}

store::keeper_answer promote_here(const config& settings, bool force)
{
    const installation here{settings, true};
    const auto cluster = here.make_cluster();
    auto outcome = cluster->promote(force);
    cluster->stop();
    return outcome;
}

int print(const store::keeper_answer& outcome)
{
    (outcome.done ? std::cout : std::cerr) << outcome.said << (outcome.said.ends_with('\n') ? "" : "\n");
    return outcome.done ? 0 : 1;
}

void refuse_other_database(const config& settings)
{
    if (!settings.database_address.empty())
        throw std::runtime_error("database.address is set: standbys of that cluster are its own tools' business");
}

// The password, then the certificate in DER, each in base64url.
std::string to_secret(const std::string& password, byte_view certificate)
{
    return password + "." + to_base64url(certificate);
}

struct secret
{
    std::string password;
    bytes certificate;
};

secret secret_from_environment()
{
    const char* const given = std::getenv("MANENT_STANDBY_SECRET");
    if (given == nullptr)
        throw std::runtime_error(
            "MANENT_STANDBY_SECRET is not set: copy the whole command that manent standby add printed");
    const std::string text{trim(given)};
    const auto dot = text.find('.');
    const auto certificate = dot == std::string::npos ? std::nullopt : from_base64url(text.substr(dot + 1));
    if (!certificate) throw std::runtime_error("MANENT_STANDBY_SECRET was not copied whole");
    return {text.substr(0, dot), *certificate};
}

// Its own password each time, so that a command that was printed before opens nothing any more.
std::string make_role(store::blocking_connection& owner, const std::string& name)
{
    auto password = random_token();
    owner.execute("SET synchronous_commit = local");
    if (owner.query("SELECT 1 FROM pg_roles WHERE rolname = $1", {store::as_parameter(name)}).empty())
        owner.execute("CREATE ROLE " + name + " LOGIN REPLICATION");
    owner.execute("ALTER ROLE " + name + " PASSWORD '" + password + "'");
    return password;
}

int keep_standby(const installation& here, store::distant_server& server)
{
    keeper_desk desk{here.data()};
    server.start();
    std::cout << "The standby in " << here.data().string() << " follows its primary.\n" << std::flush;
    while (!asked_to_stop())
    {
        server.supervise();
        if (const auto wish = desk.take())
        {
            server.stop();
            const auto cluster = here.make_cluster();
            const auto outcome = cluster->promote(wish->act == keeper_desk::promote_by_force);
            cluster->stop();
            desk.answer(*wish, outcome);
            if (outcome.done) return 0;
            server.start();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    log::info("stopping");
    server.stop();
    return 0;
}

}  // namespace

int promote_standby(const config& settings, bool force)
{
    refuse_other_database(settings);
    const installation here{settings, false};
    if (!here.keeper_is_running()) return print(promote_here(settings, force));
    return print(ask_keeper(here, force ? keeper_desk::promote_by_force : keeper_desk::promote));
}

int add_standby(const config& settings, const add_standby_wish& wish)
{
    refuse_other_database(settings);
    const installation here{settings, false};
    if (!here.keeper_is_running())
        throw std::runtime_error("nothing runs on this data folder: start manent serve first");
    const auto towards = store::address_towards(wish.address);
    if (!towards) throw std::runtime_error(wish.address + " is no address that this machine can reach");
    if (*towards == wish.address)
        throw std::runtime_error(wish.address + " is this machine's own: a copy there would be on no other machine");
    const store::distant_standbys others{here.data()};
    const auto certificate = others.certificate(here.account());
    const auto added = others.add(wish.address, wish.listens_on.empty() ? *towards : wish.listens_on);
    auto owner = here.as_owner();
    const auto password = make_role(owner, added.name);
    others.make_slots(owner);
    if (const auto opened = ask_keeper(here, keeper_desk::reopen); !opened.done) return print(opened);
    std::cout
        << "The primary listens on " << added.listens_on << " port " << store::cluster_files::primary_port << " for "
        << added.address << " alone, over TLS.\n"
        << "On that machine, with the same releases of Manent and PostgreSQL, run:\n\n"
        << "  MANENT_STANDBY_SECRET=" << to_secret(password, certificate) << " \\\n"
        << "    manent standby join " << added.listens_on << " --name " << added.name << "\n\n"
        << "It copies the database and follows it; later starts are manent standby serve. Keep the master key there "
           "too (manent key export): without it that copy opens no note.\n";
    return 0;
}

int join_as_standby(const config& settings, const join_wish& wish)
{
    refuse_other_database(settings);
    listen_to_signals();
    const auto given = secret_from_environment();
    // Not for PostgreSQL's programs, which inherit this environment.
    ::unsetenv("MANENT_STANDBY_SECRET");
    const installation here{settings, true};
    store::distant_server server{here.cluster_settings()};
    std::cerr << "manent: Copying the database from " << wish.host << "…\n";
    server.join({wish.host, wish.port, wish.name}, given.password, given.certificate);
    return keep_standby(here, server);
}

int serve_standby(const config& settings)
{
    refuse_other_database(settings);
    listen_to_signals();
    const installation here{settings, true};
    store::distant_server server{here.cluster_settings()};
    return keep_standby(here, server);
}

}  // namespace manent::serve
