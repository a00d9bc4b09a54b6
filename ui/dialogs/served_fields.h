#pragma once

#include <QString>

#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.h"

class QPlainTextEdit;
class QSpinBox;

/// Fields that several forms for streams of the endpoint have.
namespace shardscope::ui {

inline constexpr int kRecordSizeStep = 1'024; ///< KiB
[[nodiscard]] QSpinBox* wholeField(const char* name, std::int64_t least, std::int64_t most,
                                   std::int64_t value, const QString& unit);

/// Tags, one `key=value` on a line.
[[nodiscard]] QPlainTextEdit* tagsField();
/// Reads `key=value` lines; empty ones are passed over. Errors: BadInput with the line.
[[nodiscard]] Result<std::map<std::string, std::string>> readTags(const QString& lines);

} // namespace shardscope::ui
