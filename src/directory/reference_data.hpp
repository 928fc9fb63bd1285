// What the program reads from its data folder at start: places, specialties, sectors.
#pragma once

#include "directory/places.hpp"
#include "directory/specialties.hpp"

#include <filesystem>

namespace manent::directory
{

struct reference_data
{
    directory::places places;
    directory::specialties specialties;
    directory::sectors sectors;
};

// Throws data_error, which names file and line, when the folder is not whole: the program does not start without it.
reference_data read_reference_data(const std::filesystem::path& folder);

}  // namespace manent::directory
