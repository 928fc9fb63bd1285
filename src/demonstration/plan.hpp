// A working practice out of content, a seed and a date: who is a patient, who came when and in which state, what was
// written. Pure: the same seed and moment give the same plan, identifiers included.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "demonstration/content.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace manent::demonstration
{

struct planned_patient
{
    uuid id;
    std::size_t practice = 0;
    std::string birth_name;
    std::optional<std::string> used_name;
    std::string given_names;
    local_date birth_date;
    std::string sex;
    std::string phone;
    std::string street;
    std::optional<std::size_t> account;  // of content::patient_accounts
};

struct planned_motive
{
    uuid id;
    const motive* what = nullptr;
};

struct planned_agenda
{
    uuid id;
    uuid practitioner_id;
    uuid person_id;
    std::size_t practitioner = 0;  // of content::practitioners
    std::vector<planned_motive> motives;
};

struct planned_opening
{
    int weekday;
    local_time starts;
    local_time ends;
};

struct planned_appointment
{
    uuid id;
    std::size_t agenda = 0;
    std::size_t patient = 0;
    std::size_t motive = 0;
    instant starts_at;
    instant ends_at;
    std::string state;
    bool new_patient = false;
    bool booked_online = false;
};

struct planned_consultation
{
    uuid id;
    std::size_t appointment = 0;
    std::array<std::string, 4> texts;
};

struct plan
{
    std::vector<uuid> practices;
    std::vector<uuid> sites;
    std::vector<planned_agenda> agendas;
    std::vector<planned_patient> patients;
    std::vector<planned_appointment> appointments;
    std::vector<planned_consultation> consultations;
};

// The openings of every agenda of the demonstration, each week.
const std::vector<planned_opening>& weekly_openings();

// `from` must outlive the plan, which points into it.
plan make_plan(const content& from, std::uint64_t seed, instant now, time_zone zone);

}  // namespace manent::demonstration
