#include "core/config.hpp"

#include <toml++/toml.h>

#include <unistd.h>

#include <cctype>
#include <charconv>
#include <cstdlib>

namespace manent
{

const std::vector<setting>& settings()
{
    static const std::vector<setting> all{
        {"data", &config::data, "Folder of the database, the keys and the logs"},
        {"share", &config::share, "Folder of the front end, the reference data and the sentences"},
        {"http.address", &config::http_address, "Address to listen on; loopback unless told otherwise"},
        {"http.port", &config::http_port, "Port to listen on; 0 takes a free one", 0, 65535},
        {"http.tls_certificate", &config::http_tls_certificate, "Certificate chain in PEM; with tls_key, serves https"},
        {"http.tls_key", &config::http_tls_key, "Private key in PEM"},
        {"http.public_url", &config::http_public_url, "Address that patients use, for links in mail"},
        {"database.address", &config::database_address,
         "PostgreSQL 15 or later as a libpq connection string without user; empty runs the program's own"},
        {"database.standby", &config::database_standby, "Whether the program's own PostgreSQL keeps a second copy"},
        {"database.writers_max", &config::database_writers_max, "Connections for writes", 1, 64},
        {"disk.reserve_mb", &config::disk_reserve_mb, "Free space below which writes are refused, in MiB", 0, 1048576},
        {"disk.ballast_mb", &config::disk_ballast_mb,
         "Room that is kept in a file and given back to PostgreSQL when the disk is full, in MiB; 0 keeps none", 0,
         1048576},
        {"incident.standby_s", &config::incident_standby_s,
         "Seconds without a second copy after which an incident opens", 1, 3600},
        {"incident.archive_s", &config::incident_archive_s,
         "Seconds without the archive receiving anything after which an incident opens", 1, 86400},
        {"mail.server", &config::mail_server, "smtp://host:port or smtps://host:port; empty keeps mail in the store"},
        {"mail.user", &config::mail_user, "Account at the mail server"},
        {"mail.password", &config::mail_password, "Its password"},
        {"mail.from", &config::mail_from, "Sender of mail"},
        {"backup.folder", &config::backup_folder, "Folder of the backup repository; best on another machine or disk"},
        {"backup.s3_endpoint", &config::backup_s3_endpoint,
         "host or host:port of an S3-compatible store over https, instead of a folder"},
        {"backup.s3_bucket", &config::backup_s3_bucket, "Bucket, which must exist"},
        {"backup.s3_region", &config::backup_s3_region, "Region as the store calls it"},
        {"backup.s3_prefix", &config::backup_s3_prefix, "Path inside the bucket"},
        {"backup.s3_path_style", &config::backup_s3_path_style,
         "Whether the bucket stands in the path; false puts it before the host's name"},
        {"backup.s3_key", &config::backup_s3_key, "Access key"},
        {"backup.s3_secret", &config::backup_s3_secret, "Secret of the access key"},
        {"backup.s3_key_file", &config::backup_s3_key_file, "File with access key and secret, a line each, instead"},
        {"backup.s3_ca_file", &config::backup_s3_ca_file, "Authorities that the store's certificate is checked with"},
        {"backup.s3_verify_tls", &config::backup_s3_verify_tls, "Whether that certificate is checked"},
        {"backup.keep_days", &config::backup_keep_days, "Days back to which can be restored", 1, 3650},
        {"backup.hour", &config::backup_hour, "Hour of the nightly backup, on the machine's own clock", 0, 23},
        {"backup.full_every_days", &config::backup_full_every_days,
         "Days after which the nightly backup is a whole one again", 1, 365},
        {"backup.archive_timeout_s", &config::backup_archive_timeout_s,
         "Seconds after which what was written goes to the archive at the latest", 5, 3600},
        {"backup.queue_max_mb", &config::backup_queue_max_mb,
         "What is kept for an archive that does not answer, in MiB; beyond it the archive gets a gap", 64, 1048576},
        {"account", &config::account, "Unprivileged account that a program started by root becomes"},
    };
    return all;
}

std::string setting::variable() const
{
    std::string made = "MANENT_";
    for (const char c : name) made += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return made;
}

namespace
{

const setting* find_setting(std::string_view name)
{
    for (const auto& each : settings())
    {
        if (each.name == name) return &each;
    }
    return nullptr;
}

std::string range_of(const setting& which)
{
    return "a whole number from " + std::to_string(which.min) + " to " + std::to_string(which.max);
}

// nullopt when it was set, else what the setting takes.
std::optional<std::string> set_integer(config& into, const setting& which, std::int64_t value)
{
    if (value < which.min || value > which.max) return range_of(which);
    into.*std::get<int config::*>(which.member) = static_cast<int>(value);
    return std::nullopt;
}

std::optional<std::string> set_from_text(config& into, const setting& which, std::string_view text)
{
    if (const auto* const string = std::get_if<std::string config::*>(&which.member))
    {
        into.** string = text;
        return std::nullopt;
    }
    if (const auto* const boolean = std::get_if<bool config::*>(&which.member))
    {
        if (text != "true" && text != "false") return "true or false";
        into.** boolean = text == "true";
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    if (text.empty() || std::from_chars(text.data(), end, value).ptr != end) return range_of(which);
    return set_integer(into, which, value);
}

std::optional<std::string> set_from_toml(config& into, const setting& which, const toml::node& node)
{
    if (std::holds_alternative<std::string config::*>(which.member))
    {
        if (!node.is_string()) return "a text in quotes";
        return set_from_text(into, which, **node.as_string());
    }
    if (std::holds_alternative<bool config::*>(which.member))
    {
        if (!node.is_boolean()) return "true or false";
        return set_from_text(into, which, **node.as_boolean() ? "true" : "false");
    }
    if (!node.is_integer()) return range_of(which);
    return set_integer(into, which, **node.as_integer());
}

std::string place(const std::filesystem::path& file, const toml::source_region& source)
{
    return file.string() + ", line " + std::to_string(source.begin.line) + ": ";
}

std::optional<config_error> read_table(config& into, const std::filesystem::path& file, const toml::table& table,
                                       const std::string& prefix)
{
    for (const auto& [key, node] : table)
    {
        const auto name = prefix + std::string{key.str()};
        if (const auto* const inner = node.as_table())
        {
            if (auto wrong = read_table(into, file, *inner, name + ".")) return wrong;
            continue;
        }
        const auto* const which = find_setting(name);
        if (which == nullptr)
            return config_error{place(file, node.source()) + "there is no setting " + name +
                                "; manent serve --help lists them"};
        if (const auto takes = set_from_toml(into, *which, node))
            return config_error{place(file, node.source()) + name + " takes " + *takes};
    }
    return std::nullopt;
}

// What no single setting can tell by itself.
std::optional<config_error> find_contradiction(const config& read)
{
    if (read.http_tls_certificate.empty() != read.http_tls_key.empty())
        return config_error{"http.tls_certificate and http.tls_key go together: one of them is missing"};
    if (!read.backup_folder.empty() && !read.backup_s3_endpoint.empty())
        return config_error{"backup.folder and backup.s3_endpoint exclude each other: leave one of them out"};
    if (!read.backup_folder.empty() && !read.backup_folder.starts_with('/'))
        return config_error{"backup.folder takes a path from the root, such as /srv/backup"};
    if (read.backup_s3_endpoint.empty()) return std::nullopt;
    if (read.backup_s3_bucket.empty()) return config_error{"backup.s3_endpoint needs backup.s3_bucket"};
    if (read.backup_s3_key_file.empty() && (read.backup_s3_key.empty() || read.backup_s3_secret.empty()))
        return config_error{"backup.s3_endpoint needs backup.s3_key and backup.s3_secret, or backup.s3_key_file"};
    return std::nullopt;
}

}  // namespace

std::variant<config, config_error> read_config(const std::optional<std::filesystem::path>& file,
                                               const std::function<const char*(const char*)>& environment)
{
    config read;
    if (file)
    {
        try
        {
            const auto table = toml::parse_file(file->string());
            if (auto wrong = read_table(read, *file, table, "")) return *wrong;
        }
        catch (const toml::parse_error& malformed)
        {
            return config_error{place(*file, malformed.source()) + std::string{malformed.description()}};
        }
    }
    for (const auto& each : settings())
    {
        const char* const given = environment(each.variable().c_str());
        if (given == nullptr) continue;
        if (const auto takes = set_from_text(read, each, given))
            return config_error{each.variable() + " (" + std::string{each.name} + ") takes " + *takes};
    }
    if (read.data.empty()) read.data = default_data_folder();
    if (read.share.empty()) read.share = default_share_folder();
    if (auto wrong = find_contradiction(read)) return *wrong;
    return read;
}

std::string default_data_folder()
{
    if (::geteuid() == 0) return "/var/lib/manent";
    if (const char* const base = std::getenv("XDG_DATA_HOME")) return std::string{base} + "/manent";
    const char* const home = std::getenv("HOME");
    return std::string{home == nullptr ? "." : home} + "/.local/share/manent";
}

std::string default_share_folder()
{
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    return (program.parent_path().parent_path() / "share" / "manent").string();
}

}  // namespace manent
