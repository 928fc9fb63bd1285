// The subcommands: their options and the acts behind them. An act throws std::exception with a sentence for the
// terminal.
#pragma once

#include "core/config.hpp"

#include <functional>
#include <optional>
#include <string>

namespace CLI
{
class App;
}

namespace manent::serve
{

// What was typed, shared by all subcommands.
struct command_line
{
    std::optional<std::string> config_file;
    std::optional<std::string> data;
    std::optional<std::string> address;
    std::optional<int> port;
    bool empty = false;
    std::function<int()> chosen;
};

// --config and --data.
void add_common_options(CLI::App& command, command_line& given);

void add_commands(CLI::App& line, command_line& given);

// The configuration under the command line's own values. Throws std::runtime_error with the file and line, or the
// variable, of a wrong setting.
config settings_of(const command_line& given);

}  // namespace manent::serve
