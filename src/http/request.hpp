// From Beast's message to a `call`, and what every answer carries besides its body.
#pragma once

#include "http/message.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace manent::http
{

using raw_request = boost::beast::http::request<boost::beast::http::string_body>;
using raw_response = boost::beast::http::response<boost::beast::http::string_body>;

// Takes the body out of `from`. Refuses what no route can mean: another method, a target that does not decode, dot
// segments, an unsafe request from another site.
result<call> read_call(raw_request& from, std::string remote_address, bool over_tls);

// `request_id`, security headers, and no caching unless the answer says otherwise.
raw_response write_response(response answered, const std::string& request_id, unsigned version, bool keep_alive,
                            bool over_tls, bool head_only);

std::string new_request_id();

}  // namespace manent::http
