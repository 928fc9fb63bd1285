// Asks one server a trivial question every two seconds, so that one that hangs is found: its process lives, its socket
// takes connections, and nobody is answered. On a thread of its own, because whoever asks may wait.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace manent::store
{

class server_watch
{
public:
    // A question unanswered for `patience` means that the server hangs.
    server_watch(std::string conninfo, std::chrono::seconds patience);
    ~server_watch();
    server_watch(const server_watch&) = delete;
    server_watch& operator=(const server_watch&) = delete;

    [[nodiscard]] bool hangs() const { return hangs_; }
    // Another process answers from now on: what is still asked of the former one says nothing.
    void begin_anew();

private:
    void watch();
    [[nodiscard]] bool is_answered() const;

    std::string conninfo_;
    std::chrono::seconds patience_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> hangs_ = false;
    std::atomic<int> processes_ = 0;  // that were watched so far
    std::thread thread_;
};

}  // namespace manent::store
