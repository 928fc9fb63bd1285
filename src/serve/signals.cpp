#include "serve/signals.hpp"

#include <atomic>
#include <csignal>

namespace manent::serve
{

namespace
{

std::atomic<bool> asked = false;

void on_signal(int)
{
    asked = true;
}

}  // namespace

void listen_to_signals()
{
    struct sigaction action = {};
    action.sa_handler = on_signal;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGHUP, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

bool asked_to_stop()
{
    return asked;
}

}  // namespace manent::serve
