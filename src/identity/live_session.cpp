#include "identity/live_session.hpp"

namespace manent::identity
{

namespace
{

std::string key_of(const digest& token)
{
    return {token.begin(), token.end()};
}

}  // namespace

known_session session_cache::find(const digest& token, instant at) const
{
    const auto found = entries_.find(key_of(token));
    if (found == entries_.end()) return nullptr;
    const auto& [session, read_at] = found->second;
    const bool fresh = at - read_at < kept_for && at >= read_at && session->expires_at > at;
    return fresh ? session : nullptr;
}

void session_cache::keep(const digest& token, known_session found, std::uint64_t began, instant at)
{
    if (began != changes_) return;
    if (entries_.size() >= entries_max) entries_.clear();
    entries_.insert_or_assign(key_of(token), entry{std::move(found), at});
}

void session_cache::forget_all()
{
    ++changes_;
    entries_.clear();
}

}  // namespace manent::identity
