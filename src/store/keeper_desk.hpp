// How the command line asks a running keeper for something that only the keeper may do: a file in the data folder,
// where only its owner may write, and a file with the answer.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace manent::store
{

struct keeper_answer
{
    bool done = false;
    std::string said;  // for the terminal: what was done and what remains to do, or why not
};

class keeper_desk
{
public:
    // Acts.
    static constexpr std::string_view promote = "promote";
    static constexpr std::string_view promote_by_force = "promote-by-force";
    static constexpr std::string_view reopen = "reopen";  // the primary, with its settings written anew

    explicit keeper_desk(const std::filesystem::path& data);

    // For the command: waits for the keeper's answer; nullopt when none came in time.
    std::optional<keeper_answer> ask(std::string_view act, std::chrono::seconds at_most);

    struct wish
    {
        std::string mark;  // of who asked
        std::string act;
    };
    // For the keeper: each wish once.
    std::optional<wish> take();
    void answer(const wish& to, const keeper_answer& with);

private:
    std::filesystem::path wanted_;
    std::filesystem::path answered_;
};

}  // namespace manent::store
