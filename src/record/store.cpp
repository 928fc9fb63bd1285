#include "record/store.hpp"

#include "record/sql.hpp"

namespace manent::record::stored
{

namespace
{

template <class Fields>
std::vector<std::string> names_of(const Fields& fields)
{
    std::vector<std::string> names;
    for (const auto field : fields) names.push_back(name_of(field));
    return names;
}

// An array within an array parameter: SQL casts each item.
template <class Item>
std::string literal_of(const std::vector<Item>& items)
{
    return *store::as_parameter(items).value;
}

json::object write_heads(const heads_by_field& heads)
{
    json::object written;
    for (const auto& [field, ids] : heads) written.emplace(name_of(field), to_json(ids));
    return written;
}

}  // namespace

void claim_key(unit& in, const keyed_act& of, const json::object& answer)
{
    in.repeatable().add(sql::claim_key, of.by.who.person, of.key, of.request_hash, json::serialize(answer));
}

void find_key_durably(unit& in, const keyed_act& of)
{
    in.repeatable().add(sql::find_key, of.by.who.person, of.key).add(sql::wait_for_copies);
}

std::optional<key_row> read_key(const rows& found)
{
    if (found.empty()) return std::nullopt;
    return key_row{found[0].get<bytes>(0), json::parse(found[0].get<std::string>(1)).as_object()};
}

void find_subject(unit& in, const uuid& practice, subject_kind kind, const uuid& subject)
{
    in.add(sql::find_subject, practice, name_of(kind), subject);
}

std::optional<subject_row> read_subject(const rows& found)
{
    if (found.empty()) return std::nullopt;
    return subject_row{found[0].get<uuid>(0), found[0].get<bytes>(1)};
}

void lock_subject(unit& in, const uuid& subject)
{
    in.add(sql::lock_subject, subject);
}

void find_heads(unit& in, const uuid& practice, const uuid& subject, subject_kind kind)
{
    in.add(sql::find_heads, practice, subject,
           kind == subject_kind::consultation ? names_of(observation) : names_of(patient_texts));
}

void find_addenda(unit& in, const uuid& practice, const uuid& consultation)
{
    in.add(sql::find_addenda, practice, consultation, names_of(observation));
}

std::vector<revision_row> read_revisions(const rows& found)
{
    std::vector<revision_row> revisions;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        revisions.push_back({each.get<text_field>(0), each.get<uuid>(1), each.get<bytes>(2), each.get<bytes>(3),
                             each.get<bytes>(4), each.get<instant>(5), each.get<std::string>(6), each.get<instant>(7),
                             each.get<uuid>(8), each.get<uuid>(9)});
    }
    return revisions;
}

void list_heads(unit& in, const uuid& practice, const uuid& consultation)
{
    in.add(sql::list_heads, practice, consultation, names_of(observation));
}

heads_by_field read_heads(const rows& found)
{
    heads_by_field heads;
    for (int i = 0; i < found.size(); ++i)
        heads.emplace(found[i].get<text_field>(0), found[i].get<std::vector<uuid>>(1));
    return heads;
}

void save_revisions(unit& in, const keyed_act& of, const save_wish& wish, const std::vector<new_revision>& revisions,
                    const json::object& answer)
{
    std::vector<std::string> fields;
    std::vector<uuid> ids;
    std::vector<std::string> base_ids;
    std::vector<std::string> base_digests;
    std::vector<instant> typed_at;
    std::vector<bytes> sealed;
    std::vector<bytes> salts;
    std::vector<bytes> digests;
    for (const auto& each : revisions)
    {
        std::vector<uuid> bases;
        std::vector<bytes> known_as;
        for (const auto& base : each.wish->bases.items)
        {
            bases.push_back(base.revision_id);
            known_as.push_back(from_base64url(base.digest.value).value_or(bytes{}));
        }
        fields.push_back(name_of(each.wish->field));
        ids.push_back(each.revision);
        base_ids.push_back(literal_of(bases));
        base_digests.push_back(literal_of(known_as));
        typed_at.push_back(each.wish->typed_at);
        sealed.push_back(each.text.sealed);
        salts.push_back(each.text.salt);
        digests.emplace_back(each.text.digest.begin(), each.text.digest.end());
    }
    in.repeatable().add(sql::save_revisions, of.by.who.session_token, of.by.practice, of.key, of.request_hash,
                        json::serialize(answer), name_of(wish.subject_kind), wish.subject_id, wish.device_id, fields,
                        ids, base_ids, base_digests, typed_at, sealed, salts, digests);
}

std::vector<saved_row> read_saved(const rows& found)
{
    std::vector<saved_row> saved;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        saved.push_back({each.get<uuid>(0), each.get<std::vector<uuid>>(1), each.get<bool>(2), each.get<instant>(3),
                         each.get<bool>(4)});
    }
    return saved;
}

void list_receipt_revisions(unit& in, const uuid& practice, const std::vector<uuid>& revisions)
{
    in.add(sql::list_receipt_revisions, practice, revisions);
}

std::vector<receipt_row> read_receipt(const rows& found)
{
    std::vector<receipt_row> listed;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        field_receipt field{each.get<text_field>(0),          each.get<uuid>(1),
                            to_base64url(each.get<bytes>(5)), to_base64url(each.get<bytes>(6)),
                            each.get<std::vector<uuid>>(2),   each.get<bool>(3)};
        listed.push_back({std::move(field), each.get<instant>(4), each.get<bool>(7)});
    }
    return listed;
}

