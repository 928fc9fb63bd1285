// Whether PostgreSQL answers at all, for the serving process: a trivial question each second. Once one stays unanswered
// for three seconds the server has fallen silent: whoever waits for an answer is told that the connection is lost, and
// nobody begins to wait, until a question is answered again. What was sent is never cancelled at the server: a commit
// under way may still happen. One for each io_context, whose connections all go to one server; belongs to its thread.
#pragma once

#include "core/task.hpp"

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace manent::store
{

class pulse final : public boost::asio::execution_context::service
{
public:
    // What makes it a service of an execution context.
    using key_type = pulse;
    static boost::asio::execution_context::id id;

    // Whoever waits for the server's answers.
    class listener
    {
    public:
        virtual ~listener() = default;
        virtual void server_fell_silent() = 0;
    };

    explicit pulse(boost::asio::execution_context& of) : service{of} {}

    // The pulse of whoever runs on that executor; nullptr where nobody asked for one, as in tests and on the command
    // line.
    static pulse* of(const boost::asio::any_io_executor& executor);

    // Asks until stop().
    task<void> run(std::string conninfo);
    void stop() { stopping_ = true; }

    [[nodiscard]] bool is_silent() const { return silent_; }
    void add(std::weak_ptr<listener> waiting);

private:
    void shutdown() override {}
    static task<bool> is_answered(const std::string& conninfo);
    void tell();

    std::vector<std::weak_ptr<listener>> listeners_;
    bool silent_ = false;
    bool stopping_ = false;
};

}  // namespace manent::store
