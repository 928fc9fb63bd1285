// Whatever is broken in a published bundle: it is read or refused, what is read holds together, and what is listed
// names an entry that exists.
#include "directory/import_plan.hpp"
#include "directory_data.hpp"

#include <boost/json.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace manent::directory
{

namespace
{

namespace json = boost::json;

const json::value& published(int which)
{
    static const std::vector<json::value> all = []
    {
        std::vector<json::value> read;
        for (const auto* name : {"ExampleBundlePSIndiv", "ExampleBundleAgregateurSOS", "ExampleBundleCPTS"})
            read.push_back(
                json::parse(read_data_file(data_folder() / "sas" / ("Bundle-" + std::string{name} + ".json"))));
        return read;
    }();
    return all[static_cast<std::size_t>(which)];
}

json::value odd_value()
{
    return *rc::gen::element<json::value>(json::value{nullptr}, json::value{7}, json::value{-0.5}, json::value{true},
                                          json::value{""}, json::value{"x"}, json::value{"#"}, json::value{"Slot/"},
                                          json::value{"2026-13-45T99:00:00Z"}, json::value{"9999-12-31T23:59:59Z"},
                                          json::value{"0001-01-01T00:00:00Z"}, json::value{std::string(5000, 'y')},
                                          json::value{std::string("\0", 1)}, json::array{}, json::object{});
}

// Breaks one thing below `at`: replaces, removes or doubles it.
void break_something(json::value& at, int depth)
{
    const bool here = depth > 8 || *rc::gen::inRange(0, 8) == 0;
    if (auto* const object = at.if_object(); object != nullptr && !object->empty() && !here)
    {
        auto member =
            object->begin() + *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(object->size()));
        if (*rc::gen::inRange(0, 6) == 0) object->erase(member);
        else break_something(member->value(), depth + 1);
        return;
    }
    if (auto* const list = at.if_array(); list != nullptr && !list->empty() && !here)
    {
        const auto item = *rc::gen::inRange<std::size_t>(0, list->size());
        const int how = *rc::gen::inRange(0, 8);
        if (how == 0) list->erase(list->begin() + static_cast<std::ptrdiff_t>(item));
        else if (how == 1) list->push_back(json::value{(*list)[item]});
        else break_something((*list)[item], depth + 1);
        return;
    }
    at = odd_value();
}

}  // namespace

RC_GTEST_PROP(directory_sas_property, a_broken_bundle_is_read_as_far_as_it_goes, ())
{
    auto broken = published(*rc::gen::inRange(0, 3));
    const int times = *rc::gen::inRange(1, 6);
    for (int i = 0; i < times; ++i) break_something(broken, 0);
    auto read = sas::read_bundle(json::serialize(broken));
    if (!read) return;
    for (const auto& one : read->sites) RC_ASSERT(one.organisation < read->organisations.size());
    for (const auto& one : read->agendas)
    {
        RC_ASSERT(one.site < read->sites.size());
        RC_ASSERT(!one.practitioner || *one.practitioner < read->practitioners.size());
    }
    for (const auto& one : read->slots)
    {
        RC_ASSERT(one.agenda < read->agendas.size());
        RC_ASSERT(one.starts_at < one.ends_at);
        RC_ASSERT(!one.modalities.empty());
    }
    sas::shift_to_coming_week(*read, *parse_instant("2026-11-22T12:00:00+01:00"));
    const auto plan = plan_import(*read, the_data(), {});
    const auto entries = broken.as_object().contains("entry") ? broken.at("entry").as_array().size() : 0;
    for (const auto& one : plan.findings) RC_ASSERT(one.entry < entries);
    for (const auto& setup : plan.practices)
    {
        for (const auto& one : setup.openings)
        {
            RC_ASSERT(one.starts.minute >= 0 && one.starts.minute < one.ends.minute && one.ends.minute <= 1440);
            RC_ASSERT(!one.motive_ids.empty());
        }
    }
}

}  // namespace manent::directory
