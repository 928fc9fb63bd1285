// `manent import sas FILE|-`: reads a published SAS bundle into the directory of this installation and says on the
// terminal what became of it. What it means is for directory/import_sas.
#pragma once

#include "core/config.hpp"

#include <string>

namespace manent::serve
{

struct import_wish
{
    std::string file;  // "-" is standard input
    bool shift = false;
};

// The exit status: 0 when every entry was taken, 2 when some were refused and the rest is in. Throws
// std::runtime_error, with a sentence for the terminal, when the file as a whole cannot be read or imported.
int import_bundle(const config& settings, const import_wish& wish);

}  // namespace manent::serve
