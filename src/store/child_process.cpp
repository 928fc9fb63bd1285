#include "store/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <thread>

namespace manent::store
{

namespace
{

int exit_status(int wait_status)
{
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// Between fork and exec: only what is safe there.
void become(const child_settings& settings, pid_t keeper)
{
    ::setsid();
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (settings.log_file)
    {
        const int log = ::open(settings.log_file->c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
        if (log >= 0)
        {
            ::dup2(log, STDOUT_FILENO);
            ::dup2(log, STDERR_FILENO);
        }
    }
    if (settings.run_as && ::geteuid() == 0)
    {
        const auto& account = *settings.run_as;
        const bool changed = ::initgroups(account.name.c_str(), account.group) == 0 && ::setgid(account.group) == 0 &&
                             ::setuid(account.user) == 0;
        if (!changed) ::_exit(126);
    }
    // After setuid, which clears it; and the keeper may have died before this line.
    ::prctl(PR_SET_PDEATHSIG, settings.when_keeper_dies);
    if (::getppid() != keeper) ::_exit(125);
    for (const int descriptor : settings.inherited) ::fcntl(descriptor, F_SETFD, 0);
}

}  // namespace

std::optional<account> find_account(const std::string& name)
{
    const auto* const found = ::getpwnam(name.c_str());
    if (found == nullptr) return std::nullopt;
    return account{name, found->pw_uid, found->pw_gid};
}

pid_t start_child(const child_settings& settings)
{
    std::vector<char*> arguments;
    for (const auto& each : settings.command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    std::vector<std::string> variables;
    for (char** each = environ; *each != nullptr; ++each)
    {
        const std::string_view inherited{*each};
        const auto is_given = [&](const auto& given) { return inherited.starts_with(given.first + "="); };
        if (std::ranges::none_of(settings.environment, is_given)) variables.emplace_back(inherited);
    }
    for (const auto& [name, value] : settings.environment) variables.emplace_back(name).append("=").append(value);
    std::vector<char*> environment;
    for (auto& each : variables) environment.push_back(each.data());
    environment.push_back(nullptr);
    const pid_t keeper = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (child == 0)
    {
        become(settings, keeper);
        ::execve(arguments.front(), arguments.data(), environment.data());
        ::_exit(127);
    }
    return child;
}

int run_child(const child_settings& settings)
{
    const pid_t child = start_child(settings);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    {
    }
    return exit_status(status);
}

std::optional<int> reap(pid_t child)
{
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
    return exit_status(status);
}

std::vector<pid_t> children_of(pid_t process)
{
    std::vector<pid_t> children;
    std::error_code gone;
    const auto threads = std::filesystem::path{"/proc"} / std::to_string(process) / "task";
    for (std::filesystem::directory_iterator each{threads, gone}, end; !gone && each != end; each.increment(gone))
    {
        std::ifstream listed{each->path() / "children"};
        for (pid_t child = 0; listed >> child;) children.push_back(child);
    }
    return children;
}

bool is_alive(pid_t process)
{
    std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
    std::string line;
    if (!std::getline(in, line)) return false;
    // The name stands in brackets and may hold anything; the state follows the last one.
    const auto after_name = line.rfind(')');
    return after_name != std::string::npos && after_name + 2 < line.size() && line[after_name + 2] != 'Z';
}

void end_child(pid_t child, const std::vector<std::pair<int, int>>& signals_and_seconds)
{
    for (const auto& [signal, seconds] : signals_and_seconds)
    {
        ::kill(child, signal);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
        while (std::chrono::steady_clock::now() < until)
        {
            if (reap(child)) return;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
    }
}

}  // namespace manent::store
