#include "store/blocking.hpp"

#include <unistd.h>

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
    if (PQstatus(open_.get()) != CONNECTION_OK) throw connection_lost{PQerrorMessage(open_.get())};
    PQsetNoticeReceiver(open_.get(), &ignore_notice, nullptr);
}

int blocking_connection::duplicate_socket() const
{
    const int duplicate = ::dup(PQsocket(open_.get()));
    if (duplicate < 0) throw connection_lost{"no file descriptor is left"};
    return duplicate;
}

void blocking_connection::execute(const std::string& sql)
{
    checked(open_.get(), PQexec(open_.get(), sql.c_str()));
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
    return checked(open_.get(), PQexecParams(open_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                             values.data(), lengths.data(), formats.data(), 0));
}

}  // namespace manent::store
