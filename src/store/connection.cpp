#include "store/connection.hpp"

#include "store/pulse.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <cstring>
#include <deque>
#include <unordered_set>

namespace manent::store
{

namespace asio = boost::asio;

namespace
{

constexpr statement enter_person{"store.enter_person", "SELECT manent.enter_person($1)"};
constexpr statement enter_practice{"store.enter_practice", "SELECT manent.enter_practice($1, $2)"};
constexpr statement take_origin{"store.take_commit_origin", "SELECT manent.take_commit_origin()"};
constexpr statement server_start{"store.server_start", "SELECT pg_postmaster_start_time()::text"};

struct finish_connection
{
    void operator()(PGconn* open) const { PQfinish(open); }
};

// What is expected from the server for one statement of a unit.
enum class role_of
{
    preparation,
    frame,  // the scope: nothing that the caller reads
    answer
};

struct expected
{
    role_of role;
    std::string prepares;
};

struct pending
{
    explicit pending(const asio::any_io_executor& executor) : done{executor, connection::answer_within} {}

    std::vector<expected> results;
    std::size_t next = 0;
    reply answer;
    bool finished = false;
    bool lost = false;
    asio::steady_timer done;  // cancelled to wake the waiter
};

// libpq closes its socket by itself when it finds the server gone, and the next connection may get the same number.
// Asio watches a duplicate: letting go of the old one can then never make the new one deaf.
int duplicate_socket(PGconn* of)
{
    const int duplicate = ::dup(PQsocket(of));
    if (duplicate < 0) throw connection_lost{"no file descriptor is left"};
    return duplicate;
}

// Shared by the connection and the coroutine that pumps it, which may still be suspended when the connection goes.
class pipeline final : public std::enable_shared_from_this<pipeline>, public pulse::listener
{
public:
    // `of_server` lives as long as the executor's context; nullptr: the server is taken to answer.
    pipeline(asio::any_io_executor executor, std::unique_ptr<PGconn, finish_connection> open, pulse* of_server)
        : executor_{std::move(executor)},
          open_{std::move(open)},
          socket_{executor_, duplicate_socket(open_.get())},
          of_server_{of_server}
    {
        PQsetNoticeReceiver(open_.get(), &pipeline::on_notice, this);
    }

    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] std::size_t under_way() const { return queue_.size(); }

    task<reply> run(const unit& asked)
    {
        const auto alive = shared_from_this();
        if (broken_) throw connection_lost{"the connection is broken"};
        if (of_server_ != nullptr && of_server_->is_silent()) throw connection_lost{"the server does not answer"};
        const auto entry = std::make_shared<pending>(executor_);
        enqueue(asked, *entry);
        if (PQpipelineSync(open_.get()) != 1) fail_all();
        co_await finish(entry);
        if (entry->lost) throw connection_lost{"the connection was lost while a unit was under way"};
        co_return std::move(entry->answer);
    }

    void server_fell_silent() override
    {
        if (!queue_.empty()) close();
    }

