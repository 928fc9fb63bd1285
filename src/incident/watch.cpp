#include "incident/watch.hpp"

#include "core/log.hpp"
#include "incident/store.hpp"
#include "notify/letter.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/mp11.hpp>

#include <algorithm>

namespace manent::incident
{

namespace asio = boost::asio;

namespace
{

constexpr std::chrono::seconds rhythm{1};

store::unit new_unit()
{
    return store::unit{store::scope::everyone()};
}

// A moment of the steady clock as an instant.
instant instant_of(lasting::clock::time_point at)
{
    return now() - std::chrono::duration_cast<std::chrono::microseconds>(lasting::clock::now() - at);
}

// « 2026-11-26 14:00:07 UTC »: an operator compares it with logs.
std::string say_instant(instant at)
{
    auto text = format_utc(std::chrono::floor<std::chrono::seconds>(at));
    text[10] = ' ';
    text.pop_back();
    return text + " UTC";
}

}  // namespace

watch::watch(watch_parts with)
    : parts_{std::move(with)},
      copies_{parts_.standby_away_max, standby_back_for},
      archive_{parts_.archive_failing_max, archive_works_for}
{
}

task<void> watch::run()
{
    asio::steady_timer pause{co_await asio::this_coro::executor};
    pausing_ = &pause;
    while (!stopped_)
    {
        try
        {
            co_await look();
        }
        catch (const std::exception& fault)
        {
            log::error("incident_watch_fault", {{"what", fault.what()}});
        }
        if (stopped_) break;
        pause.expires_after(rhythm);
        boost::system::error_code woken;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    pausing_ = nullptr;
}

void watch::stop()
{
    stopped_ = true;
    if (pausing_ != nullptr) pausing_->cancel();
}

task<void> watch::look()
{
    auto question = new_unit();
    stored::find_copies(question);
    stored::count_open(question);
    stored::find_untold(question);
    // A database that is away says nothing of its copies, and takes no note.
    const auto found = co_await parts_.incidents->read(question);
    if (!found) co_return;
    auto copies = stored::read_copies((*found)[0]);
    const auto open = stored::read_open((*found)[1]);
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<promise>>(
        [&](auto each) { parts_.show_open(each.value, open.contains(each.value) ? open.at(each.value) : 0); });
    for (const auto& each : stored::read_untold((*found)[2]))
    {
        words::arguments with{{"promise", name_of(each.promise)},
                              {"detector", name_of(each.detector)},
                              {"began", say_instant(each.began_at)},
                              {"link", parts_.public_url + "/exploitation"}};
        if (each.ended_at) with.emplace("ended", say_instant(*each.ended_at));
        co_await tell(each.incident, each.beginning_told, std::move(with));
    }
    co_await look_at_copies(copies.awaited, std::move(copies.streaming));
    co_await look_at_accesses();
    co_await look_at_archive();
}

task<void> watch::look_at_copies(bool awaited, std::vector<std::string> streaming)
{
    const bool followed =
        awaited && std::ranges::any_of(streaming, [](const auto& name) { return store::is_copy(name); });
    parts_.expects_standby = parts_.expects_standby || followed;
    if (!parts_.expects_standby) co_return;
    const auto due = copies_.look(lasting::clock::now(), !followed);
    finding noticed{promise::I1, detector::standby, std::nullopt, instant_of(copies_.since()), std::nullopt, {}, {}};
    noticed.evidence = {{"copies", 1}, {"bound_s", parts_.standby_away_max.count()}};
    co_await settle(copies_, due, std::move(noticed), {{"copies", 2}});
}

task<void> watch::look_at_accesses()
{
    const auto lost = parts_.accesses_lost();
    const auto due = losses_.look(lasting::clock::now(), lost > lost_before_);
    finding noticed{promise::I6, detector::access_trail, std::nullopt, now(), std::nullopt, {}, {}};
    noticed.evidence = {{"lost", lost}};
    // What loses access events may keep this note from being written too.
    if (co_await settle(losses_, due, std::move(noticed), {{"lost", lost}})) lost_before_ = lost;
}

task<void> watch::look_at_archive()
{
    const auto known = parts_.archive();
    if (!known) co_return;
    const bool failing = known->failing_since || !known->is_set_up;
    const auto due = archive_.look(lasting::clock::now(), failing);
    // The keeper may have seen it before this process began to look.
    const auto since = known->failing_since.value_or(instant_of(archive_.since()));
    finding noticed{promise::I2, detector::archive, std::nullopt, since, std::nullopt, {}, {}};
    noticed.evidence = {{"archive_failing_s", parts_.archive_failing_max.count()},
                        {"waiting_segments", known->waiting_segments}};
    co_await settle(archive_, due, std::move(noticed), {{"archived", true}});
}

task<bool> watch::settle(lasting& of, lasting::change due, finding noticed, json::object why_ended)
{
    if (due == lasting::change::none) co_return true;
    bool written = false;
    if (due == lasting::change::ended)
        written = (co_await parts_.acts->end_of_detector(noticed.detector, noticed.promise, std::move(why_ended)))
                      .has_value();
    else written = (co_await parts_.acts->note(std::move(noticed))).has_value();
    if (written) of.done(due);
    co_return written;
}

task<void> watch::tell(uuid incident, bool of_end, words::arguments with)
{
    auto question = new_unit();
    stored::find_operators(question);
    const auto found = co_await parts_.incidents->read(question);
    if (!found) co_return;
    const auto operators = stored::read_operators(found->front());
    // Whoever is appointed later is told then.
    if (operators.empty()) co_return;
    auto letters = new_unit();
    stored::mark_told(letters, incident, of_end);
    for (const auto& each : operators)
    {
        auto in_words = with;
        in_words["what"] = parts_.sentences->say(each.language, "incident." + with.at("detector"));
        notify::post(letters, notify::word_letter(*parts_.sentences, each.language,
                                                  of_end ? "incident_ended" : "incident_began", each.email, in_words));
    }
    const auto told = co_await parts_.incidents->write(letters);
    // Another process was first, or the disk is full and the next look tries again.
    if (!told && told.error().kind != problem_kind::conflict)
        log::warning("incident_not_told", {{"incident", to_string(incident)}, {"code", told.error().code}});
}

}  // namespace manent::incident
