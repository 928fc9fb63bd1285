// What anyone on the network may send: a request's head through the parser and into a call. Never a crash, and what is
// accepted keeps its promises: a decoded path without dot segments or control characters.
#include "http/request.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    namespace beast = boost::beast;
    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(8192);
    parser.body_limit(65536);
    parser.eager(true);
    beast::error_code failed;
    parser.put(boost::asio::const_buffer{data, size}, failed);
    if (failed || !parser.is_header_done()) return 0;
    auto request = parser.release();
    const auto asked = manent::http::read_call(request, "127.0.0.1", false);
    if (!asked) return 0;
    if (asked->path.find("/../") != std::string::npos || asked->path.ends_with("/..")) std::abort();
    if (asked->path.find('\0') != std::string::npos) std::abort();
    return 0;
}
