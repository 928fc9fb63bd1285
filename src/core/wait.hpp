// For the command line, which has nobody else to serve: waits for a coroutine on this thread.
#pragma once

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace manent
{

// Rethrows what the coroutine throws. `on` runs until nothing is left to do on it.
template <class T>
T wait_for(boost::asio::io_context& on, task<T> act)
{
    on.restart();
    auto ended = boost::asio::co_spawn(on, std::move(act), boost::asio::use_future);
    on.run();
    return ended.get();
}

}  // namespace manent
