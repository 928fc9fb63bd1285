// The front end's files, read once at start with the precompressed forms that stand beside them (.br, .gz). Whatever is
// no file and has no extension is a page of the front end and gets index.html.
#pragma once

#include "http/message.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace manent::http
{

// Copies the hashed files of the release in `folder` below `kept`, and drops all but the newest five releases there, so
// that a page opened before an update still finds its next part. Throws std::filesystem::filesystem_error.
void keep_release(const std::filesystem::path& folder, const std::filesystem::path& kept);

class static_files
{
public:
    // A folder that does not exist serves nothing. What former releases left below `kept` is served beside.
    static static_files load(const std::filesystem::path& folder, const std::filesystem::path& kept = {});

    // 200, 304 or 404. Hashed names under /assets/ may be kept for ever; everything else is asked again each time.
    [[nodiscard]] response serve(const call& asked) const;

private:
    struct file
    {
        std::string type;
        std::string plain;
        std::string gzip;
        std::string brotli;
        std::string etag;
    };
    void add_all(const std::filesystem::path& folder);

    std::map<std::string, file, std::less<>> files_;
};

}  // namespace manent::http
