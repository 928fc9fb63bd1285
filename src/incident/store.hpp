// The rows of incidents: binds each statement of sql/ to a unit and reads what it answered.
#pragma once

#include "incident/types.hpp"
#include "store/rows.hpp"
#include "store/unit.hpp"

namespace manent::incident::stored
{

using store::rows;
using store::unit;

// Opens an incident, or adds to the one that is open for that promise, practice and detector.
void note(unit& in, const finding& noticed);

struct noted_row
{
    uuid incident{};
    bool opened = false;
};
noted_row read_noted(const rows& found);

}  // namespace manent::incident::stored
