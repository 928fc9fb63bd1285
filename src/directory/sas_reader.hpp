// How a bundle is read: in passes, from what others refer to (organisations) to what refers to them (slots), so that a
// reference to a refused entry is known as such. Used by sas_bundle.cpp only.
#pragma once

#include "core/json.hpp"
#include "directory/sas_bundle.hpp"

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace manent::directory::sas
{

class reader
{
public:
    explicit reader(const json::array& entries);
    bundle read();

private:
    struct entry
    {
        std::string full_url;
        std::string type;
        // nullptr when the entry holds nothing that can be read.
        const json::object* resource = nullptr;
        json_errors refusals;
        std::vector<field_error> warnings;
        // Where in the bundle's list of its kind it was put.
        std::optional<std::size_t> taken;
    };
    struct role
    {
        std::optional<std::size_t> practitioner;
        std::size_t site = 0;
    };

    [[nodiscard]] source source_of(const entry& from) const;
    // A warning at the place where the entry is being read; of no interest once the entry is refused.
    static void warn(entry& from, std::string_view code);
    void index(const json::array& entries);
    void index_one(const json::value& from, entry& into, std::size_t position);
    // Runs `take` over the readable entries of one type; an entry that it refused anything of is not taken.
    void each_of(std::string_view type, std::optional<std::size_t> (reader::*take)(entry&));
    std::optional<std::size_t> take_organisation(entry& from);
    std::optional<std::size_t> take_location(entry& from);
    std::optional<std::size_t> take_practitioner(entry& from);
    std::optional<std::size_t> take_role(entry& from);
    std::optional<std::size_t> take_service(entry& from);
    std::optional<std::size_t> take_schedule(entry& from);
    std::optional<std::size_t> take_slot(entry& from);

    // The taken entry that a reference means, which must be of `type`; refuses in `from` otherwise.
    std::optional<std::size_t> follow(entry& from, const std::string& reference, std::string_view type);
    // nullptr when nothing in the bundle answers to it.
    entry* resolve(const entry& from, const std::string& reference);

    std::size_t put_organisation(organisation one);
    std::optional<std::size_t> organisation_of_role(entry& from);
    std::optional<std::size_t> site_of_role(entry& from, std::size_t organisation);
    std::optional<site> read_site(const json::object& location, std::size_t organisation, entry& from);
    std::size_t put_site(site one, entry& from);
    std::optional<std::string> phone_of(const json::object& resource, entry& from);
    void read_time(slot& into, entry& from);
    void read_audience(slot& into, entry& from);
    void read_service_types(slot& into, entry& from);
    void read_specialties(slot& into, entry& from);
    void read_appointment_type(slot& into, entry& from);
    void rank_specialties();
    void list_findings();

    std::vector<entry> entries_;
    std::unordered_map<std::string, std::size_t> by_url_;
    // "Type/id" to entry; nullopt when several share it.
    std::unordered_map<std::string, std::optional<std::size_t>> by_relative_;
    std::unordered_map<std::string, std::size_t> organisation_by_identifier_;
    std::map<std::pair<std::size_t, std::string>, std::size_t> site_by_identifier_;
    std::unordered_map<std::string, std::size_t> practitioner_by_number_;
    std::map<std::pair<std::optional<std::size_t>, std::size_t>, std::size_t> agenda_by_actors_;
    std::map<std::tuple<std::size_t, instant, instant>, std::size_t> slot_by_time_;
    std::vector<role> roles_;
    bundle read_;
};

}  // namespace manent::directory::sas
