#include "demonstration/content.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace manent::demonstration
{

content read_content(const std::filesystem::path& file)
{
    std::ifstream in{file};
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::stringstream text;
    text << in.rdbuf();
    return boost::json::value_to<content>(boost::json::parse(text.str()));
}

}  // namespace manent::demonstration
