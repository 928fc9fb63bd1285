#include "store/distant_standbys.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

namespace manent::store
{

namespace
{

struct socket_address
{
    sockaddr_storage storage{};
    socklen_t length = 0;

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::optional<socket_address> parse_address(const std::string& text, int port)
{
    socket_address made;
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1)
    {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(static_cast<std::uint16_t>(port));
        made.length = sizeof v4;
        return made;
    }
    if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1)
    {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(static_cast<std::uint16_t>(port));
        made.length = sizeof v6;
        return made;
    }
    return std::nullopt;
}

// Closed at the end of its scope.
struct open_socket
{
    open_socket(int family, int kind) : descriptor{::socket(family, kind | SOCK_CLOEXEC, 0)} {}
    ~open_socket() { ::close(descriptor); }
    open_socket(const open_socket&) = delete;
    open_socket& operator=(const open_socket&) = delete;

    const int descriptor;
};

bool can_listen(const std::string& address, int port)
{
    const auto at = parse_address(address, port);
    if (!at) return false;
    const open_socket trying{at->storage.ss_family, SOCK_STREAM};
    const int on = 1;
    ::setsockopt(trying.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return ::bind(trying.descriptor, at->get(), at->length) == 0;
}

struct free_openssl
{
    void operator()(EVP_PKEY* held) const { EVP_PKEY_free(held); }
    void operator()(X509* held) const { X509_free(held); }
    void operator()(BIO* held) const { BIO_free(held); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, free_openssl>;

void require(bool done)
{
    if (!done) throw std::runtime_error("the certificate for other machines cannot be made");
}

// It signs itself: the other machine is given this one and trusts no other.
openssl_ptr<X509> self_signed(EVP_PKEY* key)
{
    constexpr long day_s = 86'400;
    constexpr long valid_days = 20 * 365;
    openssl_ptr<X509> made{X509_new()};
    require(made && X509_set_version(made.get(), X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    // From yesterday: clocks differ.
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -day_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), valid_days * day_s);
    auto* const name = X509_get_subject_name(made.get());
    const auto* const title = reinterpret_cast<const unsigned char*>("Manent replication");
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, title, -1, -1, 0) == 1);
    require(X509_set_issuer_name(made.get(), name) == 1 && X509_set_pubkey(made.get(), key) == 1 &&
            X509_sign(made.get(), key, EVP_sha256()) != 0);
    return made;
}

std::string written_by(const std::function<int(BIO*)>& write)
{
    const openssl_ptr<BIO> memory{BIO_new(BIO_s_mem())};
    require(memory && write(memory.get()) == 1);
    char* content = nullptr;
    const auto length = BIO_get_mem_data(memory.get(), &content);
    return {content, static_cast<std::size_t>(length)};
}

void give(const std::filesystem::path& file, const std::optional<account>& owner)
{
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    if (owner && ::geteuid() == 0 && ::chown(file.c_str(), owner->user, owner->group) != 0)
        throw std::runtime_error("cannot give " + file.string() + " to " + owner->name);
}

}  // namespace

std::optional<std::string> address_towards(const std::string& address)
{
    const auto other = parse_address(address, 5432);
    if (!other) return std::nullopt;
    const open_socket asking{other->storage.ss_family, SOCK_DGRAM};
    socket_address own;
    own.length = sizeof own.storage;
    // Nothing is sent: connecting a datagram socket only chooses the route.
    if (::connect(asking.descriptor, other->get(), other->length) != 0 ||
        ::getsockname(asking.descriptor, reinterpret_cast<sockaddr*>(&own.storage), &own.length) != 0)
        return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool is_v4 = own.storage.ss_family == AF_INET;
    const void* const where = is_v4 ? static_cast<const void*>(&reinterpret_cast<sockaddr_in&>(own.storage).sin_addr)
                                    : &reinterpret_cast<sockaddr_in6&>(own.storage).sin6_addr;
    ::inet_ntop(own.storage.ss_family, where, text.data(), text.size());
    return std::string{text.data()};
}

distant_standbys::distant_standbys(std::filesystem::path data) : data_{std::move(data)} {}

std::vector<distant_standby> distant_standbys::list() const
{
    std::vector<distant_standby> found;
    std::ifstream in{data_ / "standbys"};
    distant_standby each;
    while (in >> each.name >> each.address >> each.listens_on) found.push_back(each);
    return found;
}

distant_standby distant_standbys::add(const std::string& address, const std::string& listens_on) const
{
    auto all = list();
    auto known = std::ranges::find(all, address, &distant_standby::address);
    if (known == all.end())
    {
        all.push_back({"manent_distant_" + std::to_string(all.size() + 1), address, listens_on});
        known = all.end() - 1;
    }
    known->listens_on = listens_on;
    std::string text;
    for (const auto& each : all) text += each.name + " " + each.address + " " + each.listens_on + "\n";
    auto added = *known;
    write_durably(data_ / "standbys", text);
    return added;
}

std::string distant_standbys::settings(int port) const
{
    std::set<std::string> addresses;
    for (const auto& each : list())
    {
        if (can_listen(each.listens_on, port)) addresses.insert(each.listens_on);
        else log::warning("standby_not_listened_for", {{"standby", each.name}});
    }
    if (addresses.empty()) return {};
    std::string joined;
    for (const auto& each : addresses) joined += (joined.empty() ? "" : ", ") + each;
    return "listen_addresses = '" + joined + "'\nssl = on\nssl_min_protocol_version = 'TLSv1.3'\nssl_cert_file = '" +
           certificate_file().string() + "'\nssl_key_file = '" + key_file().string() + "'\n";
}

std::string distant_standbys::access() const
{
    std::string lines;
    for (const auto& each : list())
    {
        const bool is_v6 = each.address.find(':') != std::string::npos;
        lines +=
            "hostssl replication " + each.name + " " + each.address + (is_v6 ? "/128" : "/32") + " scram-sha-256\n";
    }
    return lines;
}

bytes distant_standbys::certificate(const std::optional<account>& owner) const
{
    if (!std::filesystem::exists(certificate_file()))
    {
        const openssl_ptr<EVP_PKEY> key{EVP_EC_gen("P-256")};
        require(key != nullptr);
        const auto made = self_signed(key.get());
        // The key first: a certificate that is there has its key.
        const auto mask = ::umask(077);
        write_durably(
            key_file(),
            written_by([&](BIO* to)
                       { return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }));
        give(key_file(), owner);
        write_durably(certificate_file(), written_by([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); }));
        give(certificate_file(), owner);
        ::umask(mask);
    }
    const openssl_ptr<BIO> in{BIO_new_file(certificate_file().c_str(), "r")};
    require(in != nullptr);
    const openssl_ptr<X509> read{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
    require(read != nullptr);
    const auto der = written_by([&](BIO* to) { return i2d_X509_bio(to, read.get()); });
    return {der.begin(), der.end()};
}

void distant_standbys::make_slots(blocking_connection& as_owner) const
{
    as_owner.execute("SET synchronous_commit = local");
    for (const auto& each : list())
    {
        const auto known = as_owner.query("SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1",
                                          {as_parameter(each.name)});
        const bool is_lost = !known.empty() && known[0].get<std::optional<std::string>>(0) == "lost";
        if (is_lost) as_owner.query("SELECT pg_drop_replication_slot($1)", {as_parameter(each.name)});
        if (known.empty() || is_lost)
            as_owner.query("SELECT pg_create_physical_replication_slot($1, true)", {as_parameter(each.name)});
    }
}

}  // namespace manent::store
