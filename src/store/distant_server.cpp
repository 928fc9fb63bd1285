#include "store/distant_server.hpp"

#include "core/disk.hpp"
#include "core/log.hpp"
#include "store/cluster_files.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace manent::store
{

namespace files = cluster_files;

namespace
{

std::filesystem::path source_file(const std::filesystem::path& data)
{
    return data / "standby.source";
}

std::filesystem::path password_file(const std::filesystem::path& data)
{
    return data / "standby.pgpass";
}

std::filesystem::path certificate_file(const std::filesystem::path& data)
{
    return data / "standby.crt";
}

// A value of a libpq connection string.
std::string quoted(const std::string& value)
{
    std::string made = "'";
    for (const char each : value)
    {
        if (each == '\'' || each == '\\') made += '\\';
        made += each;
    }
    return made + "'";
}

std::string to_pem(byte_view der)
{
    const auto* at = der.data();
    X509* const read = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    BIO* const memory = BIO_new(BIO_s_mem());
    std::string text;
    if (read != nullptr && memory != nullptr && PEM_write_bio_X509(memory, read) == 1)
    {
        char* content = nullptr;
        const auto length = BIO_get_mem_data(memory, &content);
        text.assign(content, static_cast<std::size_t>(length));
    }
    BIO_free(memory);
    X509_free(read);
    if (text.empty()) throw std::runtime_error("the secret holds no certificate: copy it whole");
    return text;
}

}  // namespace

distant_server::distant_server(cluster_settings settings)
    : tools_{std::move(settings)}, server_{"standby", tools_.settings().data / "standby"}
{
}

distant_server::~distant_server()
{
    stop();
}

bool distant_server::is_in(const std::filesystem::path& data)
{
    return std::filesystem::exists(source_file(data));
}

void distant_server::forget_source(const std::filesystem::path& data)
{
    for (const auto& file : {source_file(data), password_file(data), certificate_file(data)})
        std::filesystem::remove(file);
}

void distant_server::keep_secrets(const standby_source& from, const std::string& password, byte_view certificate) const
{
    const auto& settings = tools_.settings();
    const auto mask = ::umask(077);
    write_durably(password_file(settings.data), "*:*:*:" + from.name + ":" + password + "\n");
    write_durably(certificate_file(settings.data), to_pem(certificate));
    ::umask(mask);
    if (!settings.run_as || ::geteuid() != 0) return;
    for (const auto& file : {password_file(settings.data), certificate_file(settings.data)})
    {
        if (::chown(file.c_str(), settings.run_as->user, settings.run_as->group) != 0)
            throw std::runtime_error("cannot give " + file.string() + " to " + settings.run_as->name);
    }
}

std::string distant_server::conninfo(const standby_source& from, std::string_view name) const
{
    const auto& data = tools_.settings().data;
    // A client's certificate that is not there: libpq would look for one in the home of whoever started this, where the
    // account may not look.
    return "sslcert=" + quoted((data / "no.crt").string()) + " host=" + from.host +
           " port=" + std::to_string(from.port) + " user=" + from.name + " application_name=" + std::string{name} +
           " connect_timeout=10 sslmode=verify-ca sslrootcert=" + quoted(certificate_file(data).string()) +
           " passfile=" + quoted(password_file(data).string());
}

standby_source distant_server::read_source() const
{
    standby_source read;
    std::ifstream in{source_file(tools_.settings().data)};
    if (!(in >> read.host >> read.port >> read.name))
        throw std::runtime_error("no standby lies in " + tools_.settings().data.string() +
                                 ": manent standby add on the primary's machine prints how to make one");
    return read;
}

void distant_server::join(const standby_source& from, const std::string& password, byte_view certificate)
{
    const auto& data = tools_.settings().data;
    if (std::filesystem::exists(data / "primary"))
        throw std::runtime_error("a primary lies in " + data.string() + ": choose another folder with --data");
    tools_.prepare_folders();
    keep_secrets(from, password, certificate);
    const auto fresh = data / "standby.new";
    std::filesystem::remove_all(fresh);
    files::make_private_folder(fresh, tools_.settings().run_as);
    tools_.run({"pg_basebackup", "-D", fresh.string(), "-X", "stream", "-S", from.name, "-c", "fast", "-d",
                conninfo(from, "pg_basebackup")},
               "copying the primary");
    std::filesystem::remove_all(server_.folder());
    std::filesystem::rename(fresh, server_.folder());
    write_durably(source_file(data), from.host + " " + std::to_string(from.port) + " " + from.name + "\n");
}

void distant_server::start()
{
    static_cast<void>(read_source());
    tools_.prepare_folders();
    launch();
    watch_ =
        std::make_unique<server_watch>(tools_.conninfo("manent_owner", files::standby_port), std::chrono::seconds{30});
}

void distant_server::launch()
{
    const auto& settings = tools_.settings();
    const auto source = read_source();
    files::write_standby_settings(settings, server_.folder(), conninfo(source, source.name), source.name);
    files::write_access(settings, server_.folder());
    tools_.give_to_account(server_.folder());
    files::clear_leftovers(server_.folder(), settings.sockets);
    if (end_strays(server_.folder()))
        server_.launch(tools_.command({"postgres", "-D", server_.folder().string()}, server_.name()));
}

void distant_server::supervise()
{
    if (server_.pid() != 0 && watch_ && watch_->hangs())
    {
        log::error("postgresql_hangs", {{"which", server_.name()}});
        if (server_.end_whole({{SIGQUIT, 2}})) watch_->begin_anew();
    }
    if (const auto ended = server_.take_end())
        log::warning("postgresql_ended", {{"which", server_.name()}, {"status", *ended}});
    if (server_.may_start()) launch();
}

void distant_server::stop()
{
    watch_.reset();
    if (server_.pid() != 0) server_.end_whole({{SIGINT, 30}, {SIGQUIT, 5}});
}

}  // namespace manent::store
