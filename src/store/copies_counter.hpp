// Counts the copies of what was committed, for all who wait for a receipt together: one question to the primary answers
// many. Belongs to one thread.
#pragma once

#include "core/task.hpp"
#include "store/copies.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace manent::store
{

class copies_counter : public std::enable_shared_from_this<copies_counter>
{
public:
    // Asks the primary; nothing when it does not answer.
    using question = std::function<task<std::optional<std::vector<rows>>>(unit)>;

    // `one_disk` says whether the copies of this machine lie on one device.
    copies_counter(boost::asio::any_io_executor executor, question ask, bool one_disk);

    // On the server that started at `server_start`: the copies of the newest commit that carries `commit_origin`, or
    // without one, or where that server does not tell, of all that was committed before this call. Waits for
    // synchronous standbys that are behind for at most a quarter of a second, for others a moment; one copy when the
    // primary does not answer or is another server by now, whose log says nothing of the first one's.
    task<copies> count(std::string server_start, std::optional<int> commit_origin);

private:
    struct waiter
    {
        std::string server_start;
        std::optional<int> commit_origin;
        std::optional<std::uint64_t> position;  // at or after what it waits for, as the first question told
        std::chrono::steady_clock::time_point since;
        boost::asio::steady_timer answered;
        std::optional<copies> counted;
    };

    struct standing
    {
        std::string server_start;
        std::uint64_t own = 0;
        std::vector<flushed_position> standbys;
        std::map<int, std::uint64_t> commits;  // by origin, where the newest ends

        [[nodiscard]] std::uint64_t position_of(const std::optional<int>& commit_origin) const;
    };

    task<void> ask_while_somebody_waits();
    task<std::optional<standing>> ask();
    task<void> learn_standbys(const std::vector<flushed_position>& of);
    void answer(waiter& whom, const standing& now) const;

    boost::asio::any_io_executor executor_;
    question ask_;
    bool one_disk_;
    bool asking_ = false;
    std::vector<waiter*> waiting_;
    standbys_by_sender known_;
    std::chrono::steady_clock::time_point known_since_;
};

}  // namespace manent::store
