// Proves that one stored revision can be read: it opens with its patient's key, and its digest is that of its text.
// What `manent verify` does for all of them, and a device's report for those that the device holds. No I/O of its own.
#pragma once

#include "core/crypto.hpp"
#include "record/sealing.hpp"
#include "store/rows.hpp"

#include <boost/describe.hpp>
#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace manent::record
{

BOOST_DEFINE_ENUM_CLASS(fault_of_revision,
                        subject_missing,  // no consultation or patient is there for it
                        key_does_not_open, text_does_not_open, digest_differs,
                        out_of_order,  // its place in its field is not the next one
                        heads_differ)  // the heads stored with it are not those of the definition

// A row of manent.revision_proof, in the columns of walk_revisions.
struct stored_revision
{
    // Throws std::runtime_error for a field that this program does not know.
    explicit stored_revision(const store::row& from);

    place at;
    std::string field_name;
    int ordinal;
    std::vector<uuid> bases;
    std::vector<uuid> heads;
    bytes sealed;
    bytes salt;
    bytes digest;
    std::optional<uuid> patient;
    std::optional<bytes> patient_key;
    std::optional<bytes> practice_key;
};

// Opens stored revisions with keys that it unwraps once each.
class opener
{
public:
    // The key must live longer.
    explicit opener(const secret_key& master) : master_{master} {}

    // The text, or why there is none. Its digest may be another than the stored one.
    boost::system::result<std::string, fault_of_revision> open_text_of(const stored_revision& of);
    // The same, and digest_differs when the text is not the one that the stored digest speaks of.
    boost::system::result<std::string, fault_of_revision> open(const stored_revision& of);

private:
    const secret_key* key_of(const stored_revision& of);

    const secret_key& master_;
    std::unordered_map<uuid, secret_key> patients_;
};

}  // namespace manent::record
