// How the command line asks a running keeper for the promotion of its standby: a file in the data folder, which only
// its owner may write, and a file with the answer.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace manent::store
{

struct promotion
{
    bool done = false;
    std::string said;  // a sentence for the terminal: what was done and what remains to do, or why not
};

class promotion_desk
{
public:
    explicit promotion_desk(const std::filesystem::path& data);

    // For the command: waits for the keeper's answer; nullopt when none came in time.
    std::optional<promotion> ask(bool force, std::chrono::seconds at_most);

    struct wish
    {
        std::string mark;  // of who asked
        bool force = false;
    };
    // For the keeper: each wish once.
    std::optional<wish> take();
    void answer(const wish& to, const promotion& with);

private:
    std::filesystem::path wanted_;
    std::filesystem::path answered_;
};

}  // namespace manent::store
