#include "serve/import_command.hpp"

#include "core/wait.hpp"
#include "directory/import_sas.hpp"
#include "serve/installation.hpp"
#include "store/database.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

// A whole region's month of slots is a tenth of this.
constexpr std::size_t bundle_bytes_max = std::size_t{256} * 1024 * 1024;

std::string read_all(std::istream& from, const std::string& name)
{
    std::string text;
    std::array<char, 65536> part{};
    while (from.read(part.data(), part.size()) || from.gcount() > 0)
    {
        text.append(part.data(), static_cast<std::size_t>(from.gcount()));
        if (text.size() > bundle_bytes_max)
            throw std::runtime_error(name + " is larger than 256 MB: import it in parts");
    }
    if (from.bad()) throw std::runtime_error("cannot read " + name);
    return text;
}

std::string read_bundle_file(const std::string& file)
{
    if (file == "-") return read_all(std::cin, "standard input");
    std::ifstream opened{file, std::ios::binary};
    if (!opened) throw std::runtime_error("cannot read " + file);
    return read_all(opened, file);
}

std::string explain(const problem& refused)
{
    if (refused.code == "not_a_bundle") return "this is JSON, but no FHIR Bundle";
    if (refused.code == "too_many_items") return "the bundle has more entries than can be imported at once";
    if (refused.code != "invalid_json") return "the database refused: " + refused.code;
    const auto* const line = refused.details.if_contains("line");
    return "this is not JSON" + (line == nullptr ? "" : " (line " + boost::json::serialize(*line) + ")");
}

}  // namespace

int import_bundle(const config& settings, const import_wish& wish)
{
    // Before the database is started for it.
    const auto text = read_bundle_file(wish.file);
    const auto data = directory::read_reference_data(std::filesystem::path{settings.share} / "data");
    installation here{settings, false};
    here.open();
    boost::asio::io_context on;
    store::database_settings wanted;
    wanted.conninfo = here.conninfo("manent_owner");
    const auto as_owner = store::database::make(on.get_executor(), std::move(wanted));
    const auto report = wait_for(on, directory::import_sas(*as_owner, data, text, {wish.shift, now()}));
    if (!report) throw std::runtime_error("nothing was imported: " + explain(report.error()));
    std::cout << directory::describe(*report);
    return std::ranges::any_of(report->findings, &directory::sas::finding::refused) ? 2 : 0;
}

}  // namespace manent::serve
