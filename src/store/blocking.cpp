#include "store/blocking.hpp"

#include <poll.h>

#include <cerrno>

namespace manent::store
{

namespace
{

void ignore_notice(void*, const PGresult*) {}

rows checked(PGconn* connection, PGresult* answered)
{
    std::unique_ptr<PGresult, detail::clear_result> held{answered};
    const auto status = PQresultStatus(held.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return rows{held.release()};
    if (PQstatus(connection) == CONNECTION_BAD) throw connection_lost{PQerrorMessage(connection)};
    const char* const sqlstate = PQresultErrorField(held.get(), PG_DIAG_SQLSTATE);
    throw statement_failed{sqlstate == nullptr ? "" : sqlstate, PQresultErrorMessage(held.get())};
}

}  // namespace

blocking_connection::blocking_connection(const std::string& conninfo) : open_{PQconnectdb(conninfo.c_str())}
{
    require_open();
}

blocking_connection::blocking_connection(const std::string& conninfo, std::chrono::milliseconds patience,
                                         const std::atomic<bool>* interrupted)
    : open_{PQconnectStart(conninfo.c_str())}, patience_{patience}, interrupted_{interrupted}
{
    auto state = PQstatus(open_.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED)
    {
        wait_for(state == PGRES_POLLING_READING ? POLLIN : POLLOUT);
        state = PQconnectPoll(open_.get());
    }
    require_open();
}

void blocking_connection::require_open() const
{
    if (PQstatus(open_.get()) != CONNECTION_OK) throw connection_lost{PQerrorMessage(open_.get())};
    PQsetNoticeReceiver(open_.get(), &ignore_notice, nullptr);
}

// Counted in slices that were waited for, not by the clock: whoever stops this process and lets it go on must not make
// it believe that the server was silent meanwhile.
void blocking_connection::wait_for(short events) const
{
    constexpr std::chrono::milliseconds slice{100};
    for (auto left = patience_; !left || left->count() > 0;)
    {
        if (interrupted_ != nullptr && *interrupted_) throw connection_lost{"the wait was ended"};
        pollfd waiting{PQsocket(open_.get()), events, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(slice.count()));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) throw connection_lost{"the connection cannot be waited for"};
        if (left) *left -= slice;
    }
    throw server_silent{"the server does not answer"};
}

// The last result of what was sent, or the first error.
rows blocking_connection::answer() const
{
    std::unique_ptr<PGresult, detail::clear_result> last;
    while (true)
    {
        while (PQisBusy(open_.get()) != 0)
        {
            wait_for(POLLIN);
            if (PQconsumeInput(open_.get()) != 1) throw connection_lost{PQerrorMessage(open_.get())};
        }
        std::unique_ptr<PGresult, detail::clear_result> next{PQgetResult(open_.get())};
        if (!next) break;
        if (!last || PQresultStatus(last.get()) != PGRES_FATAL_ERROR) last = std::move(next);
    }
    if (!last) throw connection_lost{PQerrorMessage(open_.get())};
    return checked(open_.get(), last.release());
}

void blocking_connection::execute(const std::string& sql)
{
    if (PQsendQuery(open_.get(), sql.c_str()) != 1) throw connection_lost{PQerrorMessage(open_.get())};
    answer();
}

rows blocking_connection::query(const std::string& sql, const std::vector<parameter>& parameters)
{
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const auto& each : parameters)
    {
        values.push_back(each.value ? each.value->c_str() : nullptr);
        lengths.push_back(each.value ? static_cast<int>(each.value->size()) : 0);
        formats.push_back(each.binary ? 1 : 0);
    }
    const int sent = PQsendQueryParams(open_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                       values.data(), lengths.data(), formats.data(), 0);
    if (sent != 1) throw connection_lost{PQerrorMessage(open_.get())};
    return answer();
}

}  // namespace manent::store
