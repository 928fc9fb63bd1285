#include "directory/reference_data.hpp"

#include "directory/csv.hpp"

namespace manent::directory
{

reference_data read_reference_data(const std::filesystem::path& folder)
{
    return {places::parse(read_data_file(folder / "communes.csv")),
            specialties::parse(read_data_file(folder / "specialties.csv")),
            sectors::parse(read_data_file(folder / "sectors.csv"))};
}

}  // namespace manent::directory
