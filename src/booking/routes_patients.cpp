#include "booking/routes.hpp"
#include "directory/routes.hpp"

namespace manent::booking
{

namespace
{

constexpr int slot_days_max = 93;

result<write_key> key_of(const http::call& asked)
{
    const auto key = asked.idempotency_key();
    if (!key) return key.error();
    return write_key{*key, asked.fingerprint()};
}

template <class T>
result<T> required(const http::call& asked, std::string_view name)
{
    auto given = http::read_query<T>(asked, name);
    if (!given) return given.error();
    if (!*given) return refused_field("/" + std::string{name}, "required");
    return std::move(**given);
}

// GET /agendas/{agenda}/slots — from memory; the database decides when one is booked.
http::response free_slots(const http::call& asked, const service& acts)
{
    const auto agenda = asked.id("agenda");
    if (!agenda) return http::refuse(asked, agenda.error());
    const auto motive = required<uuid>(asked, "motive");
    if (!motive) return http::refuse(asked, motive.error());
    const auto from = required<local_date>(asked, "from");
    if (!from) return http::refuse(asked, from.error());
    const auto to = required<local_date>(asked, "to");
    if (!to) return http::refuse(asked, to.error());
    const auto known = http::read_query<bool>(asked, "known");
    if (!known) return http::refuse(asked, known.error());
    if (*to < *from) return http::refuse(asked, refused_field("/to", "ends_before_start"));
    if (days_between(*from, *to) >= slot_days_max)
        return http::refuse(asked, refused_field("/to", "too_large", slot_days_max));
    const wish wanted{*motive, known->value_or(false), audience::everyone, std::nullopt};
    auto written = acts.free_times(*agenda, wanted, *from, *to);
    if (!written) return http::refuse(asked, written.error());
    return {200, "application/json", std::move(*written), {}};
}

task<http::response> hold(http::call& asked, route_parts with)
{
    auto wanted = http::read_body<hold_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    auto who = co_await with.gate->perhaps_signed_in(asked);
    const auto made = co_await with.acts->hold(std::move(who), *wanted, asked.remote_address);
    if (!made) co_return http::refuse(asked, made.error());
    co_return http::answer(*made, 201);
}

task<http::response> release(http::call& asked, route_parts with)
{
    const auto id = asked.id("hold");
    if (!id) co_return http::refuse(asked, id.error());
    const auto released = co_await with.acts->release(*id, asked.header("hold-token"));
    if (!released) co_return http::refuse(asked, released.error());
    co_return http::no_content();
}

task<http::response> extend(http::call& asked, route_parts with)
{
    const auto id = asked.id("hold");
    if (!id) co_return http::refuse(asked, id.error());
    const auto extended = co_await with.acts->extend(*id, asked.header("hold-token"));
    if (!extended) co_return http::refuse(asked, extended.error());
    co_return http::answer(*extended);
}

// POST /appointments — the exclusion constraint decides races.
task<http::response> book(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<booking_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto booked = co_await with.acts->book(*who, std::move(*wanted), *key);
    if (!booked) co_return http::refuse(asked, co_await with.gate->reason_of(asked, booked.error()));
    co_return http::answer(*booked, 201);
}

task<http::response> list_own(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto listed = co_await with.acts->list_own(*who);
    if (!listed) co_return http::refuse(asked, listed.error());
    co_return http::answer(*listed);
}

task<http::response> show_own(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto found = co_await with.acts->find_own(*who, *id);
    if (!found) co_return http::refuse(asked, found.error());
    co_return http::answer(*found);
}

task<http::response> move_own(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    const auto wanted = http::read_body<own_move_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto moved = co_await with.acts->move_own(*who, *id, *wanted, *key);
    if (!moved) co_return http::refuse(asked, co_await with.gate->reason_of(asked, moved.error()));
    co_return http::answer(*moved);
}

task<http::response> cancel_own(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    const auto wanted = http::read_body<own_cancel_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto cancelled = co_await with.acts->cancel_own(*who, *id, *wanted, *key);
    if (!cancelled) co_return http::refuse(asked, co_await with.gate->reason_of(asked, cancelled.error()));
    co_return http::answer(*cancelled);
}

task<http::response> calendar(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->signed_in(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    auto file = co_await with.acts->calendar_of(*who, *id);
    if (!file) co_return http::refuse(asked, file.error());
    http::response answered{200, "text/calendar; charset=utf-8", std::move(*file), {}};
    co_return answered.with("Content-Disposition", "attachment; filename=\"rendez-vous.ics\"");
}

}  // namespace

void add_patient_routes(http::router& routes, route_parts with)
{
    using http::verb;
    routes.add(verb::get, "/agendas/{agenda}/slots", "list_slots", "The free starts of a motive between two dates")
        .asks({"motive", "from", "to", "known"})
        .answers<slots_view>()
        .handle([acts = with.acts](http::call& asked) -> task<http::response> { co_return free_slots(asked, *acts); });
    routes.add(verb::post, "/holds", "hold_time", "Keeps a time while a form is filled")
        .takes<hold_wish>()
        .answers<held>(201)
        .handle([with](http::call& asked) { return hold(asked, with); });
    routes.add(verb::del, "/holds/{hold}", "release_hold", "Gives a kept time back; header Hold-Token")
        .answers_nothing()
        .handle([with](http::call& asked) { return release(asked, with); });
    routes
        .add(verb::post, "/holds/{hold}/extension", "extend_hold",
             "Keeps a time longer, once, while a code is on its way; header Hold-Token")
        .answers<extended_hold>()
        .handle([with](http::call& asked) { return extend(asked, with); });
    routes.add(verb::post, "/appointments", "book", "Books a time for oneself or a relative")
        .takes<booking_wish>()
        .answers<own_appointment>(201)
        .keyed()
        .handle([with](http::call& asked) { return book(asked, with); });
    routes.add(verb::get, "/me/appointments", "list_own_appointments", "One's own and one's relatives' appointments")
        .answers<own_appointments>()
        .handle([with](http::call& asked) { return list_own(asked, with); });
    routes.add(verb::get, "/me/appointments/{appointment}", "show_own_appointment", "One of them")
        .answers<own_appointment>()
        .handle([with](http::call& asked) { return show_own(asked, with); });
    routes.add(verb::post, "/me/appointments/{appointment}/move", "move_own_appointment", "Moves it within its agenda")
        .takes<own_move_wish>()
        .answers<own_appointment>()
        .keyed()
        .handle([with](http::call& asked) { return move_own(asked, with); });
    routes.add(verb::post, "/me/appointments/{appointment}/cancel", "cancel_own_appointment", "Cancels it")
        .takes<own_cancel_wish>()
        .answers<own_appointment>()
        .keyed()
        .handle([with](http::call& asked) { return cancel_own(asked, with); });
    routes
        .add(verb::get, "/me/appointments/{appointment}/calendar", "download_calendar", "Its calendar file (RFC 5545)")
        .handle([with](http::call& asked) { return calendar(asked, with); });
}

void add_routes(http::router& routes, route_parts with)
{
    directory::add_search_route(
        routes, *with.directory,
        [acts = with.acts](const uuid& agenda, const uuid& motive, bool known, std::size_t limit)
        { return acts->next_free(agenda, motive, known, limit); });
    add_patient_routes(routes, with);
    add_practice_routes(routes, with);
}

}  // namespace manent::booking
