#include "record/verify.hpp"

#include "record/rules.hpp"
#include "record/sql.hpp"

#include <stdexcept>
#include <thread>

namespace manent::record
{

namespace
{

// Walks field by field: revisions come in the order of their places.
class walk
{
public:
    explicit walk(const secret_key& master) : texts_{master} {}

    void step(const stored_revision& next)
    {
        ++found.revisions;
        const bool same_field = last_ && last_->practice == next.at.practice && last_->subject == next.at.subject &&
                                last_->field == next.at.field;
        if (!same_field)
        {
            ++found.fields;
            heads_.clear();
            ordinal_ = 0;
        }
        last_ = next.at;
        heads_ = heads_after(heads_, {next.at.revision, next.bases});
        if (next.ordinal != ++ordinal_) fail(next, fault_of_revision::out_of_order);
        if (next.heads != heads_) fail(next, fault_of_revision::heads_differ);
        const auto text = texts_.open(next);
        if (text) found.bytes += static_cast<std::int64_t>(text->size());
        else fail(next, text.error());
    }

    verification found;

private:
    void fail(const stored_revision& at, fault_of_revision fault)
    {
        constexpr std::size_t listed_max = 1000;
        ++found.failures;
        if (found.failed.size() < listed_max) found.failed.push_back({at.at.practice, at.at.revision, fault});
        // What follows is measured by what stands, or one gap would fail the whole field.
        ordinal_ = at.ordinal;
        heads_ = at.heads;
    }

    opener texts_;
    std::optional<place> last_;
    std::vector<uuid> heads_;
    int ordinal_ = 0;
};

}  // namespace

verification verify(store::blocking_connection& from, const secret_key& master,
                    const std::function<void(std::int64_t)>& progress)
{
    // Few enough that a batch of the longest texts fits in memory.
    constexpr int batch = 64;
    walk proof{master};
    uuid practice{};
    uuid subject{};
    std::string field;
    int ordinal = 0;
    while (true)
    {
        const auto rows =
            from.query(std::string{sql::walk_revisions.text},
                       {store::as_parameter(practice), store::as_parameter(subject), store::as_parameter(field),
                        store::as_parameter(ordinal), store::as_parameter(batch)});
        for (int i = 0; i < rows.size(); ++i)
        {
            const stored_revision next{rows[i]};
            proof.step(next);
            practice = next.at.practice;
            subject = next.at.subject;
            field = next.field_name;
            ordinal = next.ordinal;
        }
        if (progress) progress(proof.found.revisions);
        if (rows.size() < batch) return std::move(proof.found);
    }
}

newest_revision find_newest_revision(store::blocking_connection& from)
{
    const auto found = from.query(std::string{sql::find_newest_revision.text});
    return {found[0].get<std::int64_t>(0), found[0].get<std::optional<instant>>(1)};
}

bool wait_for_replay(store::blocking_connection& primary, store::blocking_connection& standby,
                     std::chrono::milliseconds at_most)
{
    // A position of our own: the log's present end may lie within a record whose rest is not on the disk yet.
    primary.execute("SET synchronous_commit = local");
    const auto written = primary.query("SELECT pg_logical_emit_message(true, 'manent', 'verify')::text");
    const auto give_up = std::chrono::steady_clock::now() + at_most;
    while (true)
    {
        const auto shown = standby.query("SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)",
                                         {store::as_parameter(written[0].get<std::string>(0))});
        if (shown[0].get<bool>(0)) return true;
        if (std::chrono::steady_clock::now() >= give_up) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

std::optional<std::string> read_back(store::blocking_connection& from, const secret_key& master, const uuid& practice,
                                     const uuid& revision)
{
    const auto rows = from.query(std::string{sql::find_revision.text},
                                 {store::as_parameter(practice), store::as_parameter(revision)});
    if (rows.empty()) return std::nullopt;
    auto text = opener{master}.open(stored_revision{rows[0]});
    if (!text) throw std::runtime_error("revision " + to_string(revision) + ": " + name_of(text.error()));
    return std::move(*text);
}

}  // namespace manent::record
