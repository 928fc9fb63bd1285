#include "store/postmaster.hpp"

#include "core/log.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <thread>

namespace manent::store
{

namespace
{

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string first_line_of(const std::filesystem::path& file)
{
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    return line;
}

// Every server process works in its data folder. One of another user can only be seen by root with its usual rights;
// then children_of() is what is left, and PostgreSQL's own check of its shared memory.
std::vector<pid_t> servers_in(const std::filesystem::path& folder)
{
    std::vector<pid_t> found;
    const auto here = std::filesystem::weakly_canonical(folder).string();
    std::error_code gone;
    for (std::filesystem::directory_iterator each{"/proc", gone}, end; !gone && each != end; each.increment(gone))
    {
        const auto name = each->path().filename().string();
        pid_t process = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), process).ptr != name.data() + name.size()) continue;
        if (first_line_of(each->path() / "comm") != "postgres") continue;
        std::error_code hidden;
        const auto works_in = std::filesystem::read_symlink(each->path() / "cwd", hidden).string();
        // The kernel marks a folder that was removed under it.
        if (!hidden && (works_in == here || works_in == here + " (deleted)")) found.push_back(process);
    }
    return found;
}

bool wait_until_gone(const std::vector<pid_t>& processes, seconds at_most)
{
    const auto give_up = clock::now() + at_most;
    while (std::ranges::any_of(processes, is_alive))
    {
        if (clock::now() > give_up) return false;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return true;
}

// Stopped first, so that it starts nobody while its children are listed.
std::vector<pid_t> kill_with_children(pid_t process)
{
    ::kill(process, SIGSTOP);
    std::this_thread::sleep_for(milliseconds{10});
    auto children = children_of(process);
    for (const auto each : children) ::kill(each, SIGKILL);
    ::kill(process, SIGKILL);
    return children;
}

}  // namespace

bool end_strays(const std::filesystem::path& folder)
{
    const auto strays = servers_in(folder);
    if (strays.empty()) return true;
    for (const auto each : strays) ::kill(each, SIGKILL);
    log::warning("postgresql_strays_ended",
                 {{"folder", folder.filename().string()}, {"processes", static_cast<int>(strays.size())}});
    return wait_until_gone(strays, seconds{5});
}

postmaster::postmaster(std::string name, std::filesystem::path folder)
    : name_{std::move(name)}, folder_{std::move(folder)}
{
}

bool postmaster::has_database() const
{
    std::error_code unknown;
    return std::filesystem::exists(folder_ / "PG_VERSION", unknown);
}

void postmaster::launch(const child_settings& how)
{
    pid_ = start_child(how);
    started_ = clock::now();
}

std::optional<int> postmaster::take_end()
{
    if (pid_ == 0) return std::nullopt;
    const auto ended = reap(pid_);
    if (!ended) return std::nullopt;
    pid_ = 0;
    failures_ = clock::now() - started_ < seconds{5} ? failures_ + 1 : 0;
    return ended;
}

bool postmaster::may_start() const
{
    return pid_ == 0 && clock::now() - started_ >= seconds{std::min(failures_, 10)};
}

bool postmaster::end_whole(const std::vector<std::pair<int, int>>& signals_and_seconds)
{
    if (pid_ != 0)
    {
        auto family = children_of(pid_);
        bool ended = false;
        for (const auto& [signal, patience] : signals_and_seconds)
        {
            if (ended) break;
            ::kill(pid_, signal);
            const auto until = clock::now() + seconds{patience};
            while (!(ended = reap(pid_).has_value()) && clock::now() < until)
                std::this_thread::sleep_for(milliseconds{10});
        }
        if (!ended)
        {
            log::warning("postgresql_killed", {{"which", name_}});
            family = kill_with_children(pid_);
            const auto until = clock::now() + seconds{5};
            while (!(ended = reap(pid_).has_value()) && clock::now() < until)
                std::this_thread::sleep_for(milliseconds{10});
        }
        if (!ended || !wait_until_gone(family, seconds{5})) return false;
        pid_ = 0;
    }
    return end_strays(folder_);
}

}  // namespace manent::store
