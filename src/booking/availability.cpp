#include "booking/availability.hpp"

#include <algorithm>
#include <mutex>

namespace manent::booking
{

namespace
{

void sort_by_start(std::vector<taken>& all)
{
    std::sort(all.begin(), all.end(), [](const taken& a, const taken& b) { return a.starts_at < b.starts_at; });
}

std::shared_ptr<const schedule> share(schedule of)
{
    std::sort(of.absences.begin(), of.absences.end(),
              [](const absence& a, const absence& b) { return a.starts_at < b.starts_at; });
    return std::make_shared<const schedule>(std::move(of));
}

std::shared_ptr<const agenda_times> share(std::shared_ptr<const schedule> of, std::vector<taken> all)
{
    auto made = std::make_shared<agenda_times>();
    made->schedule = std::move(of);
    made->taken = std::move(all);
    return made;
}

}  // namespace

std::shared_ptr<const agenda_times> availability::find(const uuid& agenda_id) const
{
    const std::shared_lock lock{mutex_};
    const auto found = agendas_.find(agenda_id);
    return found == agendas_.end() ? nullptr : found->second;
}

std::size_t availability::size() const
{
    const std::shared_lock lock{mutex_};
    return agendas_.size();
}

void availability::replace(const uuid& agenda_id, std::shared_ptr<const agenda_times> by)
{
    const std::unique_lock lock{mutex_};
    agendas_[agenda_id].swap(by);
}

void availability::put(schedule of, std::vector<taken> all)
{
    const auto agenda_id = of.agenda_id;
    sort_by_start(all);
    replace(agenda_id, share(share(std::move(of)), std::move(all)));
}

void availability::put_schedule(schedule of)
{
    const auto agenda_id = of.agenda_id;
    const auto known = find(agenda_id);
    replace(agenda_id, share(share(std::move(of)), known ? known->taken : std::vector<taken>{}));
}

void availability::put_taken(const uuid& agenda_id, span starting_within, std::vector<taken> there)
{
    const auto known = find(agenda_id);
    if (!known) return;
    auto all = known->taken;
    std::erase_if(all, [&](const taken& one)
                  { return one.starts_at >= starting_within.from && one.starts_at < starting_within.until; });
    all.insert(all.end(), there.begin(), there.end());
    sort_by_start(all);
    replace(agenda_id, share(known->schedule, std::move(all)));
}

void availability::forget(const uuid& agenda_id)
{
    const std::unique_lock lock{mutex_};
    agendas_.erase(agenda_id);
}

}  // namespace manent::booking
