// A unit: the statements of one request that reach PostgreSQL in one write to the socket and one sync, inside one
// transaction and one scope. Built by a capability's store, run by `database`.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"
#include "core/statement.hpp"
#include "core/time.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

// One parameter in text format, but for bytes, which travel in binary.
struct parameter
{
    std::optional<std::string> value;
    bool binary = false;
};

parameter as_parameter(std::string_view value);
parameter as_parameter(const char* value);
parameter as_parameter(const std::string& value);
parameter as_parameter(bool value);
parameter as_parameter(double value);
parameter as_parameter(const uuid& value);
parameter as_parameter(instant value);
parameter as_parameter(local_date value);
parameter as_parameter(const bytes& value);
parameter as_parameter(const digest& value);
parameter as_parameter(const std::vector<std::string>& value);
parameter as_parameter(const std::vector<uuid>& value);
// bytea[]
parameter as_parameter(const std::vector<bytes>& value);
parameter as_parameter(const std::vector<std::int64_t>& value);
parameter as_parameter(const std::vector<instant>& value);
parameter as_parameter(std::nullopt_t);

template <std::integral T>
    requires(!std::same_as<T, bool>)
parameter as_parameter(T value)
{
    return as_parameter(std::to_string(value));
}

template <class T>
parameter as_parameter(const std::optional<T>& value)
{
    return value ? as_parameter(*value) : parameter{};
}

struct bound_statement
{
    statement what;
    std::vector<parameter> parameters;
};

// Which rows a unit may see: see database/0001_scopes.sql.
struct scope
{
    enum class kind
    {
        everyone,  // the public class
        person,    // one's own rows, by session token
        practice   // one practice's rows, by session token and membership
    };
    kind of = kind::everyone;
    std::string session_token;
    uuid practice{};

    static scope everyone() { return {}; }
    static scope person(std::string session_token) { return {kind::person, std::move(session_token), {}}; }
    static scope in_practice(const uuid& practice, std::string session_token)
    {
        return {kind::practice, std::move(session_token), practice};
    }
};

class unit
{
public:
    explicit unit(scope within) : within_{std::move(within)} {}

    template <class... Values>
    unit& add(const statement& what, const Values&... values)
    {
        statements_.push_back({what, {as_parameter(values)...}});
        return *this;
    }

    // The same statement may run again after a lost connection, because it carries its idempotency key.
    unit& repeatable()
    {
        repeatable_ = true;
        return *this;
    }

    [[nodiscard]] const scope& within() const { return within_; }
    [[nodiscard]] const std::vector<bound_statement>& statements() const { return statements_; }
    [[nodiscard]] bool is_repeatable() const { return repeatable_; }

private:
    scope within_;
    std::vector<bound_statement> statements_;
    bool repeatable_ = false;
};

}  // namespace manent::store
