#include "store/server_watch.hpp"

#include "store/blocking.hpp"

namespace manent::store
{

server_watch::server_watch(std::string conninfo, std::chrono::seconds patience)
    : conninfo_{std::move(conninfo)}, patience_{patience}, thread_{[this] { watch(); }}
{
}

server_watch::~server_watch()
{
    stopping_ = true;
    thread_.join();
}

void server_watch::begin_anew()
{
    ++processes_;
    hangs_ = false;
}

void server_watch::watch()
{
    while (!stopping_)
    {
        const int asked = processes_;
        const bool answered = is_answered();
        if (asked == processes_) hangs_ = !answered;
        for (int slice = 0; slice < 20 && !stopping_; ++slice)
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

// A refusal is an answer, and a server that is not there is for whoever keeps the process. A new connection each time:
// one that is kept would not notice a server that answers the old ones only.
bool server_watch::is_answered() const
{
    try
    {
        blocking_connection open{conninfo_, patience_, &stopping_};
        open.query("SELECT 1");
    }
    catch (const server_silent&)
    {
        return false;
    }
    catch (const std::exception&)
    {
        return true;
    }
    return true;
}

}  // namespace manent::store