void list_revisions(unit& in, const uuid& practice, subject_kind kind, const uuid& subject, text_field field)
{
    constexpr int revisions_max = 2000;
    in.add(sql::list_revisions, practice, subject, name_of(field), name_of(kind), revisions_max);
}

std::vector<history_row> read_history(const rows& found)
{
    std::vector<history_row> history;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        revision_view view;
        view.revision_id = each.get<uuid>(0);
        view.recorded_at = each.get<instant>(1);
        view.typed_at = each.get<instant>(2);
        view.author_name = each.get<std::string>(3);
        view.bases = each.get<std::vector<uuid>>(4);
        view.digest = to_base64url(each.get<bytes>(6));
        view.salt = to_base64url(each.get<bytes>(7));
        view.addendum = each.get<bool>(8);
        history.push_back({std::move(view), each.get<bytes>(5)});
    }
    return history;
}

void find_consultation(unit& in, const uuid& practice, const uuid& consultation)
{
    in.add(sql::find_consultation, practice, consultation);
}

std::optional<consultation_row> read_consultation(const rows& found)
{
    if (found.empty()) return std::nullopt;
    const auto only = found[0];
    consultation_row read;
    auto& view = read.view;
    view.consultation_id = only.get<uuid>(0);
    view.kind = only.get<consultation_kind>(1);
    view.practitioner_name = only.get<std::string>(2);
    view.opened_at = only.get<instant>(3);
    view.closed_at = only.get<std::optional<instant>>(4);
    if (view.closed_at) view.state = consultation_state::closed;
    const auto retracted_at = only.get<std::optional<instant>>(5);
    if (!retracted_at) return read;
    read.retracted = true;
    view.state = consultation_state::retracted;
    view.retraction = retraction_view{*retracted_at, only.get<std::string>(6), {}, only.get<std::optional<uuid>>(8)};
    read.reason_sealed = only.get<bytes>(7);
    return read;
}

void list_consultations(unit& in, const uuid& practice, const uuid& patient, bool with_retracted)
{
    in.add(sql::list_consultations, practice, patient, with_retracted);
}

std::vector<line_row> read_lines(const rows& found)
{
    std::vector<line_row> lines;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        line_row line;
        line.view.consultation_id = each.get<uuid>(0);
        line.view.opened_at = each.get<instant>(1);
        line.view.closed_at = each.get<std::optional<instant>>(2);
        line.view.kind = each.get<consultation_kind>(3);
        line.view.practitioner_name = each.get<std::string>(4);
        if (line.view.closed_at) line.view.state = consultation_state::closed;
        if (each.get<bool>(5)) line.view.state = consultation_state::retracted;
        line.revision = each.get<std::optional<uuid>>(7);
        if (line.revision)
        {
            line.field = each.get<text_field>(6);
            line.sealed = each.get<bytes>(8);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

void open_consultation(unit& in, const act& of, const opening_wish& wish)
{
    in.add(sql::refuse_opening, of.by.practice, wish.patient_id, wish.appointment_id)
        .add(sql::open_consultation, of.by.practice, wish.consultation_id, wish.patient_id, wish.appointment_id,
             name_of(wish.kind), of.by.who.person);
    find_opened(in, of.by.practice, wish);
}

void find_opened(unit& in, const uuid& practice, const opening_wish& wish)
{
    in.add(sql::find_opened, practice, wish.consultation_id, wish.appointment_id);
}

std::optional<opened_row> read_opened(const rows& found)
{
    if (found.empty()) return std::nullopt;
    return opened_row{found[0].get<uuid>(0), found[0].get<uuid>(1)};
}

void refuse_stale_act(unit& in, const uuid& practice, const uuid& consultation, const heads_by_field& seen,
                      bool closed_was_seen)
{
    std::vector<std::string> heads;
    for (const auto field : observation)
    {
        const auto known = seen.find(field);
        heads.push_back(literal_of(known == seen.end() ? std::vector<uuid>{} : known->second));
    }
    in.add(sql::refuse_stale_act, practice, consultation, names_of(observation), heads, closed_was_seen);
}

void add_event(unit& in, const uuid& practice, const uuid& consultation, const event& happened)
{
    in.add(sql::add_event, practice, new_uuid(), consultation, happened.what, happened.at, happened.by,
           json::serialize(write_heads(happened.heads)), happened.reason_sealed, happened.refiled_as);
}

void refile(unit& in, const uuid& practice, const uuid& from, const uuid& into, const uuid& patient,
            const std::vector<refiled_revision>& revisions)
{
    std::vector<uuid> ids;
    std::vector<std::string> fields;
    std::vector<uuid> authors;
    std::vector<uuid> devices;
    std::vector<instant> typed_at;
    std::vector<bytes> sealed;
    std::vector<bytes> salts;
    std::vector<bytes> digests;
    std::vector<std::string> addenda;
    for (const auto& each : revisions)
    {
        ids.push_back(each.revision);
        fields.push_back(name_of(each.from.field));
        authors.push_back(each.from.author);
        devices.push_back(each.from.device);
        typed_at.push_back(each.from.typed_at);
        sealed.push_back(each.text.sealed);
        salts.push_back(each.text.salt);
        digests.emplace_back(each.text.digest.begin(), each.text.digest.end());
        addenda.emplace_back(each.addendum ? "t" : "f");
    }
    in.add(sql::refile_consultation, practice, from, into, patient)
        .add(sql::refile_revisions, practice, into, ids, fields, authors, devices, typed_at, sealed, salts, digests,
             addenda);
}

}  // namespace manent::record::stored
