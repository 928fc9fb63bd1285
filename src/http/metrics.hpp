// Counters and durations in Prometheus' text format. Labels are route names and codes, never anything of a person.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace manent::http
{

class metrics
{
public:
    metrics();
    ~metrics();
    metrics(const metrics&) = delete;
    metrics& operator=(const metrics&) = delete;

    void answered(std::string_view operation, int status, std::chrono::nanoseconds took);
    // A statement was sent to PostgreSQL, by its name.
    void stated(std::string_view statement);
    void session_opened();
    void session_closed();
    // A named value of the moment, made at its first use; labels tell the values of one name apart.
    using labels = std::map<std::string, std::string>;
    void set(const std::string& name, const std::string& help, double value, const labels& of = {});

    [[nodiscard]] std::string text() const;

private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace manent::http