    // Whoever still waits hears that the connection is lost.
    void close()
    {
        fail_all();
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    // Sends what was queued for an entry and waits for its answers. A server that answers nothing for so long (stopped,
    // or cut off by the network) is taken for lost.
    task<void> finish(std::shared_ptr<pending> entry)
    {
        if (broken_) entry->lost = entry->finished = true;
        else queue_.push_back(entry);
        start_pumping();
        if (entry->finished) co_return;
        boost::system::error_code woken;
        co_await entry->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (!entry->finished) close();
    }

    void enqueue(const unit& asked, pending& entry)
    {
        const auto& within = asked.within();
        if (within.of == scope::kind::person)
            send({enter_person, {as_parameter(within.session_token)}}, role_of::frame, entry);
        if (within.of == scope::kind::practice)
            send({enter_practice, {as_parameter(within.practice), as_parameter(within.session_token)}}, role_of::frame,
                 entry);
        for (const auto& each : asked.statements()) send(each, role_of::answer, entry);
    }

    void send(const bound_statement& bound, role_of role, pending& entry)
    {
        const std::string name{bound.what.name};
        if (!prepared_.contains(name))
        {
            // The pipeline keeps order, so what follows may count on it; a failed preparation takes the name out again.
            PQsendPrepare(open_.get(), name.c_str(), std::string{bound.what.text}.c_str(), 0, nullptr);
            prepared_.insert(name);
            entry.results.push_back({role_of::preparation, name});
        }
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
        for (const auto& each : bound.parameters)
        {
            values.push_back(each.value ? each.value->c_str() : nullptr);
            lengths.push_back(each.value ? static_cast<int>(each.value->size()) : 0);
            formats.push_back(each.binary ? 1 : 0);
        }
        const int sent = PQsendQueryPrepared(open_.get(), name.c_str(), static_cast<int>(values.size()), values.data(),
                                             lengths.data(), formats.data(), 0);
        if (sent != 1) broken_ = true;
        entry.results.push_back({role, {}});
    }

    void start_pumping()
    {
        if (pumping_ || queue_.empty()) return;
        pumping_ = true;
        asio::co_spawn(executor_, pump(), asio::detached);
    }

    // Writes what is buffered and reads what comes, until nobody waits.
    task<void> pump()
    {
        const auto alive = shared_from_this();
        using namespace asio::experimental::awaitable_operators;
        try
        {
            while (!queue_.empty() && !broken_)
            {
                const int unsent = PQflush(open_.get());
                if (unsent < 0) break;
                if (unsent > 0)
                    co_await (socket_.async_wait(asio::posix::stream_descriptor::wait_write, asio::use_awaitable) ||
                              socket_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable));
                else co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
                if (PQconsumeInput(open_.get()) != 1) break;
                take_results();
            }
        }
        catch (const boost::system::system_error&)
        {
            broken_ = true;
        }
        pumping_ = false;
        if (!queue_.empty()) fail_all();
    }

    void take_results()
    {
        while (!queue_.empty() && PQisBusy(open_.get()) == 0)
        {
            std::unique_ptr<PGresult, detail::clear_result> taken{PQgetResult(open_.get())};
            if (!taken)
            {
                // NULL ends each statement's results; two in a row with none expected would be a lost protocol.
                if (PQstatus(open_.get()) == CONNECTION_BAD) broken_ = true;
                if (broken_) return;
                continue;
            }
            take(std::move(taken));
        }
    }

    void take(std::unique_ptr<PGresult, detail::clear_result> taken)
    {
        auto& entry = *queue_.front();
        const auto status = PQresultStatus(taken.get());
        if (status == PGRES_PIPELINE_SYNC)
        {
            const auto finished = queue_.front();
            queue_.pop_front();
            finished->finished = true;
            finished->done.cancel();
            return;
        }
        if (entry.next >= entry.results.size())
        {
            // Only an error of the commit itself may come here.
            if (status == PGRES_FATAL_ERROR) note_error(entry, taken.get());
            return;
        }
        const auto& awaited = entry.results[entry.next++];
        const bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
        if (!good)
        {
            if (awaited.role == role_of::preparation) prepared_.erase(awaited.prepares);
            if (status == PGRES_FATAL_ERROR) note_error(entry, taken.get());
            return;
        }
        if (awaited.role == role_of::answer) entry.answer.of_statements.emplace_back(taken.release());
    }

    static void note_error(pending& entry, const PGresult* failed)
    {
        if (entry.answer.refused) return;
        const auto part = [&](int field)
        {
            const char* const text = PQresultErrorField(failed, field);
            return std::string{text == nullptr ? "" : text};
        };
        entry.answer.refused =
            sql_error{part(PG_DIAG_SQLSTATE), part(PG_DIAG_MESSAGE_PRIMARY), part(PG_DIAG_MESSAGE_DETAIL)};
    }

    void fail_all()
    {
        broken_ = true;
        for (const auto& entry : std::exchange(queue_, {}))
        {
            entry->lost = true;
            entry->finished = true;
            entry->done.cancel();
        }
    }

