#include "serve/long_step.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>

namespace manent::serve
{

namespace
{

std::atomic<bool> interrupted = false;

bool is_terminal()
{
    static const bool terminal = ::isatty(STDERR_FILENO) == 1;
    return terminal;
}

}  // namespace

void listen_for_interruption()
{
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = true; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool was_interrupted()
{
    return interrupted;
}

void long_step::show(std::string_view what, std::optional<double> percent)
{
    const auto now = clock::now();
    const bool is_new = what != what_ && (is_terminal() || shown_ + std::chrono::seconds{1} < now);
    if (!is_new && now - shown_ < (is_terminal() ? std::chrono::milliseconds{200} : std::chrono::seconds{10})) return;
    if (is_new)
    {
        what_ = what;
        began_ = now;
    }
    shown_ = now;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - began_).count();
    std::string line = "manent: " + what_ + "…";
    if (percent) line += " " + std::to_string(static_cast<int>(*percent)) + " %";
    if (seconds > 0) line += " (" + std::to_string(seconds) + " s)";
    std::cerr << (is_terminal() ? "\r\033[K" : "") << line << (is_terminal() ? "" : "\n") << std::flush;
}

void long_step::end()
{
    if (!what_.empty() && is_terminal()) std::cerr << "\r\033[K" << std::flush;
    what_.clear();
}

}  // namespace manent::serve
