#include "record/opening.hpp"

#include <stdexcept>

namespace manent::record
{

namespace
{

head_view open_head(const secret_key& key, const uuid& practice, const uuid& subject, const stored::revision_row& head)
{
    return {head.revision,           text_of(key, practice, subject, head),
            to_base64url(head.salt), to_base64url(head.digest),
            head.recorded_at,        head.author_name};
}

}  // namespace

std::string text_of(const secret_key& key, const uuid& practice, subject_kind kind, const uuid& subject,
                    text_field field, const uuid& revision, byte_view sealed)
{
    auto text = open_text(key, {practice, kind, subject, field, revision}, sealed);
    if (!text) throw std::runtime_error("revision " + to_string(revision) + " does not open");
    return std::move(*text);
}

std::string text_of(const secret_key& key, const uuid& practice, const uuid& subject,
                    const stored::revision_row& revision)
{
    return text_of(key, practice, kind_of(revision.field), subject, revision.field, revision.revision, revision.sealed);
}

observation_fields open_observation(const secret_key& key, const uuid& practice, const uuid& consultation,
                                    const std::vector<stored::revision_row>& heads)
{
    observation_fields fields;
    for (const auto& head : heads)
    {
        auto opened = open_head(key, practice, consultation, head);
        if (head.field == text_field::motif) fields.motif.heads.push_back(std::move(opened));
        else if (head.field == text_field::interrogatoire) fields.interrogatoire.heads.push_back(std::move(opened));
        else if (head.field == text_field::examen) fields.examen.heads.push_back(std::move(opened));
        else if (head.field == text_field::conclusion) fields.conclusion.heads.push_back(std::move(opened));
    }
    return fields;
}

patient_fields open_patient_fields(const secret_key& key, const uuid& practice, const uuid& patient,
                                   const std::vector<stored::revision_row>& heads)
{
    patient_fields fields;
    for (const auto& head : heads)
    {
        auto opened = open_head(key, practice, patient, head);
        if (head.field == text_field::allergies) fields.allergies.heads.push_back(std::move(opened));
        else if (head.field == text_field::antecedents) fields.antecedents.heads.push_back(std::move(opened));
        else if (head.field == text_field::treatments) fields.treatments.heads.push_back(std::move(opened));
    }
    return fields;
}

std::vector<addendum_view> open_addenda(const secret_key& key, const uuid& practice, const uuid& consultation,
                                        const std::vector<stored::revision_row>& addenda)
{
    std::vector<addendum_view> opened;
    for (const auto& each : addenda)
        opened.push_back({each.recorded_at, each.author_name, each.field, text_of(key, practice, consultation, each)});
    return opened;
}

appointment_view open_appointment(const secret_key& practice_key, const uuid& practice, stored::appointment_row from)
{
    if (from.note_sealed.empty()) return std::move(from.view);
    const auto context = "appointment.note " + to_string(practice) + " " + to_string(from.view.appointment_id);
    const auto note = open_sealed(practice_key, from.note_sealed, as_bytes(context));
    if (!note) throw std::runtime_error("the note of an appointment does not open");
    from.view.note.assign(note->begin(), note->end());
    return std::move(from.view);
}

void read_back(const secret_key& key, const uuid& practice, const uuid& subject,
               const std::vector<stored::revision_row>& revisions)
{
    for (const auto& each : revisions)
    {
        const auto text = text_of(key, practice, subject, each);
        if (!equal_in_constant_time(salted_digest(each.salt, text), each.digest))
            throw std::runtime_error("revision " + to_string(each.revision) + " has another digest than its text");
    }
}

}  // namespace manent::record
