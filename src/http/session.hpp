// The life of one connection: its requests one after the other, each phase bounded in time and size, up to a web
// socket or the end.
#pragma once

#include "http/connection.hpp"
#include "http/dispatcher.hpp"
#include "http/limits.hpp"

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace manent::http
{

// What the sessions of one server share, and what it needs to end them. All on the server's thread.
struct session_ground
{
    dispatcher dispatch;
    limits bounds;
    bool over_tls = false;
    bool draining = false;
    std::unordered_set<connection*> idle{};  // wait for a header: may be closed at any moment
    std::vector<std::weak_ptr<web_socket>> live_sockets{};
};

// Returns when the connection is at its end. `ground` must outlive the session.
task<void> run_session(session_ground& ground, std::unique_ptr<connection> over, std::string remote);

}  // namespace manent::http
