// The making of a standby: a base backup of the primary beside the standby's place, put there when it is whole. Either
// in one go or as a child process while the primary serves.
#pragma once

#include "store/cluster_tools.hpp"

#include <optional>
#include <string>

namespace manent::store
{

class standby_copy
{
public:
    // `tools` outlives it.
    explicit standby_copy(const cluster_tools& tools);
    ~standby_copy();
    standby_copy(const standby_copy&) = delete;
    standby_copy& operator=(const standby_copy&) = delete;

    // Puts the former standby back when an earlier making was cut off between taking it away and its end.
    void settle() const;
    // Throws std::runtime_error.
    void make();
    void begin();
    [[nodiscard]] bool is_under_way() const { return process_ != 0; }
    // Whether it has come to its end: true once, when the standby lies in its place. Throws std::runtime_error, once,
    // when it failed.
    bool take_end();
    void give_up();

private:
    void prepare() const;
    void put_in_place() const;
    [[nodiscard]] std::vector<std::string> arguments() const;

    const cluster_tools& tools_;
    pid_t process_ = 0;
};

}  // namespace manent::store
