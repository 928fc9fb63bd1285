// One SQL statement of a capability, built from a file in its sql/ folder. Its name is the prepared statement's name
// and the metric's label.
#pragma once

#include <string_view>

namespace manent
{

struct statement
{
    std::string_view name;
    std::string_view text;
};

}  // namespace manent
