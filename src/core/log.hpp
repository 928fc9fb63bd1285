// One JSON line an event on standard error. Never health data, names, addresses or tokens: identifiers and codes only.
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

namespace manent::log
{

void info(std::string_view event, boost::json::object members = {});
void warning(std::string_view event, boost::json::object members = {});
void error(std::string_view event, boost::json::object members = {});

}  // namespace manent::log
