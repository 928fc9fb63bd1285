// The question that opens nearly every handler: who is this, and may they be here? The way that other capabilities ask
// identity, so that they need nothing else of it.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "http/message.hpp"
#include "identity/types.hpp"

namespace manent::identity
{

class gate
{
public:
    virtual ~gate() = default;

    // not_signed_in (401) or locked (423) otherwise.
    virtual task<result<actor>> signed_in(const http::call& asked) = 0;
    // nullopt for nobody; never refuses.
    virtual task<std::optional<actor>> perhaps_signed_in(const http::call& asked) = 0;
    // As signed_in, and not_found (404) for a practice that the person is no active member of, the same as for one that
    // does not exist. `path_parameter` is the route's, usually "practice".
    virtual task<result<member>> member_of(const http::call& asked, std::string_view path_parameter = "practice") = 0;
    // What to answer where an act found nothing although `member_of` let it pass: the session may have ended between
    // the two, and whoever hears not_found would not sign in and send again. Any other refusal stays what it is.
    virtual task<problem> reason_of(const http::call& asked, problem refused) = 0;
};

}  // namespace manent::identity
