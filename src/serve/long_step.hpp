// What a command of the command line shows while something takes long, and whether somebody asked it to end.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace manent::serve
{

// From here on SIGINT and SIGTERM do not end the process but are told by was_interrupted(), so that a command can clean
// up what it made.
void listen_for_interruption();
bool was_interrupted();

// One line on standard error: on a terminal rewritten in place, elsewhere a new one when the step changes and each ten
// seconds.
class long_step
{
public:
    long_step() = default;
    ~long_step() { end(); }
    long_step(const long_step&) = delete;
    long_step& operator=(const long_step&) = delete;
    void show(std::string_view what, std::optional<double> percent = std::nullopt);
    // Clears the line.
    void end();

private:
    using clock = std::chrono::steady_clock;

    std::string what_;
    clock::time_point began_;
    clock::time_point shown_;
};

}  // namespace manent::serve
