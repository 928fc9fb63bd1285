#include "record/routes.hpp"

namespace manent::record
{

namespace
{

using http::call;
using http::response;
using http::verb;

constexpr std::int64_t found_max = 50;
constexpr std::int64_t found_usually = 20;
// Four full fields of code points outside the basic plane, each escaped as a pair, with room for the rest.
constexpr std::size_t save_bytes_max = 10'000'000;

template <class T>
response answer_or_refuse(const call& of, const result<T>& outcome, int status = 200)
{
    return outcome ? http::answer(*outcome, status) : http::refuse(of, outcome.error());
}

class record_routes
{
public:
    record_routes(service& acts, identity::gate& gate) : acts_{acts}, gate_{gate} {}

    task<response> search(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto typed = http::read_query<text<0, 200>>(of, "q");
        if (!typed) co_return http::refuse(of, typed.error());
        const auto limit = http::read_query<integer<1, found_max>>(of, "limit");
        if (!limit) co_return http::refuse(of, limit.error());
        auto found = co_await acts_.search(*by, *typed ? (*typed)->value : std::string{},
                                           *limit ? (*limit)->value : found_usually);
        if (!found) co_return http::refuse(of, found.error());
        co_return http::answer(found_patients{std::move(*found)});
    }

    task<response> add_patient(call& of)
    {
        const auto by = co_await keyed(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto wish = http::read_body<new_patient>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto added = co_await acts_.add_patient(*by, *wish);
        co_return co_await answer_or_explain(of, added, 201);
    }

    task<response> patient(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("patient");
        if (!id) co_return http::refuse(of, id.error());
        const auto found = co_await acts_.patient(*by, *id);
        co_return answer_or_refuse(of, found);
    }

    task<response> change_patient(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("patient");
        if (!id) co_return http::refuse(of, id.error());
        const auto wish = http::read_body<changed_patient>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto changed = co_await acts_.change_patient(*by, *id, *wish);
        co_return answer_or_refuse(of, changed);
    }

    task<response> patient_file(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("patient");
        if (!id) co_return http::refuse(of, id.error());
        const auto retracted = http::read_query<bool>(of, "retracted");
        if (!retracted) co_return http::refuse(of, retracted.error());
        const auto file = co_await acts_.patient_file(*by, *id, retracted->value_or(false));
        co_return answer_or_refuse(of, file);
    }

    task<response> open(call& of)
    {
        const auto by = co_await keyed(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto wish = http::read_body<opening_wish>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto opened = co_await acts_.open(*by, *wish);
        if (!opened) co_return http::refuse(of, co_await gate_.reason_of(of, opened.error()));
        co_return http::answer(opened->consultation, opened->is_new ? 201 : 200);
    }

    task<response> consultation(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("consultation");
        if (!id) co_return http::refuse(of, id.error());
        const auto found = co_await acts_.consultation(*by, *id);
        co_return answer_or_refuse(of, found);
    }

    task<response> close(call& of)
    {
        const auto by = co_await keyed(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("consultation");
        if (!id) co_return http::refuse(of, id.error());
        const auto wish = http::read_body<closing_wish>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto closed = co_await acts_.close(*by, *id, *wish);
        co_return co_await answer_or_explain(of, closed);
    }

    task<response> retract(call& of)
    {
        const auto by = co_await keyed(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto id = of.id("consultation");
        if (!id) co_return http::refuse(of, id.error());
        const auto wish = http::read_body<retraction_wish>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto retracted = co_await acts_.retract(*by, *id, *wish);
        co_return co_await answer_or_explain(of, retracted);
    }

    task<response> save(call& of)
    {
        const auto by = co_await keyed(of);
        if (!by) co_return http::refuse(of, by.error());
        // The cookie is the browser's, and a shared desk changes hands: what one person typed before, in a window that
        // does not know yet, must not be stored as another's.
        const auto author = of.header("manent-author");
        if (!author.empty() && parse_uuid(author) != by->by.who.person)
            co_return http::refuse(of, refusal(problem_kind::unauthenticated, "somebody_else"));
        auto wish = http::read_body<save_wish>(of);
        if (!wish) co_return http::refuse(of, wish.error());
        const auto saved = co_await acts_.save(*by, std::move(*wish));
        co_return co_await answer_or_explain(of, saved, 201);
    }

    task<response> history(call& of)
    {
        const auto by = co_await actor(of);
        if (!by) co_return http::refuse(of, by.error());
        const auto kind = http::read_query<subject_kind>(of, "subject_kind");
        if (!kind) co_return http::refuse(of, kind.error());
        const auto subject = http::read_query<uuid>(of, "subject_id");
        if (!subject) co_return http::refuse(of, subject.error());
        const auto field = http::read_query<text_field>(of, "field");
        if (!field) co_return http::refuse(of, field.error());
        for (const auto& [name, given] :
             {std::pair{"/subject_kind", kind->has_value()}, std::pair{"/subject_id", subject->has_value()},
              std::pair{"/field", field->has_value()}})
        {
            if (!given) co_return http::refuse(of, refused_field(name, "required"));
        }
        auto items = co_await acts_.history(*by, **kind, **subject, **field);
        if (!items) co_return http::refuse(of, items.error());
        co_return http::answer(revision_history{std::move(*items)});
    }

private:
    // For writes: what was written must not be given up because its session ended on the way.
    template <class T>
    task<response> answer_or_explain(call& of, const result<T>& outcome, int status = 200)
    {
        if (outcome) co_return http::answer(*outcome, status);
        co_return http::refuse(of, co_await gate_.reason_of(of, outcome.error()));
    }

    task<result<act>> actor(call& of)
    {
        auto by = co_await gate_.member_of(of);
        if (!by) co_return by.error();
        co_return act{std::move(*by), of.request_id};
    }

    task<result<keyed_act>> keyed(call& of)
    {
        const auto key = of.idempotency_key();
        if (!key) co_return key.error();
        auto by = co_await actor(of);
        if (!by) co_return by.error();
        keyed_act made;
        static_cast<act&>(made) = std::move(*by);
        made.key = *key;
        made.request_hash = of.fingerprint();
        co_return made;
    }

    service& acts_;
    identity::gate& gate_;
};

using handler_of = task<response> (record_routes::*)(call&);

http::handler bind(const std::shared_ptr<record_routes>& routes, handler_of handles)
{
    return [routes, handles](call& of) { return (routes.get()->*handles)(of); };
}

void add_patient_routes(http::router& routes, const std::shared_ptr<record_routes>& here)
{
    const std::string patients = "/practices/{practice}/patients";
    routes.add(verb::get, patients, "search_patients", "Patients by name, birth date or telephone, as it is typed")
        .asks({"q", "limit"})
        .answers<found_patients>()
        .handle(bind(here, &record_routes::search));
    routes.add(verb::post, patients, "add_patient", "Open a patient's file, unless one may be there already")
        .keyed()
        .takes<new_patient>()
        .answers<patient_view>(201)
        .handle(bind(here, &record_routes::add_patient));
    routes.add(verb::get, patients + "/{patient}", "read_patient", "A patient's identity")
        .answers<patient_view>()
        .handle(bind(here, &record_routes::patient));
    routes
        .add(verb::put, patients + "/{patient}", "change_patient", "Correct a patient's identity; every state is kept")
        .takes<changed_patient>()
        .answers<patient_view>()
        .handle(bind(here, &record_routes::change_patient));
    routes.add(verb::get, patients + "/{patient}/record", "read_record", "A patient's whole file")
        .asks({"retracted"})
        .answers<record_view>()
        .handle(bind(here, &record_routes::patient_file));
}

void add_consultation_routes(http::router& routes, const std::shared_ptr<record_routes>& here)
{
    const std::string consultations = "/practices/{practice}/consultations";
    routes
        .add(verb::post, consultations, "open_consultation", "Open a consultation, from an appointment or without one")
        .keyed()
        .takes<opening_wish>()
        .answers<consultation_view>(201)
        .or_answers(200)
        .handle(bind(here, &record_routes::open));
    routes.add(verb::get, consultations + "/{consultation}", "read_consultation", "A consultation and its texts")
        .answers<consultation_view>()
        .handle(bind(here, &record_routes::consultation));
    routes
        .add(verb::post, consultations + "/{consultation}/close", "close_consultation",
             "Close a consultation on the texts that were seen")
        .keyed()
        .takes<closing_wish>()
        .answers<consultation_view>()
        .handle(bind(here, &record_routes::close));
    routes
        .add(verb::post, consultations + "/{consultation}/retract", "retract_consultation",
             "Mark a consultation as written in the wrong file, and file it again in the right one")
        .keyed()
        .takes<retraction_wish>()
        .answers<retraction_done>()
        .handle(bind(here, &record_routes::retract));
}

void add_revision_routes(http::router& routes, const std::shared_ptr<record_routes>& here)
{
    const std::string revisions = "/practices/{practice}/revisions";
    routes.add(verb::post, revisions, "save_revisions", "Store texts as they are typed; answers a receipt")
        .keyed()
        .hears({"Manent-Author"})
        .with_bodies_up_to(save_bytes_max)
        .takes<save_wish>()
        .answers<receipt>(201)
        .handle(bind(here, &record_routes::save));
    routes.add(verb::get, revisions, "list_revisions", "Every revision of one field, oldest first")
        .asks({"subject_kind", "subject_id", "field"})
        .answers<revision_history>()
        .handle(bind(here, &record_routes::history));
}

}  // namespace

void add_routes(http::router& routes, service& acts, identity::gate& gate)
{
    const auto here = std::make_shared<record_routes>(acts, gate);
    add_patient_routes(routes, here);
    add_consultation_routes(routes, here);
    add_revision_routes(routes, here);
}

}  // namespace manent::record
