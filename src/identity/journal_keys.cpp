// The keys of the journal that a staff page keeps on its device. The device holds its own key only while its person is
// signed in there; wrapped, it outlives a sign-out and opens again for a session of the same person.
#include "identity/inside.hpp"

#include "identity/sql.hpp"

namespace manent::identity
{

task<result<journal_keys_answer>> service::release_journal_keys(const live_session& who, const uuid& device)
{
    if (!who.second_factor) co_return refusal(problem_kind::forbidden, "second_factor_required");
    const auto subject = keys_.subject("journal keys", to_string(who.person));
    const auto at = now();
    auto look = new_unit();
    look.add(sql::count_attempts, std::vector<std::string>{subject},
             std::vector<std::int64_t>{journal_throttle.window.count()});
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    if (const auto tally = found->front()[0]; !tally.is_null(2))
    {
        const auto needed = wait_before_attempt(journal_throttle, tally.get<int>(1), tally.get<instant>(2), at);
        if (needed)
        {
            auto refused = refusal(problem_kind::too_many, "too_many_key_requests");
            refused.details.emplace("retry_after_s", needed->count());
            co_return refused;
        }
    }
    auto note = new_unit();
    note.add(sql::note_attempts, std::vector<std::string>{subject}, at);
    if (const auto noted = co_await do_write(note); !noted) co_return noted.error();
    co_return journal_keys_answer{who.person, to_base64url(keys_.journal_key("wrapping", who.person, device)),
                                  to_base64url(keys_.journal_key("history", who.person, device))};
}

}  // namespace manent::identity
