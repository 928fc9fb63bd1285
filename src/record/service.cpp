// What every act of the record shares, and the acts on texts: see service.hpp.
#include "record/service.hpp"

#include "record/opening.hpp"
#include "store/problems.hpp"

#include <set>

namespace manent::record
{

namespace
{

// What is wrong with a request to save, beyond its form: fields of another subject, a field twice, a broken digest.
std::vector<field_error> misplaced(const save_wish& wish)
{
    std::vector<field_error> errors;
    std::set<text_field> seen;
    const auto& fields = wish.fields.items;
    if (fields.empty()) errors.push_back({"/fields", "required", 1});
    for (std::size_t i = 0; i < fields.size(); ++i)
    {
        const auto path = "/fields/" + std::to_string(i);
        if (kind_of(fields[i].field) != wish.subject_kind) errors.push_back({path + "/field", "unknown_value", {}});
        if (!seen.insert(fields[i].field).second) errors.push_back({path + "/field", "duplicate", {}});
        const auto& bases = fields[i].bases.items;
        for (std::size_t j = 0; j < bases.size(); ++j)
        {
            const auto known_as = from_base64url(bases[j].digest.value);
            if (!known_as || known_as->size() != digest{}.size())
                errors.push_back({path + "/bases/" + std::to_string(j) + "/digest", "not_a_digest", {}});
        }
    }
    return errors;
}

json::object answer_of(const uuid& receipt, const std::vector<stored::new_revision>& revisions)
{
    json::array ids;
    for (const auto& each : revisions) ids.push_back(json::value(to_string(each.revision)));
    return {{"receipt_id", to_string(receipt)}, {"revisions", std::move(ids)}};
}

receipt receipt_for(const keyed_act& of, const save_wish& wish, const uuid& receipt_id)
{
    receipt made;
    made.receipt_id = receipt_id;
    made.practice_id = of.by.practice;
    made.subject_kind = wish.subject_kind;
    made.subject_id = wish.subject_id;
    return made;
}

void count(receipt& in, const store::copies& counted)
{
    in.copies = counted.count;
    in.machines = counted.machines;
    in.where = counted.where;
}

// An addendum stands for itself beside a closed text: there is nothing that it should be merged with.
std::vector<uuid> heads_to_show(const uuid& revision, std::vector<uuid> heads, bool addendum)
{
    if (addendum) return {revision};
    return heads;
}

std::vector<stored::new_revision> sealed_revisions(const keyed_act& of, const save_wish& wish, const secret_key& key)
{
    std::vector<stored::new_revision> revisions;
    for (const auto& each : wish.fields.items)
    {
        const auto id = new_uuid();
        const place at{of.by.practice, wish.subject_kind, wish.subject_id, each.field, id};
        revisions.push_back({id, &each, seal_text(key, at, each.text.value)});
    }
    return revisions;
}

}  // namespace

service::service(store::database& app, store::keyring& keys, audit::trail& trail)
    : app_{app}, keys_{keys}, trail_{trail}
{
}

task<result<secret_key>> service::open_key(uuid practice, uuid patient, const bytes& wrapped)
{
    const auto above = co_await keys_.of_practice(app_, practice);
    if (!above) co_return above.error();
    co_return store::keyring::unwrap_patient_key(*above, practice, patient, wrapped);
}

task<result<service::subject>> service::subject_of(const act& of, subject_kind kind, uuid id)
{
    const subject_key asked{of.by.practice, kind, id};
    if (auto known = subjects_.find(asked)) co_return std::move(*known);
    store::unit look{of.by.scope()};
    stored::find_subject(look, of.by.practice, kind, id);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    const auto row = stored::read_subject(found->front());
    if (!row) co_return refusal(problem_kind::not_found, "not_found");
    const auto key = co_await open_key(of.by.practice, row->patient, row->wrapped_key);
    if (!key) co_return key.error();
    subject made{row->patient, *key};
    subjects_.keep(asked, made);
    co_return made;
}

task<result<json::object>> service::answered_before(const keyed_act& of, store::written* durable)
{
    store::unit look{of.by.scope()};
    stored::find_key_durably(look, of);
    auto found = co_await app_.write(look);
    if (!found) co_return found.error();
    auto row = stored::read_key(found->of_statements.front());
    if (!row) co_return store::come_back("unavailable");
    if (!equal_in_constant_time(row->request_hash, of.request_hash))
        co_return refusal(problem_kind::unprocessable, "key_reused");
    if (durable != nullptr) *durable = std::move(*found);
    co_return std::move(row->answer);
}

task<result<receipt>> service::save(keyed_act of, save_wish wish)
{
    if (auto errors = misplaced(wish); !errors.empty())
        co_return problem{problem_kind::invalid, "invalid_request", std::move(errors), {}};
    const auto of_subject = co_await subject_of(of, wish.subject_kind, wish.subject_id);
    if (!of_subject) co_return of_subject.error();

    const auto revisions = sealed_revisions(of, wish, of_subject->key);
    auto made = receipt_for(of, wish, new_uuid());
    // The statement asks for session and membership itself, so it needs no scope around it.
    store::unit unit{store::scope::everyone()};
    stored::save_revisions(unit, of, wish, revisions, answer_of(made.receipt_id, revisions));
    const auto written = co_await app_.write(unit);
    if (!written) co_return written.error();
    const auto saved = stored::read_saved(written->of_statements.back());
    if (saved.empty()) co_return co_await receipt_again(of, wish);

    const auto what =
        wish.subject_kind == subject_kind::patient ? audit::subject::record : audit::subject::consultation;
    note_sitting(of, of_subject->patient, audit::action::write, what, wish.subject_id);
    for (const auto& each : revisions)
    {
        const auto row = std::ranges::find(saved, each.revision, &stored::saved_row::revision);
        if (row == saved.end()) throw std::runtime_error("a revision was sent and not stored");
        made.recorded_at = row->recorded_at;
        made.retracted = row->subject_retracted;
        made.fields.push_back({each.wish->field, each.revision, to_base64url(each.text.salt),
                               to_base64url(each.text.digest), heads_to_show(each.revision, row->heads, row->addendum),
                               row->addendum});
    }
    count(made, co_await app_.count_copies(*written));
    co_return made;
}

task<result<receipt>> service::receipt_again(const keyed_act& of, const save_wish& wish)
{
    store::written durable;
    const auto answer = co_await answered_before(of, &durable);
    if (!answer) co_return answer.error();
    const auto receipt_id = parse_uuid(std::string{answer->at("receipt_id").as_string()});
    std::vector<uuid> ids;
    for (const auto& each : answer->at("revisions").as_array())
        ids.push_back(parse_uuid(std::string{each.as_string()}).value());

    store::unit look{of.by.scope()};
    stored::list_receipt_revisions(look, of.by.practice, ids);
    const auto listed = co_await app_.read(look);
    if (!listed) co_return listed.error();
    auto made = receipt_for(of, wish, receipt_id.value());
    for (auto& row : stored::read_receipt(listed->front()))
    {
        made.recorded_at = row.recorded_at;
        made.retracted = row.subject_retracted;
        row.field.heads = heads_to_show(row.field.revision_id, std::move(row.field.heads), row.field.addendum);
        made.fields.push_back(std::move(row.field));
    }
    // A session that ended between the two reads sees nothing any more; the next sending is told so.
    if (made.fields.empty()) co_return store::come_back("unavailable");
    if (made.fields.size() != ids.size()) throw std::runtime_error("a receipt names revisions that are not stored");
    // Somebody else's commit, perhaps: the one that this act's first sending made.
    count(made, co_await app_.count_copies_of_seen(durable));
    co_return made;
}

task<result<std::vector<revision_view>>> service::history(act of, subject_kind kind, uuid subject, text_field field)
{
    if (kind_of(field) != kind) co_return refused_field("/field", "unknown_value");
    const auto of_subject = co_await subject_of(of, kind, subject);
    if (!of_subject) co_return of_subject.error();
    store::unit look{of.by.scope()};
    stored::list_revisions(look, of.by.practice, kind, subject, field);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    note(of, of_subject->patient, audit::action::read,
         kind == subject_kind::patient ? audit::subject::record : audit::subject::consultation, subject);
    const auto held = co_await app_.count_copies_of_all();
    std::vector<revision_view> items;
    for (auto& row : stored::read_history(found->front()))
    {
        row.view.text =
            text_of(of_subject->key, of.by.practice, kind, subject, field, row.view.revision_id, row.sealed);
        row.view.copies = held.count;
        items.push_back(std::move(row.view));
    }
    co_return items;
}

void service::note(const act& of, const uuid& patient, audit::action what_was_done, audit::subject what,
                   std::optional<uuid> what_id)
{
    trail_.note({of.by.practice, patient, of.by.who.person, what_was_done, what, what_id, of.request_id});
}

void service::note_sitting(const act& of, const uuid& patient, audit::action what_was_done, audit::subject what,
                           const uuid& what_id)
{
    constexpr std::chrono::minutes sitting{1};
    const sitting_key pair{of.by.who.person, what_id, what_was_done};
    const auto at = std::chrono::steady_clock::now();
    const auto last = noted_.find(pair);
    if (last && at - *last < sitting) return;
    noted_.keep(pair, at);
    note(of, patient, what_was_done, what, what_id);
}

}  // namespace manent::record
