// For which standbys a commit should wait: those that stream, have all but a sliver, and speak. Pure, but for what it
// remembers from one look to the next.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::store
{

class standby_health
{
public:
    struct seen
    {
        std::string name;
        std::int64_t behind_bytes = 0;
        double said_at = 0;  // of its last word, by its own clock
    };

    // The names of those that are there, in the order given. A standby that lives speaks each second; its clock may
    // differ from ours, or be set: only that what it says of the time changes tells that it spoke.
    std::vector<std::string> look(const std::vector<seen>& streaming, std::chrono::steady_clock::time_point now);

private:
    struct word
    {
        double said_at = 0;
        std::optional<std::chrono::steady_clock::time_point> heard_at;
    };
    std::map<std::string, word> last_;
};

// synchronous_standby_names for a commit that waits for each of them; empty for nobody.
std::string to_setting(const std::vector<std::string>& names);
std::vector<std::string> names_in(std::string_view setting);

}  // namespace manent::store
