#pragma once

#include <string>

#include "core/base/result.h"
#include "core/storage/file_system.h"

namespace shardscope {

/// Puts a file in place whole and durable, or not at all: FOLDER/<key>, folders on the way made. It
/// is written as FOLDER/.Unfinished/<unfinished> first; no two that are written at once may share
/// that name. Errors: Io, with the path; BadInput for a key that leads out of the folder.
[[nodiscard]] Result<void> writeWholeFile(FileSystem& files, const std::string& folder,
                                          const std::string& key, const std::string& unfinished,
                                          const std::string& bytes);

} // namespace shardscope
