// From a request that was read to its answer: finds the route, runs its handler, counts, and is the one place where a
// fault ends a request. No streams here.
#pragma once

#include "http/metrics.hpp"
#include "http/request.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"

#include <optional>
#include <string>

namespace manent::http
{

class dispatcher
{
public:
    // All three must live longer than the dispatcher.
    dispatcher(const router& routes, const static_files& files, metrics& counters)
        : routes_{routes}, files_{files}, counters_{counters}
    {
    }

    // By the header alone, so that the body's limit is known before the body is read; nullptr when there is none.
    [[nodiscard]] const route* route_of(const raw_request& header) const;

    // Takes the body out of `raw`. Never throws for what a handler throws: that is logged and answered 500.
    task<response> answer(raw_request& raw, const std::string& remote, const std::string& request_id, bool over_tls);

    // Whether a web socket may be opened for this header: the route and what was asked, or the refusal.
    struct admission
    {
        const route* to = nullptr;
        call asked;
        std::optional<response> refused;
    };
    task<admission> admit(raw_request& raw, const std::string& remote, const std::string& request_id, bool over_tls);

private:
    [[nodiscard]] response without_route(const call& asked, bool path_is_known) const;

    const router& routes_;
    const static_files& files_;
    metrics& counters_;
};

}  // namespace manent::http
