#include "http/static_files.hpp"

#include <array>
#include <fstream>
#include <sstream>

namespace manent::http
{

namespace
{

std::string type_of(const std::filesystem::path& file)
{
    static constexpr std::array types{
        std::pair{".html", "text/html; charset=utf-8"},
        std::pair{".js", "text/javascript; charset=utf-8"},
        std::pair{".css", "text/css; charset=utf-8"},
        std::pair{".json", "application/json"},
        std::pair{".webmanifest", "application/manifest+json"},
        std::pair{".svg", "image/svg+xml"},
        std::pair{".png", "image/png"},
        std::pair{".ico", "image/x-icon"},
        std::pair{".woff2", "font/woff2"},
        std::pair{".txt", "text/plain; charset=utf-8"},
    };
    for (const auto& [extension, type] : types)
    {
        if (file.extension() == extension) return type;
    }
    return "application/octet-stream";
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

}  // namespace

static_files static_files::load(const std::filesystem::path& folder)
{
    static_files loaded;
    if (!std::filesystem::is_directory(folder)) return loaded;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
    {
        const auto& path = entry.path();
        if (!entry.is_regular_file() || path.extension() == ".br" || path.extension() == ".gz") continue;
        file made;
        made.type = type_of(path);
        made.plain = read_file(path);
        if (const auto gzip = path.string() + ".gz"; std::filesystem::exists(gzip)) made.gzip = read_file(gzip);
        if (const auto brotli = path.string() + ".br"; std::filesystem::exists(brotli)) made.brotli = read_file(brotli);
        made.etag = "\"" + to_base64url(byte_view{sha256(as_bytes(made.plain))}.first(12)) + "\"";
        loaded.files_.emplace("/" + std::filesystem::relative(path, folder).generic_string(), std::move(made));
    }
    return loaded;
}

response static_files::serve(const call& asked) const
{
    auto found = files_.find(asked.path);
    const bool page = asked.path.find('.', asked.path.rfind('/')) == std::string::npos;
    if (found == files_.end() && page) found = files_.find("/index.html");
    if (found == files_.end()) return refuse(asked, refusal(problem_kind::not_found, "not_found"));
    const auto& [path, chosen] = *found;
    response answered{200, chosen.type, {}, {}};
    answered.with("ETag", chosen.etag).with("Vary", "Accept-Encoding");
    answered.with("Cache-Control", path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (asked.header("if-none-match") == chosen.etag)
    {
        answered.status = 304;
        return answered;
    }
    const auto accepted = asked.header("accept-encoding");
    const bool brotli = !chosen.brotli.empty() && accepted.find("br") != std::string::npos;
    const bool gzip = !chosen.gzip.empty() && accepted.find("gzip") != std::string::npos;
    if (brotli) answered.with("Content-Encoding", "br");
    else if (gzip) answered.with("Content-Encoding", "gzip");
    answered.body = brotli ? chosen.brotli : gzip ? chosen.gzip : chosen.plain;
    return answered;
}

}  // namespace manent::http
