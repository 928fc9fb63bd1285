// Sends what waits in table mail, one letter at a time on a thread of its own, and tries again what could not be sent.
// Several processes may run it: each letter is claimed before it is sent.
#pragma once

#include "core/task.hpp"
#include "notify/smtp.hpp"
#include "store/database.hpp"

#include <memory>

namespace manent::notify
{

class sender
{
public:
    // `mail_db` connects as manent_mail. Letters that were sent are emptied, for they hold codes and times; with
    // `keep_letters` they stay readable, as the demonstration's mailbox needs them. Throws std::runtime_error when
    // `by.from` is no address.
    static std::unique_ptr<sender> make(store::database& mail_db, mail_settings by, bool keep_letters);
    virtual ~sender() = default;

    // Until stop(). Returns at once when no server is configured: letters then stay where they are.
    virtual task<void> run() = 0;
    // A letter under way is given up within a second and tried again later.
    virtual void stop() = 0;
};

}  // namespace manent::notify
