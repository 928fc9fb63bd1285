#include "store/promotion_desk.hpp"

#include "core/disk.hpp"
#include "core/id.hpp"

#include <fstream>
#include <sstream>
#include <thread>

namespace manent::store
{

promotion_desk::promotion_desk(const std::filesystem::path& data)
    : wanted_{data / "promotion.wanted"}, answered_{data / "promotion.answer"}
{
}

std::optional<promotion> promotion_desk::ask(bool force, std::chrono::seconds at_most)
{
    const auto mark = to_string(new_uuid());
    write_durably(wanted_, mark + (force ? " force" : "") + "\n");
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
            return promotion{outcome == "done", said.str()};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    // Nobody must find it later, when nobody wants it any more.
    std::filesystem::remove(wanted_);
    return std::nullopt;
}

std::optional<promotion_desk::wish> promotion_desk::take()
{
    std::error_code unknown;
    if (!std::filesystem::exists(wanted_, unknown)) return std::nullopt;
    std::ifstream in{wanted_};
    wish taken;
    std::string force;
    in >> taken.mark >> force;
    taken.force = force == "force";
    std::filesystem::remove(wanted_, unknown);
    return taken;
}

void promotion_desk::answer(const wish& to, const promotion& with)
{
    write_durably(answered_, to.mark + (with.done ? " done\n" : " refused\n") + with.said);
}

}  // namespace manent::store
