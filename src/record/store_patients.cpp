// The rows of patients and of their appointments: see store.hpp.
#include "record/sql.hpp"
#include "record/store.hpp"

namespace manent::record::stored
{

namespace
{

template <class Text>
std::optional<std::string> value_of(const std::optional<Text>& typed)
{
    if (!typed) return std::nullopt;
    return typed->value;
}

// The columns of an identity as both statements that write it bind them, from birth_name to folded_names.
struct identity_columns
{
    explicit identity_columns(const identity_wish& of)
        : used_name{value_of(of.used_name)},
          birth_place{value_of(of.birth_place)},
          phone{value_of(of.phone)},
          email{value_of(of.email)},
          folded{folded_names(of.birth_name.value, used_name, of.given_names.value)}
    {
        if (!of.address) return;
        for (const auto& line : of.address->lines.items) lines.push_back(line.value);
        postal_code = of.address->postal_code.value;
        city = of.address->city.value;
    }

    std::optional<std::string> used_name;
    std::optional<std::string> birth_place;
    std::optional<std::string> phone;
    std::optional<std::string> email;
    std::vector<std::string> lines;
    std::optional<std::string> postal_code;
    std::optional<std::string> city;
    std::string folded;
};

time_zone zone_of(const std::string& name)
{
    const auto zone = find_zone(name);
    return zone != nullptr ? zone : find_zone("Etc/UTC");
}

found_patient read_line(const store::row& from)
{
    found_patient line;
    line.patient_id = from.get<uuid>(0);
    line.birth_name = from.get<std::string>(1);
    line.used_name = from.get<std::optional<std::string>>(2);
    line.given_names = from.get<std::string>(3);
    line.birth_date = from.get<local_date>(4);
    line.sex = from.get<record::sex>(5);
    line.phone = from.get<std::optional<std::string>>(6);
    line.email = from.get<std::optional<std::string>>(7);
    return line;
}

}  // namespace

void find_patient(unit& in, const uuid& practice, const uuid& patient)
{
    in.add(sql::find_patient, practice, patient, std::nullopt);
}

void find_patient_of(unit& in, const uuid& practice, const uuid& consultation)
{
    in.add(sql::find_patient, practice, std::nullopt, consultation);
}

std::optional<patient_row> read_patient(const rows& found)
{
    if (found.empty()) return std::nullopt;
    const auto only = found[0];
    patient_row read;
    auto& view = read.view;
    view.patient_id = only.get<uuid>(0);
    view.birth_name = only.get<std::string>(1);
    view.used_name = only.get<std::optional<std::string>>(2);
    view.given_names = only.get<std::string>(3);
    view.birth_date = only.get<local_date>(4);
    view.sex = only.get<record::sex>(5);
    view.birth_place = only.get<std::optional<std::string>>(6);
    view.phone = only.get<std::optional<std::string>>(7);
    view.email = only.get<std::optional<std::string>>(8);
    address_view where{only.get<std::vector<std::string>>(9), only.get<std::optional<std::string>>(10).value_or(""),
                       only.get<std::optional<std::string>>(11).value_or("")};
    if (!where.lines.empty() || !where.postal_code.empty() || !where.city.empty()) view.address = std::move(where);
    view.version = only.get<int>(12);
    read.wrapped_key = only.get<bytes>(13);
    return read;
}

void add_patient(unit& in, const act& of, const uuid& patient, const identity_wish& wish, const bytes& wrapped_key)
{
    const identity_columns columns{wish};
    in.add(sql::add_patient, of.by.practice, patient, wish.birth_name.value, columns.used_name, wish.given_names.value,
           wish.birth_date, name_of(wish.sex), columns.birth_place, columns.phone, columns.email, columns.lines,
           columns.postal_code, columns.city, columns.folded, wrapped_key, of.by.who.person);
}

void change_patient(unit& in, const act& of, const uuid& patient, const changed_patient& wish)
{
    const identity_columns columns{wish};
    in.add(sql::change_patient, of.by.practice, patient, wish.version.value, wish.birth_name.value, columns.used_name,
           wish.given_names.value, wish.birth_date, name_of(wish.sex), columns.birth_place, columns.phone,
           columns.email, columns.lines, columns.postal_code, columns.city, columns.folded, of.by.who.person);
}

void search_patients(unit& in, const uuid& practice, const search_terms& terms, std::int64_t limit)
{
    // Folded words hold letters and digits only, so no pattern needs escaping.
    std::vector<std::string> each;
    std::vector<std::string> either;
    for (const auto& word : terms.words) each.push_back("% " + word + "%");
    for (const auto& word : terms.either) either.push_back("% " + word + "%");
    const auto leading = terms.words.empty() ? std::string{"%"} : terms.words.front() + "%";
    in.add(sql::search_patients, practice, leading, each, either, terms.born_on, terms.born_like, terms.phone_part,
           limit);
}

std::vector<found_patient> read_found(const rows& found)
{
    std::vector<found_patient> items;
    for (int i = 0; i < found.size(); ++i)
    {
        auto line = read_line(found[i]);
        if (const auto next = found[i].get<std::optional<instant>>(8))
            line.next_appointment = local_instant{*next, zone_of(found[i].get<std::string>(9))};
        line.last_seen = found[i].get<std::optional<local_date>>(10);
        items.push_back(std::move(line));
    }
    return items;
}

void list_namesakes(unit& in, const uuid& practice, const std::vector<local_date>& born_on)
{
    std::vector<std::string> dates;
    for (const auto& date : born_on) dates.push_back(format_date(date));
    in.add(sql::list_namesakes, practice, dates);
}

std::vector<found_patient> read_namesakes(const rows& found)
{
    std::vector<found_patient> items;
    for (int i = 0; i < found.size(); ++i) items.push_back(read_line(found[i]));
    return items;
}

void list_appointments(unit& in, const uuid& practice, const uuid& patient)
{
    in.add(sql::list_appointments, practice, patient, std::nullopt);
}

void find_appointment_of(unit& in, const uuid& practice, const uuid& consultation)
{
    in.add(sql::list_appointments, practice, std::nullopt, consultation);
}

std::vector<appointment_row> read_appointments(const rows& found)
{
    std::vector<appointment_row> listed;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        const auto zone = zone_of(each.get<std::string>(20));
        appointment_row read;
        auto& view = read.view;
        view.appointment_id = each.get<uuid>(0);
        view.agenda_id = each.get<uuid>(1);
        view.motive_id = each.get<uuid>(2);
        view.motive_label = each.get<std::string>(3);
        view.tint = each.get<int>(4);
        view.sign = each.get<std::string>(5);
        view.modality = each.get<visit_modality>(6);
        view.patient_id = each.get<std::optional<uuid>>(7);
        view.patient_name = each.get<std::string>(8);
        view.patient_birth_date = each.get<std::optional<local_date>>(9);
        view.patient_phone = each.get<std::optional<std::string>>(10);
        view.starts_at = {each.get<instant>(11), zone};
        view.ends_at = {each.get<instant>(12), zone};
        view.state = each.get<visit_state>(13);
        view.lane = each.get<int>(14);
        read.note_sealed = each.get<std::optional<bytes>>(15).value_or(bytes{});
        view.booked_by = each.get<bool>(16) ? booker::staff : booker::patient;
        view.consultation_id = each.get<std::optional<uuid>>(17);
        view.version = each.get<int>(18);
        view.new_patient = each.get<bool>(19);
        listed.push_back(std::move(read));
    }
    return listed;
}

}  // namespace manent::record::stored
