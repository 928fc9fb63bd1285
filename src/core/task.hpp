// The coroutine of the program: capabilities see only this, never a stream or an executor, and so compile fast.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace manent
{

template <class T>
using task = boost::asio::awaitable<T>;

}  // namespace manent
