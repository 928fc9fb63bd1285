// core/text's fold() for the many short French names that are folded at every start: the same answer from a small
// table, and fold() itself for whatever the table does not know.
#pragma once

#include <string>
#include <string_view>

namespace manent::directory
{

// Equal to fold(utf8) for every input.
std::string quick_fold(std::string_view utf8);

}  // namespace manent::directory
