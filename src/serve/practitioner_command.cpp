#include "serve/practitioner_command.hpp"

#include "core/wait.hpp"
#include "directory/names.hpp"
#include "directory/service.hpp"
#include "identity/provision.hpp"
#include "serve/installation.hpp"
#include "store/blocking.hpp"
#include "store/database.hpp"

#include <iostream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::string prefixed(const std::string& number)
{
    constexpr std::size_t rpps_digits = 11;
    constexpr std::size_t adeli_digits = 9;
    if (number.size() == rpps_digits) return "8" + number;
    if (number.size() == adeli_digits) return "0" + number;
    throw std::runtime_error("--number: an RPPS number has 11 digits, an ADELI number 9");
}

directory::new_practitioner practitioner_of(const practitioner_wish& wish, const directory::reference_data& data)
{
    if (data.specialties.find(wish.specialty) == nullptr)
    {
        std::string all;
        for (const auto& each : data.specialties.all()) all += "\n  " + each.slug;
        throw std::runtime_error("--specialty: one of" + all);
    }
    if (!wish.sector.empty() && data.sectors.find(wish.sector) == nullptr)
        throw std::runtime_error("--sector: one of c1, c2, c3, nc");
    directory::new_practitioner made;
    made.practitioner_id = new_uuid();
    if (!wish.number.empty()) made.national_number = prefixed(wish.number);
    made.title = wish.title;
    made.given_name = wish.given_name;
    made.family_name = wish.family_name;
    made.specialties = {wish.specialty};
    if (!wish.sector.empty()) made.sector = wish.sector;
    return made;
}

directory::new_site site_of(const practitioner_wish& wish, const std::string& name,
                            const directory::reference_data& data)
{
    const auto* const place = data.places.of_address(wish.city, wish.postal_code);
    if (place == nullptr) throw std::runtime_error("--city and --postal-code name no commune");
    directory::new_site made;
    made.site_id = new_uuid();
    made.name = name;
    made.lines = wish.lines;
    made.postal_code = wish.postal_code;
    made.city = wish.city;
    made.insee = place->insee;
    made.position = place->position;
    return made;
}

directory::practice_setup setup_of(const practitioner_wish& wish, const identity::found_practice& practice,
                                   const directory::new_practitioner& who, const directory::reference_data& data)
{
    directory::practice_setup added;
    added.practice_id = practice.named.practice;
    const bool new_site = !wish.city.empty() || !wish.postal_code.empty();
    if (!new_site && !practice.only_site)
        throw std::runtime_error("where? Give --line, --postal-code and --city: the practice has no site, or several");
    if (new_site) added.sites.push_back(site_of(wish, practice.named.name, data));
    directory::new_agenda agenda;
    agenda.agenda_id = new_uuid();
    agenda.site_id = new_site ? added.sites.front().site_id : *practice.only_site;
    agenda.practitioner_id = who.practitioner_id;
    agenda.name = directory::display_name(who.title, who.given_name, who.family_name);
    directory::new_motive motive;
    motive.motive_id = new_uuid();
    motive.label = "Consultation";
    added.links.push_back({agenda.agenda_id, motive.motive_id});
    added.agendas.push_back(std::move(agenda));
    added.motives.push_back(std::move(motive));
    return added;
}

void require(const result<void>& done)
{
    if (done) return;
    std::string why = "nothing was added: " + done.error().code;
    for (const auto& each : done.error().fields) why += "\n  " + each.path + ": " + each.code;
    throw std::runtime_error(why);
}

}  // namespace

int add_practitioner(const config& settings, const practitioner_wish& wish)
{
    const auto data = directory::read_reference_data(std::filesystem::path{settings.share} / "data");
    const auto who = practitioner_of(wish, data);
    installation here{settings, false};
    here.open();
    auto owner = here.as_owner();
    const auto practice = identity::find_practice(owner, wish.practice);
    if (!practice)
        throw std::runtime_error(practice.error().code == "not_unique"
                                     ? "--practice: several have that name, give the identifier"
                                     : "--practice: none has that identifier or name");
    const auto& there = practice->named.practice;
    if (!wish.email.empty() && !identity::works_there(owner, there, wish.email))
        throw std::runtime_error("--email: nobody with that address works in the practice; invite them first");
    auto added = setup_of(wish, *practice, who, data);
    boost::asio::io_context on;
    store::database_settings wanted;
    wanted.conninfo = here.conninfo("manent_owner");
    const auto as_owner = store::database::make(on.get_executor(), std::move(wanted));
    require(wait_for(on, directory::add_practitioners(*as_owner, data, {who}, directory::number_origin::typed)));
    require(wait_for(on, directory::set_up(*as_owner, std::move(added))));
    std::cout << directory::display_name(who.title, who.given_name, who.family_name) << " has an agenda in "
              << practice->named.name << ".\n";
    if (!wish.email.empty())
    {
        if (const auto linked = identity::link_practitioner(owner, there, who.practitioner_id, wish.email); !linked)
            throw std::runtime_error("the practitioner was added, but " + wish.email + " was not made theirs");
        std::cout << wish.email << " signs in as this practitioner.\n";
    }
    std::cout << "Set the opening hours and motives on the screen Horaires et motifs.\n";
    return 0;
}

}  // namespace manent::serve
