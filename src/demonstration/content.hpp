// What the demonstration is made of: names, streets, motives and observations, from data/demonstration.json.
#pragma once

#include <boost/describe.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace manent::demonstration
{

struct secretary
{
    std::string given_name;
    std::string family_name;
    std::string email;
};
BOOST_DESCRIBE_STRUCT(secretary, (), (given_name, family_name, email))

struct practice
{
    std::string name;
    std::string phone;
    std::vector<std::string> lines;
    std::string city;
    std::string postal_code;
    std::string access;
    int patients = 0;
    std::optional<demonstration::secretary> secretary;
};
BOOST_DESCRIBE_STRUCT(practice, (), (name, phone, lines, city, postal_code, access, patients, secretary))

struct practitioner
{
    std::size_t practice = 0;  // its place in content::practices
    std::string given_name;
    std::string family_name;
    std::string specialty;
    std::string code;
    std::string sector;
    std::vector<std::string> languages;
    std::string email;
    int tint = 1;
    std::string presentation;
};
BOOST_DESCRIBE_STRUCT(practitioner, (),
                      (practice, given_name, family_name, specialty, code, sector, languages, email, tint,
                       presentation))

struct motive
{
    std::string label;
    int duration_min = 0;
    std::string modality;
    std::string admits;
    int tint = 1;
    std::string sign;
    int earliest_min = 0;
    std::string instructions;
};
BOOST_DESCRIBE_STRUCT(motive, (), (label, duration_min, modality, admits, tint, sign, earliest_min, instructions))

// Given names of those born from a year on.
struct generation
{
    int from = 0;
    std::vector<std::string> female;
    std::vector<std::string> male;
};
BOOST_DESCRIBE_STRUCT(generation, (), (from, female, male))

struct relative
{
    std::string given_name;
    std::string family_name;
    std::string birth_date;
    std::string sex;
    std::string relation;
};
BOOST_DESCRIBE_STRUCT(relative, (), (given_name, family_name, birth_date, sex, relation))

struct patient_account
{
    std::string given_name;
    std::string family_name;
    std::string birth_date;
    std::string sex;
    std::string email;
    std::string phone;
    std::vector<relative> relatives;
};
BOOST_DESCRIBE_STRUCT(patient_account, (), (given_name, family_name, birth_date, sex, email, phone, relatives))

// What is written of a visit, and of whom: in whole years, both ends included.
struct observation
{
    int from_age = 0;
    int to_age = 0;
    std::array<std::string, 4> texts;  // motif, interrogatoire, examen, conclusion
};
BOOST_DESCRIBE_STRUCT(observation, (), (from_age, to_age, texts))

struct content
{
    std::string password;
    std::vector<practice> practices;
    std::vector<practitioner> practitioners;
    std::map<std::string, std::vector<motive>> motives;            // by specialty
    std::map<std::string, std::vector<observation>> observations;  // by specialty
    std::vector<std::string> antecedents;
    std::vector<std::string> allergies;
    std::vector<std::string> treatments;
    std::vector<std::string> streets;
    std::vector<std::string> family_names;
    std::vector<generation> given_names;
    std::vector<patient_account> patient_accounts;
};
BOOST_DESCRIBE_STRUCT(content, (),
                      (password, practices, practitioners, motives, observations, antecedents, allergies, treatments,
                       streets, family_names, given_names, patient_accounts))

// Throws std::exception when the file is missing or of another shape.
content read_content(const std::filesystem::path& file);

}  // namespace manent::demonstration
