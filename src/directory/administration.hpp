// The acts of a practice's administrator in the directory: the practice itself, its sites, its practitioners. An entry
// is shared between practices: one is added only under a number that nobody has, and changed only by whoever answers
// for it (database/0060_setup.sql decides; nothing here is trusted to).
#pragma once

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "core/words.hpp"
#include "directory/administration_wire.hpp"
#include "directory/reference_data.hpp"
#include "identity/types.hpp"
#include "store/database.hpp"

#include <functional>

namespace manent::directory
{

class administration
{
public:
    // `written` is called after each write, so that readers of the outbox need not wait for their next look; `renamed`
    // when what sessions remember of a practice is no longer so. `app` and `data` must outlive this.
    administration(store::database& app, const reference_data& data, std::function<void()> written,
                   std::function<void()> renamed)
        : app_{app}, data_{data}, written_{std::move(written)}, renamed_{std::move(renamed)}
    {
    }

    task<result<own_practice>> practice(identity::member who);
    task<result<own_sites>> sites(identity::member who);
    task<result<own_practitioners>> practitioners(identity::member who);

    // The following are for administrators: forbidden otherwise. Repeated under one key they happen once.
    task<result<own_site>> add_site(identity::member who, site_wish wanted, uuid key, digest fingerprint);
    // /phone: not_a_phone; stale.
    task<result<own_practice>> change_practice(identity::member who, practice_change_wish wanted);
    // stale.
    task<result<own_site>> change_site(identity::member who, uuid site_id, site_change_wish wanted);
    // number_known, with the practitioner who has it.
    task<result<added_practitioner>> add_practitioner(identity::member who, practitioner_wish wanted, uuid key,
                                                      digest fingerprint);
    // For who answers for the entry: kept_elsewhere otherwise. stale, number_known, number_stays.
    task<result<own_practitioner>> change_practitioner(identity::member who, uuid practitioner_id,
                                                       entry_change_wish wanted);

private:
    store::database& app_;
    const reference_data& data_;
    std::function<void()> written_;
    std::function<void()> renamed_;
};

}  // namespace manent::directory
