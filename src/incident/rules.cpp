#include "incident/rules.hpp"

#include "core/crypto.hpp"

#include <set>

namespace manent::incident
{

namespace
{

json::object evidence_of(const device_report& said, const uuid& account)
{
    return {{"device_id", to_string(said.device_id)},
            {"account_id", to_string(account)},
            {"sent_at", format_utc(said.sent_at)},
            {"compared", said.revisions.items.size()}};
}

const std::string& digest_said(const device_report& said, const uuid& revision)
{
    static const std::string none;
    for (const auto& each : said.revisions.items)
        if (each.revision_id == revision) return each.digest.value;
    return none;
}

finding finding_of(promise broken, const device_report& said, const uuid& practice, const uuid& account, instant at)
{
    return {broken, detector::device_report, practice, at, account, evidence_of(said, account), {}};
}

}  // namespace

bool may_have_been_issued(const uuid& revision)
{
    return revision.bytes[6] >> 4U == 7;
}

std::vector<field_error> misshapen(const device_report& said)
{
    std::vector<field_error> errors;
    const auto& items = said.revisions.items;
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const auto held = from_base64url(items[i].digest.value);
        if (!held || held->size() != digest{}.size())
            errors.push_back({"/revisions/" + std::to_string(i) + "/digest", "not_a_digest", {}});
    }
    return errors;
}

std::vector<finding> findings_of(const record::comparison& compared, const device_report& said, const uuid& practice,
                                 const uuid& account, instant at)
{
    std::vector<finding> findings;
    auto gone = finding_of(promise::I1, said, practice, account, at);
    json::array missing;
    for (const auto& each : compared.missing)
    {
        if (!may_have_been_issued(each.revision)) continue;
        gone.revisions.push_back(each.revision);
        missing.push_back(json::object{{"revision_id", to_string(each.revision)},
                                       {"digest", digest_said(said, each.revision)},
                                       {"acknowledged", each.acknowledged}});
    }
    gone.evidence["missing"] = std::move(missing);
    if (!gone.revisions.empty()) findings.push_back(std::move(gone));

    auto changed = finding_of(promise::I2, said, practice, account, at);
    json::array different;
    for (const auto& each : compared.different)
    {
        changed.revisions.push_back(each.revision);
        different.push_back(json::object{
            {"revision_id", to_string(each.revision)},
            {"digest", digest_said(said, each.revision)},
            {"why", record::name_of(each.why)},
            {"consultation_id", each.consultation ? json::value(to_string(*each.consultation)) : nullptr}});
    }
    changed.evidence["different"] = std::move(different);
    if (!changed.revisions.empty()) findings.push_back(std::move(changed));
    return findings;
}

std::vector<uuid> mended(const std::vector<claim>& claims, const record::comparison& compared)
{
    std::set<uuid> broken;
    for (const auto& each : compared.missing) broken.insert(each.revision);
    for (const auto& each : compared.different) broken.insert(each.revision);
    std::set<uuid> asked;
    std::set<uuid> whole;
    for (const auto& each : claims)
    {
        asked.insert(each.held.revision);
        whole.insert(each.incident);
    }
    // What was not opened may still be unreadable.
    if (compared.opened + compared.missing.size() < asked.size()) return {};
    for (const auto& each : claims)
        if (broken.contains(each.held.revision)) whole.erase(each.incident);
    return {whole.begin(), whole.end()};
}

std::optional<backup_view> backup_as_shown(const std::optional<store::archive_state>& known)
{
    if (!known) return std::nullopt;
    backup_view shown{known->newest_backup, known->failing_since, known->waiting_segments, known->has_gap,
                      std::nullopt};
    if (!known->trouble.empty()) shown.trouble = known->trouble;
    return shown;
}

lasting::change lasting::look(clock::time_point at, bool seen)
{
    if (seen_ != seen)
    {
        seen_ = seen;
        since_ = at;
    }
    if (told_ == seen || at - since_ < (seen ? begins_after_ : ends_after_)) return change::none;
    return seen ? change::began : change::ended;
}

void lasting::done(change written)
{
    if (written != change::none) told_ = written == change::began;
}

std::chrono::seconds report_allowance::take(const uuid& account, clock::time_point at)
{
    constexpr std::size_t accounts_max = 10'000;
    if (full_at_.size() >= accounts_max) std::erase_if(full_at_, [at](const auto& each) { return each.second <= at; });
    const auto known = full_at_.find(account);
    const auto from = known == full_at_.end() ? at : std::max(known->second, at);
    const auto wait = from + one_every - (at + at_once_max * one_every);
    if (wait > clock::duration::zero()) return std::chrono::ceil<std::chrono::seconds>(wait);
    full_at_[account] = from + one_every;
    return std::chrono::seconds{0};
}

}  // namespace manent::incident
