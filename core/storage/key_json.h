#pragma once

#include <string>

#include "core/base/result.h"
#include "core/storage/master_key.h"

namespace shardscope {

/// A key file's text (its format stands in key_file.h). It holds key material: the caller wipes it.
/// Made in one piece of memory, so that none is left behind.
[[nodiscard]] std::string keysToJson(const MasterKeys& keys);

/// Reads it back. `text` needs kJsonPadding bytes of capacity beyond its size. Errors: BadInput
/// with what is wrong, as the end of a sentence.
[[nodiscard]] Result<MasterKeys> keysFromJson(const std::string& text);
inline constexpr std::size_t kJsonPadding = 64;

} // namespace shardscope
