#include "http/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <vector>

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

constexpr std::size_t releases_max = 5;

// What a release is known by: its page names every hashed file of it.
std::string release_name(const std::filesystem::path& folder)
{
    return to_hex(byte_view{sha256(as_bytes(read_file(folder / "index.html")))}.first(8));
}

std::vector<std::filesystem::path> folders_in(const std::filesystem::path& kept)
{
    std::vector<std::filesystem::path> found;
    if (!std::filesystem::is_directory(kept)) return found;
    for (const auto& entry : std::filesystem::directory_iterator{kept})
    {
        const bool whole = !entry.path().filename().string().starts_with('.');
        if (entry.is_directory() && whole) found.push_back(entry.path());
    }
    std::ranges::sort(found, std::ranges::greater{},
                      [](const auto& each) { return std::filesystem::last_write_time(each); });
    return found;
}

}  // namespace

void keep_release(const std::filesystem::path& folder, const std::filesystem::path& kept)
{
    if (!std::filesystem::exists(folder / "index.html")) return;
    const auto place = kept / release_name(folder);
    if (!std::filesystem::exists(place))
    {
        // Whole or not at all: a copy that broke off is made again under another name.
        const auto unfinished = kept / ("." + place.filename().string());
        std::filesystem::remove_all(unfinished);
        std::filesystem::create_directories(unfinished);
        std::filesystem::copy(folder / "assets", unfinished / "assets", std::filesystem::copy_options::recursive);
        std::filesystem::rename(unfinished, place);
    }
    std::filesystem::last_write_time(place, std::filesystem::file_time_type::clock::now());
    const auto all = folders_in(kept);
    for (std::size_t i = releases_max; i < all.size(); ++i) std::filesystem::remove_all(all[i]);
}

static_files static_files::load(const std::filesystem::path& folder, const std::filesystem::path& kept)
{
    static_files loaded;
    loaded.add_all(folder);
    for (const auto& release : folders_in(kept)) loaded.add_all(release);
    return loaded;
}

void static_files::add_all(const std::filesystem::path& folder)
{
    if (!std::filesystem::is_directory(folder)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
    {
        const auto& path = entry.path();
        if (!entry.is_regular_file() || path.extension() == ".br" || path.extension() == ".gz") continue;
        const auto name = "/" + std::filesystem::relative(path, folder).generic_string();
        if (files_.contains(name)) continue;
        file made;
        made.type = type_of(path);
        made.plain = read_file(path);
        if (const auto gzip = path.string() + ".gz"; std::filesystem::exists(gzip)) made.gzip = read_file(gzip);
        if (const auto brotli = path.string() + ".br"; std::filesystem::exists(brotli)) made.brotli = read_file(brotli);
        made.etag = "\"" + to_base64url(byte_view{sha256(as_bytes(made.plain))}.first(12)) + "\"";
        files_.emplace(name, std::move(made));
    }
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
