// A session as identity itself sees it, and the small memory that keeps one read of it for a few seconds, so that a
// screen that asks ten things at once costs one look-up. The database checks again in every scope it enters.
#pragma once

#include "core/crypto.hpp"
#include "core/time.hpp"
#include "identity/types.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace manent::identity
{

struct membership
{
    uuid practice{};
    std::string practice_name;
    identity::role role = role::secretary;
    std::optional<uuid> practitioner;
};

struct live_session
{
    uuid session{};
    uuid person{};
    std::string given_name;
    std::string family_name;
    std::string email;
    manent::language language = manent::language::fr;
    std::optional<uuid> device;
    instant expires_at;
    bool locked = false;
    bool second_factor = false;
    bool pin_set = false;
    bool is_operator = false;  // of the installation
    std::vector<membership> memberships;
};

using known_session = std::shared_ptr<const live_session>;

// Belongs to one thread.
class session_cache
{
public:
    // What was kept for this token within the last `kept_for`, unless it has expired by `at`.
    known_session find(const digest& token, instant at) const;

    // The moment a read began, to be handed to `keep` with what it found.
    [[nodiscard]] std::uint64_t reading_began() const { return changes_; }
    // Does nothing when any session changed since the read began: what it found may be older than the change.
    void keep(const digest& token, known_session found, std::uint64_t began, instant at);

    // After every act that ends or changes a session: from here on nothing older is answered.
    void forget_all();

private:
    struct entry
    {
        known_session session;
        instant read_at;
    };
    static constexpr std::chrono::seconds kept_for{3};
    static constexpr std::size_t entries_max = 10'000;

    std::unordered_map<std::string, entry> entries_;
    std::uint64_t changes_ = 0;
};

}  // namespace manent::identity
