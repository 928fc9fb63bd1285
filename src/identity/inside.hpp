// What the acts of identity share among their files; nobody else's business.
#pragma once

#include "identity/service.hpp"

#include <boost/system/result.hpp>

namespace manent::identity
{

// Counts an attempt as long as it is judged, so that many sent at once do not all pass before the first is written.
class under_way
{
public:
    under_way(std::map<std::string, int, std::less<>>& counts, std::string subject)
        : counts_{counts}, subject_{std::move(subject)}
    {
        ++counts_[subject_];
    }
    ~under_way()
    {
        if (const auto found = counts_.find(subject_); found != counts_.end() && --found->second == 0)
            counts_.erase(found);
    }
    under_way(const under_way&) = delete;
    under_way& operator=(const under_way&) = delete;

    // How many others are being judged at this moment.
    [[nodiscard]] int others() const { return counts_.find(subject_)->second - 1; }

private:
    std::map<std::string, int, std::less<>>& counts_;
    std::string subject_;
};

// One attempt at an account. Failures from a device that its person is known on are counted apart, so that a stranger
// who guesses does not lock the person out.
struct service::attempt
{
    std::string of_account;
    std::string of_device;
    std::string of_address;
    instant at;
    under_way judged;
};

struct service::account
{
    uuid person{};
    std::string password_hash;
    bool confirmed = false;
    bool has_totp = false;
    std::string given_name;
    manent::language language = manent::language::fr;
    bool is_member = false;   // active or invited, anywhere
    bool is_invited = false;  // somewhere
    std::optional<uuid> device;
};

struct tally
{
    int count = 0;
    instant last;
};

struct service::looked_up
{
    std::optional<account> known;
    std::map<std::string, tally, std::less<>> tallies;

    // What a failure of this attempt counts against, besides its address.
    [[nodiscard]] const std::string& charged(const attempt& made) const
    {
        return known && known->device ? made.of_device : made.of_account;
    }
};

// A code that was right.
struct service::judged_code
{
    uuid sign_in{};
    uuid person{};
    channel by = channel::mail;
    std::string email;
    manent::language language = manent::language::fr;
    bool has_totp = false;
    std::optional<uuid> device;  // of the caller's cookie
    bool known_there = false;    // the person, on that device
    std::optional<std::int64_t> totp_step;
    std::optional<digest> recovery;
};

inline problem too_many_attempts(seconds wait)
{
    auto refused = refusal(problem_kind::too_many, "too_many_attempts");
    refused.details.emplace("retry_after_s", wait.count());
    return refused;
}

inline std::optional<digest> device_hash(const caller& from)
{
    if (from.device_token.empty()) return std::nullopt;
    return token_hash(from.device_token);
}

// Everything of this role's tables is seen by it: its scope is its role.
inline store::unit new_unit()
{
    return store::unit{store::scope::everyone()};
}

}  // namespace manent::identity
