// The table of routes: finds who answers a path, and describes the whole API in OpenAPI 3.1 from the same types that
// read requests and write answers.
#pragma once

#include "http/message.hpp"

#include <string>
#include <vector>

namespace manent::http
{

struct route
{
    verb method = verb::get;
    std::string path;       // "/api/v1/practices/{practice}/agendas"
    std::string operation;  // operationId: unique, snake_case
    std::string summary;
    std::vector<std::string> queries;  // names of query parameters
    std::vector<std::string> headers;  // names of optional request headers, each with a UUID
    bool needs_key = false;            // Idempotency-Key is required
    std::size_t body_bytes_max = 256 * 1024;
    int success = 200;
    int success_known = 0;  // the status when what was asked for is there already; 0: none of its own
    json::object request;   // schema; empty: no body
    json::object answer;    // schema; empty: no JSON
    handler handled_by;
    socket_handler admits;  // a web socket: who may open it
    socket_opened opened;

    // The following return the route, so that it is declared in one expression.
    template <class T>
    route& takes()
    {
        request = schema_of<T>();
        return *this;
    }
    template <class T>
    route& answers(int status = 200)
    {
        answer = schema_of<T>();
        success = status;
        return *this;
    }
    route& or_answers(int status_when_known)
    {
        success_known = status_when_known;
        return *this;
    }
    route& answers_nothing()
    {
        success = 204;
        return *this;
    }
    route& asks(std::vector<std::string> query_names)
    {
        queries = std::move(query_names);
        return *this;
    }
    route& hears(std::vector<std::string> header_names)
    {
        headers = std::move(header_names);
        return *this;
    }
    route& keyed()
    {
        needs_key = true;
        return *this;
    }
    route& with_bodies_up_to(std::size_t bytes)
    {
        body_bytes_max = bytes;
        return *this;
    }
    route& handle(handler by)
    {
        handled_by = std::move(by);
        return *this;
    }
};

class router
{
public:
    // `path` is below /api/v1.
    route& add(verb method, std::string path, std::string operation, std::string summary);
    // At the root: /healthz, /metrics.
    route& add_plain(verb method, std::string path, std::string operation, std::string summary);

    struct match
    {
        const route* found = nullptr;
        bool path_is_known = false;  // under another method
        std::map<std::string, std::string, std::less<>> parameters;
    };
    [[nodiscard]] match find(verb method, std::string_view path) const;

    // Throws std::logic_error when two different structures would bear one name.
    [[nodiscard]] json::object openapi() const;

private:
    // A route and its path cut at the slashes once, because every request is held against them.
    struct entry
    {
        std::unique_ptr<route> described;
        std::vector<std::string> parts;
    };
    std::vector<entry> routes_;
};

}  // namespace manent::http
