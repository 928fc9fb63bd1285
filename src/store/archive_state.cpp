#include "store/archive_state.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace manent::store
{

namespace
{

boost::json::value written(const std::optional<instant>& at)
{
    if (!at) return nullptr;
    return boost::json::value(format_utc(*at));
}

std::optional<instant> instant_in(const boost::json::object& from, std::string_view name)
{
    const auto& value = from.at(name);
    return value.is_string() ? parse_instant(value.as_string()) : std::nullopt;
}

}  // namespace

std::filesystem::path archive_state_file(const std::filesystem::path& data)
{
    return data / "backup" / "state.json";
}

void write_archive_state(const std::filesystem::path& file, const archive_state& state)
{
    const boost::json::object made{{"stanza", state.stanza},
                                   {"is_set_up", state.is_set_up},
                                   {"failing_since", written(state.failing_since)},
                                   {"waiting_segments", state.waiting_segments},
                                   {"timeline", state.timeline},
                                   {"has_gap", state.has_gap},
                                   {"newest_backup", written(state.newest_backup)},
                                   {"newest_full", written(state.newest_full)},
                                   {"running", state.running},
                                   {"trouble", state.trouble}};
    const auto fresh = file.string() + ".new";
    std::ofstream out{fresh, std::ios::trunc};
    out << boost::json::serialize(made) << "\n";
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    std::filesystem::rename(fresh, file);
}

std::optional<archive_state> read_archive_state(const std::filesystem::path& file)
{
    std::ifstream in{file};
    if (!in) return std::nullopt;
    std::stringstream content;
    content << in.rdbuf();
    try
    {
        const auto parsed = boost::json::parse(content.str()).as_object();
        archive_state made;
        made.stanza = parsed.at("stanza").as_string();
        made.is_set_up = parsed.at("is_set_up").as_bool();
        made.failing_since = instant_in(parsed, "failing_since");
        made.waiting_segments = parsed.at("waiting_segments").to_number<int>();
        made.timeline = parsed.at("timeline").as_string();
        made.has_gap = parsed.at("has_gap").as_bool();
        made.newest_backup = instant_in(parsed, "newest_backup");
        made.newest_full = instant_in(parsed, "newest_full");
        made.running = parsed.at("running").as_string();
        made.trouble = parsed.at("trouble").as_string();
        return made;
    }
    catch (const std::exception&)
    {
        return std::nullopt;
    }
}

}  // namespace manent::store
