#include "serve/standby_command.hpp"

#include "serve/installation.hpp"
#include "store/promotion_desk.hpp"

#include <iostream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

store::promotion ask_keeper(const installation& here, bool force)
{
    store::promotion_desk desk{here.data()};
    // A standby that was far behind replays its log before it answers.
    if (auto answered = desk.ask(force, std::chrono::seconds{150})) return *std::move(answered);
    throw std::runtime_error("the running manent serve does not answer: see its log");
}

store::promotion promote_here(const config& settings, bool force)
{
    const installation here{settings, true};
    const auto cluster = here.make_cluster();
    auto outcome = cluster->promote(force);
    cluster->stop();
    return outcome;
}

}  // namespace

int promote_standby(const config& settings, bool force)
{
    if (!settings.database_address.empty())
        throw std::runtime_error("database.address is set: promote a standby with that cluster's own tools");
    const installation here{settings, false};
    const auto outcome = here.keeper_is_running() ? ask_keeper(here, force) : promote_here(settings, force);
    (outcome.done ? std::cout : std::cerr) << outcome.said << (outcome.said.ends_with('\n') ? "" : "\n");
    return outcome.done ? 0 : 1;
}

}  // namespace manent::serve
