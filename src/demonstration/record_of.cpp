#include "demonstration/record_of.hpp"

#include "core/text.hpp"
#include "demonstration/sql.hpp"
#include "record/rules.hpp"
#include "record/sealing.hpp"
#include "store/keyring.hpp"

namespace manent::demonstration
{

namespace
{

struct sealing_keys
{
    std::vector<secret_key> of_practices;
    std::vector<secret_key> of_patients;
};

sealing_keys write_keys(store::blocking_connection& as_owner, const plan& made, const secret_key& master)
{
    sealing_keys keys;
    std::vector<bytes> wrapped;
    for (const auto& practice : made.practices)
    {
        keys.of_practices.push_back(secret_key::random());
        wrapped.push_back(store::keyring::wrap_practice_key(master, practice, keys.of_practices.back()));
    }
    for (std::size_t i = 0; i < made.patients.size(); ++i) keys.of_patients.push_back(secret_key::random());
    run(as_owner, sql::add_practice_keys, made.practices, wrapped);
    return keys;
}

void write_patients(store::blocking_connection& as_owner, const content& from, const plan& made,
                    const std::vector<uuid>& accounts, const sealing_keys& keys)
{
    std::vector<uuid> practices, ids, link_practices, link_patients, link_people;
    std::vector<std::string> birth_names, used_names, given, births, sexes, phones, streets, codes, cities, folded;
    std::vector<bytes> wrapped;
    for (std::size_t i = 0; i < made.patients.size(); ++i)
    {
        const auto& each = made.patients[i];
        const auto& practice = from.practices[each.practice];
        practices.push_back(made.practices[each.practice]);
        ids.push_back(each.id);
        birth_names.push_back(each.birth_name);
        used_names.push_back(each.used_name.value_or(""));
        given.push_back(each.given_names);
        births.push_back(format_date(each.birth_date));
        sexes.push_back(each.sex);
        phones.push_back(each.phone);
        streets.push_back(each.street);
        codes.push_back(practice.postal_code);
        cities.push_back(practice.city);
        folded.push_back(record::folded_names(each.birth_name, each.used_name, each.given_names));
        wrapped.push_back(store::keyring::wrap_patient_key(keys.of_practices[each.practice], practices.back(), each.id,
                                                           keys.of_patients[i]));
        if (!each.account) continue;
        link_practices.push_back(practices.back());
        link_patients.push_back(each.id);
        link_people.push_back(accounts[*each.account]);
    }
    run(as_owner, sql::add_patients, practices, ids, birth_names, used_names, given, births, sexes, phones, streets,
        codes, cities, folded, wrapped);
    run(as_owner, sql::add_links, link_practices, link_patients, link_people);
}

void write_appointments(store::blocking_connection& as_owner, const content& from, const plan& made,
                        const std::vector<uuid>& accounts)
{
    std::vector<uuid> practices, ids, agendas, motives, patients, booked_by;
    std::vector<std::string> people, by_staff, new_patients, states;
    std::vector<instant> starts, ends;
    for (const auto& each : made.appointments)
    {
        const auto& agenda = made.agendas[each.agenda];
        const auto& patient = made.patients[each.patient];
        const auto account = patient.account;
        practices.push_back(made.practices[from.practitioners[agenda.practitioner].practice]);
        ids.push_back(each.id);
        agendas.push_back(agenda.id);
        motives.push_back(agenda.motives[each.motive].id);
        patients.push_back(patient.id);
        people.push_back(account ? to_string(accounts[*account]) : "");
        booked_by.push_back(account ? accounts[*account] : agenda.person_id);
        by_staff.emplace_back(account ? "f" : "t");
        new_patients.emplace_back(each.new_patient ? "t" : "f");
        states.push_back(each.state);
        starts.push_back(each.starts_at);
        ends.push_back(each.ends_at);
    }
    run(as_owner, sql::add_appointments, practices, ids, agendas, motives, patients, people, booked_by, by_staff,
        new_patients, starts, ends, states);
}

// Rows of revisions, gathered until they are written at once.
class revisions
{
public:
    void add(const secret_key& key, const record::place& at, const uuid& author, instant when, const std::string& text)
    {
        auto sealed = record::seal_text(key, at, text);
        practices_.push_back(at.practice);
        ids_.push_back(at.revision);
        kinds_.push_back(record::name_of(at.subject_kind));
        subjects_.push_back(at.subject);
        fields_.push_back(record::name_of(at.field));
        authors_.push_back(author);
        times_.push_back(when);
        sealed_.push_back(std::move(sealed.sealed));
        salts_.push_back(std::move(sealed.salt));
        digests_.emplace_back(sealed.digest.begin(), sealed.digest.end());
    }

