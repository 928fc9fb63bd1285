#include "demonstration/load.hpp"

#include "core/text.hpp"
#include "core/wait.hpp"
#include "demonstration/content.hpp"
#include "demonstration/plan.hpp"
#include "demonstration/record_of.hpp"
#include "demonstration/sql.hpp"
#include "directory/import_sas.hpp"
#include "directory/national_number.hpp"
#include "directory/reference_data.hpp"
#include "directory/service.hpp"
#include "identity/keys.hpp"
#include "identity/totp.hpp"
#include "store/blocking.hpp"
#include "store/database.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace manent::demonstration
{

namespace
{

// An act of the directory, which nothing here may refuse.
template <class T>
T finish(boost::asio::io_context& on, task<result<T>> act)
{
    auto outcome = wait_for(on, std::move(act));
    if (!outcome) throw std::runtime_error("the demonstration was refused: " + outcome.error().code);
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

// An RPPS number with the right key, by its place in the demonstration.
std::string rpps(std::size_t place)
{
    for (int key = 0; key < 10; ++key)
    {
        auto number = "1099900" + std::to_string(100 + place) + std::to_string(key);
        if (directory::check_rpps(number) == directory::number_check::valid) return "8" + number;
    }
    throw std::logic_error("a Luhn sum has a key");
}

std::vector<directory::new_practitioner> practitioners_of(const content& from, const plan& made)
{
    std::vector<directory::new_practitioner> all;
    for (std::size_t i = 0; i < from.practitioners.size(); ++i)
    {
        const auto& each = from.practitioners[i];
        directory::new_practitioner added;
        added.practitioner_id = made.agendas[i].practitioner_id;
        added.national_number = rpps(i);
        added.title = each.specialty == "physiotherapy" ? "" : "Dr";
        added.given_name = each.given_name;
        added.family_name = each.family_name;
        added.specialties = {each.specialty};
        if (!each.code.empty()) added.specialty_codes = {each.code};
        added.sector = each.sector;
        added.languages = each.languages;
        added.presentation = each.presentation;
        all.push_back(std::move(added));
    }
    return all;
}

void add_agenda(const content& from, const planned_agenda& each, const uuid& site, directory::practice_setup& into)
{
    const auto& who = from.practitioners[each.practitioner];
    directory::new_agenda agenda;
    agenda.agenda_id = each.id;
    agenda.site_id = site;
    agenda.practitioner_id = each.practitioner_id;
    agenda.name = (who.specialty == "physiotherapy" ? "" : "Dr ") + who.given_name + " " + who.family_name;
    agenda.tint = who.tint;
    into.agendas.push_back(std::move(agenda));
    std::vector<uuid> motive_ids;
    for (const auto& [id, what] : each.motives)
    {
        directory::new_motive motive;
        motive.motive_id = id;
        motive.label = what->label;
        motive.duration_min = what->duration_min;
        boost::describe::enum_from_string(what->modality.c_str(), motive.modality);
        motive.admits = what->admits;
        motive.earliest_min = what->earliest_min;
        motive.latest_days = 60;
        motive.tint = what->tint;
        motive.sign = what->sign;
        motive.instructions = what->instructions;
        into.motives.push_back(std::move(motive));
        into.links.push_back({each.id, id});
        motive_ids.push_back(id);
    }
    for (const auto& opening : weekly_openings())
    {
        directory::new_opening added;
        added.opening_id = new_uuid();
        added.agenda_id = each.id;
        added.weekday = opening.weekday;
        added.starts = opening.starts;
        added.ends = opening.ends;
        added.motive_ids = motive_ids;
        into.openings.push_back(std::move(added));
    }
}

directory::practice_setup setup_of(const content& from, const plan& made, std::size_t place,
                                   const directory::reference_data& data)
{
    const auto& practice = from.practices[place];
    directory::practice_setup setup;
    setup.practice_id = made.practices[place];
    setup.practice = directory::new_practice{practice.name, practice.phone, std::nullopt};
    directory::new_site site;
    site.site_id = made.sites[place];
    site.name = practice.name;
    site.lines = practice.lines;
    site.postal_code = practice.postal_code;
    site.city = practice.city;
    site.access = practice.access;
    site.phone = practice.phone;
    if (const auto* const found = data.places.of_address(practice.city, practice.postal_code))
    {
        site.insee = found->insee;
        site.position = found->position;
    }
    setup.sites.push_back(std::move(site));
    for (const auto& each : made.agendas)
    {
        if (from.practitioners[each.practitioner].practice == place) add_agenda(from, each, made.sites[place], setup);
    }
    return setup;
}

void import_published(boost::asio::io_context& on, store::database& as_owner, const directory::reference_data& data,
                      const std::filesystem::path& folder, instant now)
{
    for (const auto& entry : std::filesystem::directory_iterator{folder})
    {
        std::ifstream in{entry.path()};
        std::stringstream text;
        text << in.rdbuf();
        const std::string bundle = text.str();
        finish(on, directory::import_sas(as_owner, data, bundle, {true, now}));
    }
}

void fill_directory(const content& from, const plan& made, const load_settings& with)
{
    const auto data = directory::read_reference_data(with.data);
    boost::asio::io_context on;
    store::database_settings wanted;
    wanted.conninfo = with.owner_conninfo;
    wanted.writers_max = 1;
    const auto as_owner = store::database::make(on.get_executor(), std::move(wanted));
    finish(on, directory::add_practitioners(*as_owner, data, practitioners_of(from, made),
                                            directory::number_origin::typed));
    for (std::size_t i = 0; i < from.practices.size(); ++i)
        finish(on, directory::set_up(*as_owner, setup_of(from, made, i, data)));
    import_published(on, *as_owner, data, with.data / "sas", with.now);
}

// Everyone who can sign in, and the relatives who cannot.
struct people
{
    std::vector<uuid> ids;
    std::vector<std::string> given_names, family_names, births, sexes, phones;

    void add(const uuid& id, const std::string& given, const std::string& family, const std::string& birth = {},
             const std::string& sex = "unknown", const std::string& phone = {})
    {
        ids.push_back(id);
        given_names.push_back(given);
        family_names.push_back(family);
        births.push_back(birth);
        sexes.push_back(sex);
        phones.push_back(phone);
    }
};

class accounts
{
public:
    accounts(const content& from, const secret_key& master) : from_{from}, keys_{master} {}

    void fill(const plan& made)
    {
        for (const auto& each : made.agendas)
        {
            const auto& who = from_.practitioners[each.practitioner];
            // The first of each practice sets it up as well.
            const bool first = std::ranges::find(practices_, made.practices[who.practice]) == practices_.end();
            const std::string role = first ? "administrator" : "practitioner";
            const auto& practice = from_.practices[who.practice];
            add_sign_in(each.person_id, who.given_name, who.family_name, who.email, true,
                        (who.specialty == "physiotherapy" ? "" : "Dr ") + who.given_name + " " + who.family_name +
                            " · " + practice.name,
                        role);
            add_membership(made.practices[who.practice], each.person_id, role, to_string(each.practitioner_id));
        }
        for (std::size_t i = 0; i < from_.practices.size(); ++i)
        {
            const auto& secretary = from_.practices[i].secretary;
            if (!secretary) continue;
            const auto id = new_uuid();
            add_sign_in(
                id, secretary->given_name, secretary->family_name, secretary->email, true,
                secretary->given_name + " " + secretary->family_name + " · secrétariat · " + from_.practices[i].name,
                "secretary");
            add_membership(made.practices[i], id, "secretary", "");
        }
        for (const auto& account : from_.patient_accounts) add_patient(account);
    }

    void write(store::blocking_connection& as_owner) const
    {
        run(as_owner, sql::add_people, people_.ids, people_.given_names, people_.family_names, people_.births,
            people_.sexes, people_.phones);
        run(as_owner, sql::add_credentials, ids_, emails_, hashes_, factors_);
        run(as_owner, sql::add_memberships, practices_, members_, roles_, practitioners_);
        run(as_owner, sql::add_mandates, holders_, relatives_, relations_);
        run(as_owner, sql::mark_installation, boost::json::serialize(listed_));
    }

    // By their place in content::patient_accounts.
    [[nodiscard]] const std::vector<uuid>& patients() const { return patients_; }

private:
    void add_sign_in(const uuid& id, const std::string& given, const std::string& family, const std::string& email,
                     bool with_factor, const std::string& label, std::string_view role)
    {
        if (with_factor) people_.add(id, given, family);
        ids_.push_back(id);
        emails_.push_back(email);
        hashes_.push_back(hash_);
        factors_.push_back({});
        if (with_factor)
        {
            const auto sealed = keys_.seal_factor(id, identity::write_factor({identity::new_totp_secret(), {}, {}}));
            factors_.back() = sealed;
        }
        listed_.push_back(
            boost::json::object{{"label", label}, {"role", role}, {"email", email}, {"password", from_.password}});
    }

    void add_membership(const uuid& practice, const uuid& person, std::string role, std::string practitioner)
    {
        practices_.push_back(practice);
        members_.push_back(person);
        roles_.push_back(std::move(role));
        practitioners_.push_back(std::move(practitioner));
    }

    void add_patient(const patient_account& account)
    {
        const auto id = new_uuid();
        patients_.push_back(id);
        people_.add(id, account.given_name, account.family_name, account.birth_date, account.sex, account.phone);
        add_sign_in(id, account.given_name, account.family_name, account.email, false,
                    account.given_name + " " + account.family_name + " · patient", "patient");
        for (const auto& relative : account.relatives)
        {
            const auto theirs = new_uuid();
            people_.add(theirs, relative.given_name, relative.family_name, relative.birth_date, relative.sex);
            holders_.push_back(id);
            relatives_.push_back(theirs);
            relations_.push_back(relative.relation);
        }
    }

    const content& from_;
    identity::keys keys_;
    // One hash for all: the password is printed on the sign-in page, and each takes 30 ms.
    std::string hash_ = hash_password(from_.password);
    people people_;
    std::vector<uuid> ids_;
    std::vector<std::string> emails_, hashes_;
    std::vector<bytes> factors_;
    std::vector<uuid> practices_, members_;
    std::vector<std::string> roles_, practitioners_;
    std::vector<uuid> holders_, relatives_;
    std::vector<std::string> relations_;
    std::vector<uuid> patients_;
    boost::json::array listed_;
};

}  // namespace

void load(const load_settings& with, const secret_key& master)
{
    store::blocking_connection as_owner{with.owner_conninfo};
    as_owner.execute("SET statement_timeout = 0; SET row_security = off");
    if (!as_owner.query("SELECT 1 FROM manent.practice LIMIT 1").empty())
        throw std::runtime_error(
            "this installation holds practices already: the demonstration wants an empty data folder");
    const auto from = read_content(with.data / "demonstration.json");
    const auto made = make_plan(from, with.seed, with.now, find_zone("Europe/Paris"));
    fill_directory(from, made, with);
    as_owner.execute("BEGIN");
    accounts who{from, master};
    who.fill(made);
    who.write(as_owner);
    write_record(as_owner, from, made, who.patients(), master, with.seed);
    as_owner.execute("COMMIT; ANALYZE");
}

std::string sign_ins(const std::string& owner_conninfo)
{
    store::blocking_connection as_owner{owner_conninfo};
    const auto kept = as_owner.query("SELECT value FROM manent.installation WHERE name = 'demonstration_accounts'");
    if (kept.empty()) return {};
    std::string lines = "Demonstration sign-ins (their codes are on the sign-in page):\n";
    const auto all = boost::json::parse(kept[0].get<std::string>(0));
    for (const auto& listed : all.as_array())
    {
        const auto part = [&](const char* name) { return std::string{listed.at(name).as_string()}; };
        lines += "  " + part("email") + "  " + part("password") + "  " + part("label") + "\n";
    }
    return lines;
}

}  // namespace manent::demonstration
