// Child processes of the keeper: in a session of their own, so that a terminal's Ctrl-C reaches the keeper alone; as an
// unprivileged account when started by root; told by the kernel when the keeper dies.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace manent::store
{

struct account
{
    std::string name;
    uid_t user;
    gid_t group;
};

// nullopt when there is no such account.
std::optional<account> find_account(const std::string& name);

struct child_settings
{
    std::vector<std::string> command;               // an absolute path first
    std::optional<account> run_as;                  // nullopt: as the keeper
    std::optional<std::filesystem::path> log_file;  // its standard output and error; nullopt: the keeper's
    std::vector<std::pair<std::string, std::string>> environment;  // over the keeper's
    int when_keeper_dies = SIGTERM;
    std::vector<int> inherited;  // descriptors that stay open in the child
};

// Throws std::system_error when it cannot fork. A command that cannot be executed ends the child with status 127.
pid_t start_child(const child_settings& settings);

// Runs to the end and returns the exit status (128 + signal when one ended it).
int run_child(const child_settings& settings);

// nullopt while it runs; its status once, after which the number may belong to another process.
std::optional<int> reap(pid_t child);

// What a process has started and not yet reaped, as the kernel lists it.
std::vector<pid_t> children_of(pid_t process);

// Whether it can still do anything: a zombie cannot.
bool is_alive(pid_t process);

// Asks with each signal in turn, waiting between them, until the process has gone. Only for children of this process.
void end_child(pid_t child, const std::vector<std::pair<int, int>>& signals_and_seconds);

}  // namespace manent::store
