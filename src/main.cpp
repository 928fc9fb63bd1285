// The command line: one program, one subcommand an act. Each act lives in serve/ or in its capability's service.
#include "core/config.hpp"
#include "core/crypto.hpp"
#include "serve/commands.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    manent::start_crypto();
    CLI::App line{"Manent: appointments, consultations and the practice's record"};
    line.set_version_flag("--version", "manent " MANENT_VERSION);
    line.require_subcommand(1);
    manent::serve::command_line given;
    manent::serve::add_commands(line, given);
    CLI11_PARSE(line, argc, argv);
    try
    {
        return given.chosen();
    }
    catch (const std::exception& failed)
    {
        std::cerr << "manent: " << failed.what() << "\n";
        return 1;
    }
}
