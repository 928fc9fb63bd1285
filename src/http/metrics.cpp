#include "http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <unordered_map>

namespace manent::http
{

struct metrics::inside
{
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& answers = prometheus::BuildCounter()
                                                           .Name("manent_http_answers_total")
                                                           .Help("Answers by route and status")
                                                           .Register(registry);
    prometheus::Family<prometheus::Histogram>& durations = prometheus::BuildHistogram()
                                                               .Name("manent_http_answer_seconds")
                                                               .Help("From the last byte of a request to its answer")
                                                               .Register(registry);
    prometheus::Family<prometheus::Counter>& statements = prometheus::BuildCounter()
                                                              .Name("manent_statements_total")
                                                              .Help("Statements sent to PostgreSQL, by name")
                                                              .Register(registry);
    prometheus::Gauge& sessions =
        prometheus::BuildGauge().Name("manent_http_sessions").Help("Open connections").Register(registry).Add({});
    // Looking a child up by labels hashes strings; these remember it.
    std::map<std::pair<std::string, int>, prometheus::Counter*> counters;
    std::map<std::string, prometheus::Histogram*, std::less<>> histograms;
    std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
    std::unordered_map<std::string_view, prometheus::Counter*> statement_counters;  // names live as long as the program
};

metrics::metrics() : inside_{std::make_unique<inside>()} {}
metrics::~metrics() = default;

void metrics::answered(std::string_view operation, int status, std::chrono::nanoseconds took)
{
    static const prometheus::Histogram::BucketBoundaries boundaries{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                    0.1,   0.25,   0.5,   1,    2.5,   10};
    const std::string name{operation};
    auto& counter = inside_->counters[{name, status}];
    if (counter == nullptr) counter = &inside_->answers.Add({{"route", name}, {"status", std::to_string(status)}});
    counter->Increment();
    auto& histogram = inside_->histograms[name];
    if (histogram == nullptr) histogram = &inside_->durations.Add({{"route", name}}, boundaries);
    histogram->Observe(std::chrono::duration<double>(took).count());
}

void metrics::stated(std::string_view statement)
{
    auto& counter = inside_->statement_counters[statement];
    if (counter == nullptr) counter = &inside_->statements.Add({{"statement", std::string{statement}}});
    counter->Increment();
}

void metrics::session_opened()
{
    inside_->sessions.Increment();
}

void metrics::session_closed()
{
    inside_->sessions.Decrement();
}

void metrics::set(const std::string& name, const std::string& help, double value, const labels& of)
{
    auto& family = inside_->gauges[name];
    if (family == nullptr) family = &prometheus::BuildGauge().Name(name).Help(help).Register(inside_->registry);
    family->Add(of).Set(value);  // the same labels give the same gauge
}

std::string metrics::text() const
{
    return prometheus::TextSerializer{}.Serialize(inside_->registry.Collect());
}

}  // namespace manent::http
