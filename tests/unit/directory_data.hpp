// The project's own reference data, read once for all tests of the directory.
#pragma once

#include "directory/csv.hpp"
#include "directory/reference_data.hpp"

#include <filesystem>

namespace manent::directory
{

inline std::filesystem::path data_folder()
{
    return MANENT_DATA_FOLDER;
}

inline const reference_data& the_data()
{
    static const auto data = read_reference_data(data_folder());
    return data;
}

}  // namespace manent::directory
