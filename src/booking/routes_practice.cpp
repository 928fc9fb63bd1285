#include "booking/routes.hpp"

#include <set>

namespace manent::booking
{

namespace
{

constexpr int schedule_days_max = 42;
constexpr std::size_t agendas_max = 100;

result<write_key> key_of(const http::call& asked)
{
    const auto key = asked.idempotency_key();
    if (!key) return key.error();
    return write_key{*key, asked.fingerprint()};
}

// Who read or wrote the appointments of whom (I6): one event a patient.
void note(const http::call& asked, const route_parts& with, const identity::member& who, audit::action action,
          const std::vector<visit>& visits)
{
    std::set<uuid> patients;
    for (const auto& one : visits)
    {
        if (!one.patient_id || !patients.insert(*one.patient_id).second) continue;
        with.trail->note({who.practice, *one.patient_id, who.who.person, action, audit::subject::appointment,
                          one.appointment_id, asked.request_id});
    }
}

task<http::response> shown(const http::call& asked, const route_parts& with, const identity::member& who,
                           const result<visit>& outcome, int status)
{
    if (!outcome) co_return http::refuse(asked, co_await with.gate->reason_of(asked, outcome.error()));
    note(asked, with, who, audit::action::write, {*outcome});
    co_return http::answer(*outcome, status);
}

task<http::response> list_agendas(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto listed = co_await with.acts->agendas(*who);
    if (!listed) co_return http::refuse(asked, listed.error());
    co_return http::answer(*listed);
}

// "uuid,uuid"; absent or empty means all.
result<std::optional<std::vector<uuid>>> read_agendas(const http::call& asked)
{
    const auto given = asked.query("agendas");
    if (!given || given->empty()) return std::optional<std::vector<uuid>>{};
    std::vector<uuid> agendas;
    std::string_view rest = *given;
    while (true)
    {
        const auto comma = rest.find(',');
        const auto id = parse_uuid(rest.substr(0, comma));
        if (!id) return refused_field("/agendas", "not_a_uuid");
        agendas.push_back(*id);
        if (agendas.size() > agendas_max) return refused_field("/agendas", "too_many_items", agendas_max);
        if (comma == std::string_view::npos) return std::optional{std::move(agendas)};
        rest.remove_prefix(comma + 1);
    }
}

task<http::response> show_schedule(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto from = http::read_query<local_date>(asked, "from");
    if (!from) co_return http::refuse(asked, from.error());
    const auto to = http::read_query<local_date>(asked, "to");
    if (!to) co_return http::refuse(asked, to.error());
    if (!*from) co_return http::refuse(asked, refused_field("/from", "required"));
    if (!*to) co_return http::refuse(asked, refused_field("/to", "required"));
    if (**to < **from) co_return http::refuse(asked, refused_field("/to", "ends_before_start"));
    if (days_between(**from, **to) >= schedule_days_max)
        co_return http::refuse(asked, refused_field("/to", "too_large", schedule_days_max));
    auto agendas = read_agendas(asked);
    if (!agendas) co_return http::refuse(asked, agendas.error());
    const auto found = co_await with.acts->schedule(*who, **from, **to, std::move(*agendas));
    if (!found) co_return http::refuse(asked, found.error());
    note(asked, with, *who, audit::action::read, found->appointments);
    co_return http::answer(*found);
}

task<http::response> book(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<staff_booking_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto booked = co_await with.acts->book_for(*who, std::move(*wanted), *key);
    co_return co_await shown(asked, with, *who, booked, 201);
}

task<http::response> move(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    const auto wanted = http::read_body<staff_move_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto moved = co_await with.acts->move_for(*who, *id, *wanted, *key);
    co_return co_await shown(asked, with, *who, moved, 200);
}

task<http::response> set_state(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    const auto wanted = http::read_body<state_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto marked = co_await with.acts->set_state(*who, *id, *wanted, *key);
    co_return co_await shown(asked, with, *who, marked, 200);
}

task<http::response> show(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("appointment");
    if (!id) co_return http::refuse(asked, id.error());
    const auto found = co_await with.acts->show(*who, *id);
    if (!found) co_return http::refuse(asked, found.error());
    const visit& seen = *found;
    note(asked, with, *who, audit::action::read, {seen});
    co_return http::answer(*found);
}

task<http::response> add_absence(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<absence_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto added = co_await with.acts->add_absence(*who, std::move(*wanted), *key);
    if (!added) co_return http::refuse(asked, added.error());
    note(asked, with, *who, audit::action::read, added->displaced);
    co_return http::answer(*added, 201);
}

task<http::response> remove_absence(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto id = asked.id("absence");
    if (!id) co_return http::refuse(asked, id.error());
    const auto removed = co_await with.acts->remove_absence(*who, *id);
    if (!removed) co_return http::refuse(asked, removed.error());
    co_return http::no_content();
}

task<http::response> show_openings(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto agenda = asked.id("agenda");
    if (!agenda) co_return http::refuse(asked, agenda.error());
    const auto found = co_await with.acts->openings(*who, *agenda);
    if (!found) co_return http::refuse(asked, found.error());
    co_return http::answer(*found);
}

task<http::response> replace_openings(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto agenda = asked.id("agenda");
    if (!agenda) co_return http::refuse(asked, agenda.error());
    auto wanted = http::read_body<openings_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto replaced = co_await with.acts->replace_openings(*who, *agenda, std::move(*wanted));
    if (!replaced) co_return http::refuse(asked, replaced.error());
    co_return http::answer(*replaced);
}

task<http::response> open_agenda(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto key = key_of(asked);
    if (!key) co_return http::refuse(asked, key.error());
    auto wanted = http::read_body<agenda_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto opened = co_await with.acts->open_agenda(*who, std::move(*wanted), *key);
    if (!opened) co_return http::refuse(asked, co_await with.gate->reason_of(asked, opened.error()));
    co_return http::answer(*opened, 201);
}

task<http::response> change_agenda(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    const auto agenda = asked.id("agenda");
    if (!agenda) co_return http::refuse(asked, agenda.error());
    auto wanted = http::read_body<agenda_change_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto changed = co_await with.acts->change_agenda(*who, *agenda, std::move(*wanted));
    if (!changed) co_return http::refuse(asked, co_await with.gate->reason_of(asked, changed.error()));
    co_return http::answer(*changed);
}

// POST without, PUT with an id.
task<http::response> save_motive(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    std::optional<uuid> id;
    if (asked.method == http::verb::put)
    {
        const auto named = asked.id("motive");
        if (!named) co_return http::refuse(asked, named.error());
        id = *named;
    }
    auto wanted = http::read_body<motive_wish>(asked);
    if (!wanted) co_return http::refuse(asked, wanted.error());
    const auto saved = co_await with.acts->save_motive(*who, id, std::move(*wanted));
    if (!saved) co_return http::refuse(asked, saved.error());
    co_return http::answer(*saved, id ? 200 : 201);
}

task<std::optional<http::response>> admit(http::call& asked, route_parts with)
{
    const auto who = co_await with.gate->member_of(asked);
    if (!who) co_return http::refuse(asked, who.error());
    co_return std::nullopt;
}

void add_visit_routes(http::router& routes, route_parts with)
{
    using http::verb;
    const std::string visits = "/practices/{practice}/appointments";
    routes.add(verb::post, visits, "book_for_patient", "Books for a patient; overbooks only when told to")
        .takes<staff_booking_wish>()
        .answers<visit>(201)
        .keyed()
        .handle([with](http::call& asked) { return book(asked, with); });
    routes.add(verb::get, visits + "/{appointment}", "show_appointment", "An appointment and every change of it")
        .answers<visit_with_changes>()
        .handle([with](http::call& asked) { return show(asked, with); });
    routes.add(verb::post, visits + "/{appointment}/move", "move_appointment", "Moves it, to another agenda too")
        .takes<staff_move_wish>()
        .answers<visit>()
        .keyed()
        .handle([with](http::call& asked) { return move(asked, with); });
    routes.add(verb::post, visits + "/{appointment}/state", "mark_appointment", "Says what became of it")
        .takes<state_wish>()
        .answers<visit>()
        .keyed()
        .handle([with](http::call& asked) { return set_state(asked, with); });
}

void add_schedule_routes(http::router& routes, route_parts with)
{
    using http::verb;
    const std::string practice = "/practices/{practice}";
    routes.add(verb::post, practice + "/absences", "add_absence", "Closes time; lists what is booked in it")
        .takes<absence_wish>()
        .answers<added_absence>(201)
        .keyed()
        .handle([with](http::call& asked) { return add_absence(asked, with); });
    routes.add(verb::del, practice + "/absences/{absence}", "remove_absence", "Opens closed time again")
        .answers_nothing()
        .handle([with](http::call& asked) { return remove_absence(asked, with); });
    routes.add(verb::get, practice + "/agendas/{agenda}/openings", "show_openings", "An agenda's openings")
        .answers<openings_view>()
        .handle([with](http::call& asked) { return show_openings(asked, with); });
    routes.add(verb::put, practice + "/agendas/{agenda}/openings", "replace_openings", "Replaces them as a whole")
        .takes<openings_wish>()
        .answers<openings_view>()
        .handle([with](http::call& asked) { return replace_openings(asked, with); });
    routes.add(verb::post, practice + "/motives", "add_motive", "Adds a motive to agendas")
        .takes<motive_wish>()
        .answers<motive_view>(201)
        .handle([with](http::call& asked) { return save_motive(asked, with); });
    routes.add(verb::put, practice + "/motives/{motive}", "change_motive", "Changes a motive")
        .takes<motive_wish>()
        .answers<motive_view>()
        .handle([with](http::call& asked) { return save_motive(asked, with); });
}

}  // namespace

void add_practice_routes(http::router& routes, route_parts with)
{
    using http::verb;
    const std::string practice = "/practices/{practice}";
    routes.add(verb::get, practice + "/agendas", "list_agendas", "The practice's agendas and their motives")
        .answers<agendas_view>()
        .handle([with](http::call& asked) { return list_agendas(asked, with); });
    routes.add(verb::post, practice + "/agendas", "open_agenda", "Opens an agenda at a site")
        .takes<agenda_wish>()
        .answers<agenda_view>(201)
        .keyed()
        .handle([with](http::call& asked) { return open_agenda(asked, with); });
    routes.add(verb::put, practice + "/agendas/{agenda}", "change_agenda", "Renames it, closes it, opens it again")
        .takes<agenda_change_wish>()
        .answers<changed_agenda>()
        .handle([with](http::call& asked) { return change_agenda(asked, with); });
    routes
        .add(verb::get, practice + "/schedule", "show_schedule",
             "Appointments, absences and openings between two dates")
        .asks({"from", "to", "agendas"})
        .answers<schedule_view>()
        .handle([with](http::call& asked) { return show_schedule(asked, with); });
    add_visit_routes(routes, with);
    add_schedule_routes(routes, with);
    auto& socket = routes.add(verb::get, practice + "/live", "follow_practice", "A web socket of hints to read again");
    socket.admits = [with](http::call& asked) { return admit(asked, with); };
    socket.opened = [screens = with.screens](const http::call& asked, std::shared_ptr<http::web_socket> opened)
    {
        if (const auto practice_id = asked.id("practice")) screens->join(*practice_id, std::move(opened));
    };
}

}  // namespace manent::booking
