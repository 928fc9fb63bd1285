#include "core/log.hpp"

#include "core/time.hpp"

#include <boost/json/serialize.hpp>

#include <unistd.h>

#include <string>

namespace manent::log
{

namespace
{

void write_line(std::string_view level, std::string_view event, boost::json::object members)
{
    boost::json::object line{{"at", format_utc(now())}, {"level", level}, {"event", event}};
    for (auto& member : members) line.insert_or_assign(member.key(), std::move(member.value()));
    const auto text = boost::json::serialize(line) + "\n";
    // One write a line: lines of two processes never mix. A log that cannot be written has nowhere to say so.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void info(std::string_view event, boost::json::object members)
{
    write_line("info", event, std::move(members));
}

void warning(std::string_view event, boost::json::object members)
{
    write_line("warning", event, std::move(members));
}

void error(std::string_view event, boost::json::object members)
{
    write_line("error", event, std::move(members));
}

}  // namespace manent::log