    void write(store::blocking_connection& as_owner) const
    {
        run(as_owner, sql::add_revisions, practices_, ids_, kinds_, subjects_, fields_, authors_, times_, sealed_,
            salts_, digests_);
    }

private:
    std::vector<uuid> practices_, ids_, subjects_, authors_;
    std::vector<std::string> kinds_, fields_;
    std::vector<instant> times_;
    std::vector<bytes> sealed_, salts_, digests_;
};

void write_consultations(store::blocking_connection& as_owner, const content& from, const plan& made,
                         const sealing_keys& keys, revisions& texts)
{
    std::vector<uuid> practices, ids, patients, appointments, people;
    std::vector<std::string> kinds;
    std::vector<instant> times;
    for (const auto& each : made.consultations)
    {
        const auto& appointment = made.appointments[each.appointment];
        const auto& agenda = made.agendas[appointment.agenda];
        practices.push_back(made.practices[from.practitioners[agenda.practitioner].practice]);
        ids.push_back(each.id);
        patients.push_back(made.patients[appointment.patient].id);
        appointments.push_back(appointment.id);
        kinds.push_back(agenda.motives[appointment.motive].what->modality);
        people.push_back(agenda.person_id);
        times.push_back(appointment.starts_at);
        for (std::size_t field = 0; field < record::observation.size(); ++field)
        {
            const record::place at{practices.back(), record::subject_kind::consultation, each.id,
                                   record::observation[field], new_uuid()};
            texts.add(keys.of_patients[appointment.patient], at, agenda.person_id,
                      appointment.starts_at + minutes{3 + 3 * static_cast<int>(field)}, each.texts[field]);
        }
    }
    run(as_owner, sql::add_consultations, practices, ids, patients, appointments, kinds, people, times);
}

void write_files(const content& from, const plan& made, const sealing_keys& keys, std::uint64_t seed, revisions& texts)
{
    for (std::size_t i = 0; i < made.patients.size(); ++i)
    {
        const auto& patient = made.patients[i];
        const auto author =
            std::ranges::find_if(made.agendas, [&](const auto& each)
                                 { return from.practitioners[each.practitioner].practice == patient.practice; });
        const auto pick = [&](const std::vector<std::string>& from_these, std::size_t stride)
        { return from_these[(i * stride + seed) % from_these.size()]; };
        const std::array<std::pair<record::text_field, std::string>, 3> written{
            {{record::text_field::antecedents, pick(from.antecedents, 3)},
             {record::text_field::allergies, pick(from.allergies, 5)},
             {record::text_field::treatments, pick(from.treatments, 7)}}};
        for (const auto& [field, text] : written)
        {
            const record::place at{made.practices[patient.practice], record::subject_kind::patient, patient.id, field,
                                   new_uuid()};
            texts.add(keys.of_patients[i], at, author->person_id, made.appointments.front().starts_at, text);
        }
    }
}

}  // namespace

void write_record(store::blocking_connection& as_owner, const content& from, const plan& made,
                  const std::vector<uuid>& accounts, const secret_key& master, std::uint64_t seed)
{
    const auto keys = write_keys(as_owner, made, master);
    write_patients(as_owner, from, made, accounts, keys);
    write_appointments(as_owner, from, made, accounts);
    revisions texts;
    write_consultations(as_owner, from, made, keys, texts);
    write_files(from, made, keys, seed, texts);
    texts.write(as_owner);
}

}  // namespace manent::demonstration
