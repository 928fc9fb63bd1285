#include "serve/backup_command.hpp"

#include "serve/backup_drill.hpp"
#include "serve/backup_restore.hpp"
#include "serve/borrowed_archive.hpp"
#include "serve/installation.hpp"
#include "serve/long_step.hpp"
#include "store/archive_state.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <memory>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::string kind_of(const store::kept_backup& backup)
{
    return backup.kind == "full" ? "whole      " : "incremental";
}

void print(const store::kept_backup& backup)
{
    std::cout << "  " << backup.label << "  " << kind_of(backup) << "  finished " << on_own_clock(backup.finished)
              << "  " << in_megabytes(backup.size_bytes) << ", of which stored " << in_megabytes(backup.stored_bytes)
              << "\n";
}

void show_progress(long_step& step, std::string_view line)
{
    if (const auto percent = store::percent_in(line)) step.show("Taking the backup", percent);
}

int back_up_now(const config& settings, bool whole)
{
    listen_for_interruption();
    installation here{settings, false};
    here.open();
    if (!here.archive()) throw std::runtime_error("no backup is configured: set backup.folder or backup.s3_endpoint");
    const auto& archive = *here.archive();
    if (!std::filesystem::exists(archive.configuration_file()))
        throw std::runtime_error("Manent runs here without these backup settings: start it again with them");
    long_step step;
    store::archive::watch told;
    told.go_on = [] { return !was_interrupted(); };
    told.line = [&](std::string_view line) { show_progress(step, line); };
    const auto stanza = "--stanza=" + archive.settings().stanza;
    step.show("Taking the backup");
    archive.set_up(told);
    const auto done =
        archive.run({stanza, whole ? "--type=full" : "--type=incr", "--log-level-console=detail", "backup"}, told);
    step.end();
    if (was_interrupted()) throw std::runtime_error("it was ended before it was done; the next one takes it up again");
    if (done.output.find("unable to acquire lock") != std::string::npos)
        throw std::runtime_error("a backup is being taken already: look again with manent backup list");
    if (done.status != 0) throw std::runtime_error("no backup was taken: " + done.trouble());
    const auto kept = archive.list_own();
    if (!kept.backups.empty()) print(kept.backups.back());
    return 0;
}

void print_state(const std::filesystem::path& data)
{
    const auto state = store::read_archive_state(store::archive_state_file(data));
    if (!state) return;
    if (state->failing_since)
        std::cout << "The archive has FAILED since " << on_own_clock(*state->failing_since) << ": "
                  << state->waiting_segments << " segments wait for it.\n";
    if (state->has_gap) std::cout << "The archive has a GAP since the newest backup; the next backup closes it.\n";
    if (!state->trouble.empty()) std::cout << "The last act FAILED: " << state->trouble << "\n";
    if (!state->running.empty()) std::cout << "A backup is being taken.\n";
}

int list_backups(const config& settings, const std::optional<std::string>& key_file)
{
    listen_for_interruption();
    const auto account = unprivileged_account(settings);
    const auto key = key_for_backup(key_file, settings.data);
    const borrowed_archive repository{
        settings, account, key, std::filesystem::path{settings.data} / ("backup-list-" + std::to_string(::getpid()))};
    int status = 0;
    for (const auto& each : repository.archive().list())
    {
        std::cout << each.name << ": ";
        if (!each.trouble.empty())
        {
            std::cout << each.trouble << "\n";
            status = 1;
            continue;
        }
        std::cout << each.backups.size() << (each.backups.size() == 1 ? " backup" : " backups")
                  << (each.newest_segment.empty() ? "" : ", archive up to " + each.newest_segment) << "\n";
        for (const auto& backup : each.backups) print(backup);
    }
    print_state(settings.data);
    return status;
}

void add_now(CLI::App& backup, command_line& given)
{
    const auto whole = std::make_shared<bool>(false);
    auto& command = *backup.add_subcommand("now", "Takes a backup, beside the nightly ones");
    add_common_options(command, given);
    command.add_flag("--whole", *whole, "A whole one, not what changed since the last");
    command.footer("Starts the database when it does not run.");
    command.callback([&given, whole]
                     { given.chosen = [&given, whole] { return back_up_now(settings_of(given), *whole); }; });
}

void add_list(CLI::App& backup, command_line& given)
{
    const auto key = std::make_shared<std::optional<std::string>>();
    auto& command = *backup.add_subcommand("list", "What the repository holds, and how the archive does");
    add_common_options(command, given);
    command.add_option("--key", *key, "An exported master key; left out, the one in the data folder");
    command.footer("Times are on this machine's clock, with their offset from UTC.");
    command.callback([&given, key]
                     { given.chosen = [&given, key] { return list_backups(settings_of(given), *key); }; });
}

void add_check(CLI::App& backup, command_line& given)
{
    const auto wish = std::make_shared<drill_wish>();
    auto& command =
        *backup.add_subcommand("check", "The drill: restores the newest backup beside, opens all of it, removes it");
    add_common_options(command, given);
    command.add_option(
        "--key", wish->key_file,
        "An exported master key, which is what a drill should try; left out, the one in the data folder");
    command.add_option("--stanza", wish->stanza, "Whose backups, by the name that manent backup list shows");
    command.add_option("--scratch", wish->scratch, "Folder for the restored copy; it must not exist, and is removed");
    command.footer(
        "Reads every file of the repository, restores the newest backup and the archive up to now, and runs what\n"
        "manent verify runs. Ends with 1 when anything does not open or match, or is missing.");
    command.callback([&given, wish]
                     { given.chosen = [&given, wish] { return check_backup(settings_of(given), *wish); }; });
}

void add_restore(CLI::App& backup, command_line& given)
{
    const auto wish = std::make_shared<folder_wish>();
    auto& command = *backup.add_subcommand("restore", "Makes a new data folder from the repository");
    command.add_option("--config", given.config_file, "Configuration file (TOML)")->check(CLI::ExistingFile);
    command.add_option("--data", given.data, "The new data folder: empty, or not there yet")->required();
    command.add_option("--key", wish->key_file, "The exported master key; it is put into the new folder")->required();
    command.add_option("--to", wish->to,
                       "The moment to go back to, with its offset from UTC or Z: 2026-11-25T14:30:00+01:00; left out, "
                       "the end of the archive");
    command.add_option("--stanza", wish->stanza, "Whose backups, by the name that manent backup list shows");
    command.footer(
        "Everything committed before that moment is there, nothing after it. The old folder and its backups stay as\n"
        "they are; the new folder's backups take a name of their own in the repository.");
    command.callback([&given, wish]
                     { given.chosen = [&given, wish] { return restore_backup(settings_of(given), *wish); }; });
}

}  // namespace

void add_backup(CLI::App& line, command_line& given)
{
    auto& backup = *line.add_subcommand("backup", "The backup: take, list, try, bring back");
    backup.require_subcommand(1);
    add_now(backup, given);
    add_list(backup, given);
    add_check(backup, given);
    add_restore(backup, given);
}

}  // namespace manent::serve
