#include "self_signed.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace manent::tests
{

namespace
{

// Its own authority, for 127.0.0.1, for an hour.
void describe(X509* made, EVP_PKEY* key)
{
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    auto* const name = X509_get_subject_name(made);
    const auto* const common_name = reinterpret_cast<const unsigned char*>("127.0.0.1");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(made, name);
    auto* const address = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(made, address, -1);
    X509_EXTENSION_free(address);
    X509_sign(made, key, EVP_sha256());
}

template <class Write>
std::string write_file(Write write)
{
    auto file = (std::filesystem::temp_directory_path() / "manent-tls-XXXXXX").string();
    const int descriptor = ::mkstemp(file.data());
    auto* const out = ::fdopen(descriptor, "w");
    write(out);
    std::fclose(out);
    return file;
}

}  // namespace

self_signed::self_signed() : key_{EVP_EC_gen("P-256"), &EVP_PKEY_free}, certificate_{X509_new(), &X509_free}
{
    describe(certificate_.get(), key_.get());
    certificate_file_ = write_file([this](std::FILE* out) { PEM_write_X509(out, certificate_.get()); });
    key_file_ = write_file([this](std::FILE* out)
                           { PEM_write_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

self_signed::~self_signed()
{
    std::filesystem::remove(certificate_file_);
    std::filesystem::remove(key_file_);
}

void self_signed::use_in(SSL_CTX* context) const
{
    SSL_CTX_use_certificate(context, certificate_.get());
    SSL_CTX_use_PrivateKey(context, key_.get());
}

}  // namespace manent::tests
