// Every setting of the program: its name in the configuration file, its environment variable, its default and what it
// means, in one table. Precedence: command line, environment, file, default.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace manent
{

struct config
{
    std::string data;   // folder; see default_data_folder()
    std::string share;  // folder of web/, data/, words/
    std::string http_address = "127.0.0.1";
    int http_port = 8080;
    std::string http_tls_certificate;
    std::string http_tls_key;
    std::string http_public_url;   // in mail; empty: http://localhost:PORT
    std::string database_address;  // libpq conninfo without user; empty: the program's own PostgreSQL
    bool database_standby = true;
    int database_writers_max = 16;
    int disk_reserve_mb = 512;
    int disk_ballast_mb = 512;  // the keeper tells the serving process how much it really holds
    int incident_standby_s = 60;
    int incident_archive_s = 900;
    std::string mail_server;  // smtp://host:port or smtps://host:port; empty: mail stays in the store
    std::string mail_user;
    std::string mail_password;
    std::string mail_from = "Manent <nepasrepondre@localhost>";
    std::string backup_folder;  // of the backup repository; this or an S3-compatible store; neither: no backup
    std::string backup_s3_endpoint;
    std::string backup_s3_bucket;
    std::string backup_s3_region = "us-east-1";
    std::string backup_s3_prefix = "/manent";
    bool backup_s3_path_style = true;
    std::string backup_s3_key;
    std::string backup_s3_secret;
    std::string backup_s3_key_file;  // access key and secret, a line each; instead of the two
    std::string backup_s3_ca_file;
    bool backup_s3_verify_tls = true;
    int backup_keep_days = 30;
    int backup_hour = 3;  // of the machine's own clock
    int backup_full_every_days = 7;
    int backup_archive_timeout_s = 60;
    int backup_queue_max_mb = 4096;
    // Read from the database by the keeper and told to the serving process; no setting, so that nobody can turn an
    // installation with patients into one that shows its sign-ins.
    bool demonstration = false;
    std::string account;  // that a program started by root becomes; empty: postgres
};

struct setting
{
    std::string_view name;  // "http.port"
    std::variant<std::string config::*, int config::*, bool config::*> member;
    std::string_view meaning;
    int min = 0;  // of integers
    int max = 0;

    // MANENT_HTTP_PORT
    [[nodiscard]] std::string variable() const;
};

const std::vector<setting>& settings();

// Reads the file (when there is one) and the environment over the defaults. The error is one line that names the file
// and line, or the variable, the setting, and what it takes.
struct config_error
{
    std::string what;
};
std::variant<config, config_error> read_config(const std::optional<std::filesystem::path>& file,
                                               const std::function<const char*(const char*)>& environment);

// /var/lib/manent for root, $XDG_DATA_HOME/manent or ~/.local/share/manent for others.
std::string default_data_folder();
// share/manent beside the folder of the running program.
std::string default_share_folder();

}  // namespace manent
