// A certificate for 127.0.0.1 that vouches for itself, for servers that tests run over TLS.
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace manent::tests
{

class self_signed
{
public:
    self_signed();
    ~self_signed();
    self_signed(const self_signed&) = delete;
    self_signed& operator=(const self_signed&) = delete;

    void use_in(SSL_CTX* context) const;
    // PEM, gone with this object.
    [[nodiscard]] const std::string& certificate_file() const { return certificate_file_; }
    [[nodiscard]] const std::string& key_file() const { return key_file_; }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
    std::string certificate_file_;
    std::string key_file_;
};

}  // namespace manent::tests
