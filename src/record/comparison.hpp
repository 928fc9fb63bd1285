// What a device says that it holds, against what is stored: the words of that comparison and what it decides without
// looking anything up. `service::compare` does the rest.
#pragma once

#include "core/crypto.hpp"
#include "core/id.hpp"
#include "record/proof.hpp"

#include <boost/describe.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace manent::record
{

// A revision whose receipt a device has compared with its own text.
struct held_revision
{
    uuid revision{};
    bytes digest;  // as the receipt gave it
};

BOOST_DEFINE_ENUM_CLASS(difference,
                        digest_changed,  // the text is the one that was acknowledged, the digest beside it is not
                        text_changed,    // it opens, to another text than the one that was acknowledged
                        text_does_not_open, key_does_not_open, subject_missing,
                        not_opened)  // the stored digest is another, and the bound of one comparison was reached

struct missing_revision
{
    uuid revision{};
    bool acknowledged = false;  // the server's own memory of what it answered this account names it
};

struct differing_revision
{
    uuid revision{};
    difference why = difference::not_opened;
    std::optional<uuid> consultation;  // that it belongs to; none for a patient's own texts
};

struct comparison
{
    std::size_t opened = 0;  // texts that were opened and taken the digest of, beside the digests of all
    std::vector<missing_revision> missing;
    std::vector<differing_revision> different;

    [[nodiscard]] bool is_clean() const { return missing.empty() && different.empty(); }
};

// Sealed bytes that one comparison opens: some milliseconds of the thread that serves everybody.
inline constexpr std::size_t opened_bytes_max = 1024 * 1024;

// A stored revision before it is opened.
struct listed_revision
{
    uuid revision{};
    bytes digest;
    std::size_t sealed_bytes = 0;
};

// Which texts to open: those whose stored digest is not the one that is held, then the others in the order given, as
// long as they fit into `bytes_max`; always one, so that a long text has its turn. `stored` may lack what is held.
std::vector<uuid> choose_to_open(const std::vector<held_revision>& held, const std::vector<listed_revision>& stored,
                                 std::size_t bytes_max);

// nullopt when all three are one digest. `recomputed` is that of the text, taken anew.
std::optional<difference> judge(byte_view held, byte_view stored, byte_view recomputed);

// What keeps a text from being opened, as a difference.
difference difference_of(fault_of_revision fault);

}  // namespace manent::record
