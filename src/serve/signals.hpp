// The signals that end a keeper.
#pragma once

namespace manent::serve
{

// SIGINT, SIGTERM and SIGHUP ask to stop from now on, and SIGPIPE is an error like others.
void listen_to_signals();
[[nodiscard]] bool asked_to_stop();

}  // namespace manent::serve
