#include "core/runtime/whole_file.h"

#include <span>

namespace shardscope {

Result<void> writeWholeFile(FileSystem& files, const std::string& folder, const std::string& key,
                            const std::string& unfinished, const std::string& bytes)
{
    if (key.empty() || key.front() == '/' || ('/' + key + '/').find("/../") != std::string::npos)
        return fail(ErrorCode::BadInput,
                    "The key \"" + key + "\" does not name a file inside of " + folder + ".");
    const std::string path = folder + '/' + key;
    const std::string aside = folder + "/.Unfinished";
    std::string above = path.substr(0, path.rfind('/'));
    for (const std::string& each : {aside, above}) {
        if (auto made = files.makeFolder(each); !made)
            return made;
    }
    {
        auto file = files.open(aside + '/' + unfinished, FileSystem::Access::Write);
        if (!file)
            return tl::unexpected(std::move(file.error()));
        for (auto step :
             {(*file)->truncate(0), (*file)->writeFully(0, std::span(bytes)), (*file)->sync()}) {
            if (!step)
                return step;
        }
    }
    if (auto named = files.rename(aside + '/' + unfinished, path); !named)
        return named;
    // The folders on the way may be new as well.
    for (; above.size() >= folder.size(); above.resize(above.rfind('/'))) {
        if (auto synced = files.syncFolder(above); !synced)
            return synced;
        if (above.rfind('/') == std::string::npos)
            break;
    }
    return {};
}

} // namespace shardscope
