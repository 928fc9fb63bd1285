#include "directory/rules.hpp"

#include "directory/national_number.hpp"

namespace manent::directory
{

namespace
{

void check_number(const new_practitioner& one, number_origin numbers, const std::string& path, problem& refused)
{
    if (!one.national_number) return;
    switch (read_practitioner_number(*one.national_number).check)
    {
        case number_check::valid:
            return;
        case number_check::wrong_key:
            if (numbers == number_origin::typed) refused.fields.push_back({path, "wrong_key", std::nullopt});
            return;
        case number_check::malformed:
            refused.fields.push_back({path, "not_a_national_number", std::nullopt});
            return;
    }
}

}  // namespace

result<void> check(const std::vector<new_practitioner>& added, const specialties& known, number_origin numbers)
{
    problem refused{problem_kind::invalid, "invalid_request", {}, {}};
    for (std::size_t i = 0; i < added.size(); ++i)
    {
        const auto path = "/practitioners/" + std::to_string(i);
        check_number(added[i], numbers, path + "/national_number", refused);
        if (added[i].specialties.empty()) refused.fields.push_back({path + "/specialties", "required", std::nullopt});
        for (const auto& slug : added[i].specialties)
        {
            if (known.find(slug) == nullptr)
                refused.fields.push_back({path + "/specialties", "unknown_value", std::nullopt});
        }
    }
    if (refused.fields.empty()) return {};
    return refused;
}

}  // namespace manent::directory
