#include "store/standby_health.hpp"

#include <cctype>

namespace manent::store
{

std::vector<std::string> standby_health::look(const std::vector<seen>& streaming,
                                              std::chrono::steady_clock::time_point now)
{
    constexpr std::int64_t sliver_bytes = 1024 * 1024;
    constexpr std::chrono::seconds speaks_within{2};
    std::vector<std::string> there;
    for (const auto& each : streaming)
    {
        auto& last = last_[each.name];
        if (each.said_at != last.said_at && last.said_at != 0) last.heard_at = now;
        last.said_at = each.said_at;
        const bool speaks = last.heard_at && now - *last.heard_at < speaks_within;
        if (speaks && each.behind_bytes < sliver_bytes) there.push_back(each.name);
    }
    return there;
}

std::string to_setting(const std::vector<std::string>& names)
{
    if (names.size() < 2) return names.empty() ? std::string{} : names.front();
    std::string listed;
    for (const auto& each : names) listed += (listed.empty() ? "" : ", ") + each;
    return "FIRST " + std::to_string(names.size()) + " (" + listed + ")";
}

std::vector<std::string> names_in(std::string_view setting)
{
    if (const auto list = setting.find('('); list != std::string_view::npos) setting.remove_prefix(list);
    std::vector<std::string> names;
    std::string name;
    for (const char each : std::string{setting} + ",")
    {
        if (each == '_' || std::isalnum(static_cast<unsigned char>(each)) != 0) name += each;
        else if (!name.empty()) names.push_back(std::exchange(name, {}));
    }
    return names;
}

}  // namespace manent::store
