// `manent backup`: now, list, check, restore.
#pragma once

#include "serve/commands.hpp"

namespace manent::serve
{

void add_backup(CLI::App& line, command_line& given);

}  // namespace manent::serve
