// The front end's files, read once at start with the precompressed forms that stand beside them (.br, .gz). Whatever is
// no file and has no extension is a page of the front end and gets index.html.
#pragma once

#include "http/message.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace manent::http
{

class static_files
{
public:
    // A folder that does not exist serves nothing.
    static static_files load(const std::filesystem::path& folder);

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
    std::map<std::string, file, std::less<>> files_;
};

}  // namespace manent::http
