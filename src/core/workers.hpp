// A small pool for work that blocks (password hashing): never on the thread that serves.
#pragma once

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace manent
{

class workers
{
public:
    explicit workers(std::size_t threads) : pool_{threads} {}

    // Runs `work` on the pool and resumes the caller on its own thread with what it returned. Arguments of `work` must
    // be owned by it.
    template <class Work>
    task<std::invoke_result_t<Work>> run(Work work)
    {
        return boost::asio::co_spawn(pool_, on_pool(std::move(work)), boost::asio::use_awaitable);
    }

private:
    template <class Work>
    static task<std::invoke_result_t<Work>> on_pool(Work work)
    {
        co_return work();
    }

    boost::asio::thread_pool pool_;
};

}  // namespace manent
