#include "store/keeper_desk.hpp"

#include "core/disk.hpp"
#include "core/id.hpp"
#include "core/log.hpp"

#include <fstream>
#include <sstream>
#include <thread>

namespace manent::store
{

keeper_desk::keeper_desk(const std::filesystem::path& data)
    : wanted_{data / "keeper.wanted"}, answered_{data / "keeper.answer"}
{
}

std::optional<keeper_answer> keeper_desk::ask(std::string_view act, std::chrono::seconds at_most)
{
    const auto mark = to_string(new_uuid());
    write_durably(wanted_, mark + " " + std::string{act} + "\n");
    const auto give_up = std::chrono::steady_clock::now() + at_most;
    while (std::chrono::steady_clock::now() < give_up)
    {
        std::ifstream in{answered_};
        std::string whose;
        std::string outcome;
        std::ostringstream said;
        if (in >> whose >> outcome && whose == mark)
        {
            in.ignore();
            said << in.rdbuf();
            std::filesystem::remove(answered_);
            return keeper_answer{outcome == "done", said.str()};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    // Nobody must find it later, when nobody wants it any more.
    std::filesystem::remove(wanted_);
    return std::nullopt;
}

std::optional<keeper_desk::wish> keeper_desk::take()
{
    std::error_code unknown;
    if (!std::filesystem::exists(wanted_, unknown)) return std::nullopt;
    std::ifstream in{wanted_};
    wish taken;
    in >> taken.mark >> taken.act;
    std::filesystem::remove(wanted_, unknown);
    return taken;
}

void keeper_desk::answer(const wish& to, const keeper_answer& with)
{
    try
    {
        write_durably(answered_, to.mark + (with.done ? " done\n" : " refused\n") + with.said);
    }
    catch (const std::filesystem::filesystem_error& full)
    {
        // Whoever asked hears nothing; what was done stands in the log.
        log::warning("keeper_answer_not_written", {{"what", full.what()}});
    }
}

}  // namespace manent::store
