#include "store/keyring.hpp"

#include "core/text.hpp"
#include "store/sql.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace manent::store
{

namespace
{

bytes practice_context(const uuid& practice)
{
    const std::string context = "manent practice key " + to_string(practice);
    return {context.begin(), context.end()};
}

bytes patient_context(const uuid& practice, const uuid& patient)
{
    const std::string context = "manent patient key " + to_string(practice) + " " + to_string(patient);
    return {context.begin(), context.end()};
}

secret_key opened(const secret_key& with, byte_view wrapped, const bytes& context)
{
    const auto material = open_sealed(with, wrapped, context);
    if (!material) throw std::runtime_error("a wrapped key does not open with the key above it");
    return secret_key::from(*material).value();
}

}  // namespace

task<result<secret_key>> keyring::of_practice(database& in, const uuid& practice)
{
    if (const auto known = practices_.find(practice); known != practices_.end()) co_return known->second;
    unit look{scope::everyone()};
    look.add(sql::find_practice_key, practice);
    auto found = co_await in.read(look);
    if (!found) co_return found.error();
    if (found->front().empty())
    {
        unit add{scope::everyone()};
        add.repeatable().add(sql::add_practice_key, practice,
                             wrap_practice_key(master_, practice, secret_key::random()));
        if (auto added = co_await in.write(add); !added) co_return added.error();
        found = co_await in.read(look);
        if (!found) co_return found.error();
    }
    const auto key = opened(master_, found->front()[0].get<bytes>(0), practice_context(practice));
    practices_.emplace(practice, key);
    co_return key;
}

bytes keyring::wrap_practice_key(const secret_key& master, const uuid& practice, const secret_key& practice_key)
{
    return seal(master, practice_key.view(), practice_context(practice));
}

secret_key keyring::unwrap_practice_key(const secret_key& master, const uuid& practice, byte_view wrapped)
{
    return opened(master, wrapped, practice_context(practice));
}

bytes keyring::wrap_patient_key(const secret_key& practice_key, const uuid& practice, const uuid& patient,
                                const secret_key& patient_key)
{
    return seal(practice_key, patient_key.view(), patient_context(practice, patient));
}

secret_key keyring::unwrap_patient_key(const secret_key& practice_key, const uuid& practice, const uuid& patient,
                                       byte_view wrapped)
{
    return opened(practice_key, wrapped, patient_context(practice, patient));
}

secret_key load_master_key(const std::filesystem::path& file, bool may_create)
{
    if (!std::filesystem::exists(file))
    {
        if (!may_create) throw std::runtime_error("there is no master key at " + file.string());
        const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        const auto line = to_base64url(secret_key::random().view()) + "\n";
        // On disk before anything is sealed with it: without this key every note is gone.
        const bool kept = descriptor >= 0 &&
                          ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                          ::fsync(descriptor) == 0;
        if (descriptor >= 0) ::close(descriptor);
        if (!kept) throw std::runtime_error("cannot write the master key to " + file.string());
    }
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    const auto material = from_base64url(trim(line));
    const auto key = material ? secret_key::from(*material) : std::nullopt;
    if (!key) throw std::runtime_error(file.string() + " holds no master key: 43 base64url characters on one line");
    return *key;
}

std::string check_value(const secret_key& master)
{
    const auto digest = salted_digest(master.view(), "manent master key check");
    return to_hex(byte_view{digest}.first(8));
}

}  // namespace manent::store