    static void on_notice(void* self, const PGresult* notice)
    {
        const char* const sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
        auto& queue = static_cast<pipeline*>(self)->queue_;
        if (sqlstate != nullptr && std::strcmp(sqlstate, "01000") == 0 && !queue.empty())
            queue.front()->answer.wait_was_cancelled = true;
    }

    asio::any_io_executor executor_;
    std::unique_ptr<PGconn, finish_connection> open_;
    asio::posix::stream_descriptor socket_;
    pulse* of_server_;
    std::deque<std::shared_ptr<pending>> queue_;
    std::unordered_set<std::string> prepared_;
    bool pumping_ = false;
    bool broken_ = false;
};

class pipelined_connection final : public connection
{
public:
    explicit pipelined_connection(std::shared_ptr<pipeline> of) : pipeline_{std::move(of)} {}
    ~pipelined_connection() override { pipeline_->close(); }
    pipelined_connection(const pipelined_connection&) = delete;
    pipelined_connection& operator=(const pipelined_connection&) = delete;

    task<reply> run(const unit& asked) override { return pipeline_->run(asked); }
    [[nodiscard]] const std::string& server_start() const override { return server_start_; }
    [[nodiscard]] std::optional<int> commit_origin() const override { return commit_origin_; }
    [[nodiscard]] bool broken() const override { return pipeline_->broken(); }
    [[nodiscard]] std::size_t under_way() const override { return pipeline_->under_way(); }

    task<void> take_commit_origin() override
    {
        unit asked{scope::everyone()};
        asked.add(take_origin);
        const auto answered = co_await run(asked);
        if (!answered.refused) commit_origin_ = answered.of_statements.front()[0].get<std::optional<int>>(0);
    }

    task<void> ask_server_start()
    {
        unit asked{scope::everyone()};
        asked.add(manent::store::server_start);
        const auto answered = co_await run(asked);
        if (answered.refused) throw connection_lost{"the server does not say when it started"};
        server_start_ = answered.of_statements.front()[0].get<std::string>(0);
    }

private:
    std::shared_ptr<pipeline> pipeline_;
    std::string server_start_;
    std::optional<int> commit_origin_;
};

}  // namespace

task<std::unique_ptr<connection>> connection::open(std::string conninfo, silence server_silence)
{
    using namespace asio::experimental::awaitable_operators;
    using asio::posix::stream_descriptor;
    const auto executor = co_await asio::this_coro::executor;
    auto* const of_server = server_silence == silence::is_respected ? pulse::of(executor) : nullptr;
    if (of_server != nullptr && of_server->is_silent()) throw connection_lost{"the server does not answer"};
    std::unique_ptr<PGconn, finish_connection> opening{PQconnectStart(conninfo.c_str())};
    if (!opening || PQstatus(opening.get()) == CONNECTION_BAD)
        throw connection_lost{opening ? PQerrorMessage(opening.get()) : "libpq has no memory"};
    // libpq keeps its connect_timeout only when it blocks.
    asio::steady_timer too_late{executor, connect_within};
    for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(opening.get()))
    {
        if (state == PGRES_POLLING_FAILED) throw connection_lost{PQerrorMessage(opening.get())};
        stream_descriptor waiting{executor, duplicate_socket(opening.get())};
        const auto direction =
            state == PGRES_POLLING_READING ? stream_descriptor::wait_read : stream_descriptor::wait_write;
        boost::system::error_code failed;
        const auto first = co_await (waiting.async_wait(direction, asio::redirect_error(asio::use_awaitable, failed)) ||
                                     too_late.async_wait(asio::use_awaitable));
        if (first.index() == 1) throw connection_lost{"the server accepted nobody in time"};
        if (failed) throw connection_lost{failed.message()};
    }
    if (PQsetnonblocking(opening.get(), 1) != 0 || PQenterPipelineMode(opening.get()) != 1)
        throw connection_lost{PQerrorMessage(opening.get())};
    const auto opened = std::make_shared<pipeline>(executor, std::move(opening), of_server);
    if (of_server != nullptr) of_server->add(opened);
    auto open = std::make_unique<pipelined_connection>(opened);
    co_await open->ask_server_start();
    co_return open;
}

}  // namespace manent::store
