#include "core/planner/metrics_import.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <simdjson.h>

#include "core/planner/cloudwatch_json.h"
#include "core/planner/metrics_csv.h"

namespace shardscope {
namespace {

Result<void> addText(const MetricsFile& file, simdjson::padded_string_view text,
                     MetricsCollector& collector)
{
    if (auto opened = collector.open(file); !opened)
        return opened;
    const std::string_view all(text);
    if (all.substr(0, 2) == "\xff\xfe" || all.substr(0, 2) == "\xfe\xff")
        return fail(ErrorCode::BadInput,
                    file.path + ": is UTF-16; save it as UTF-8, as `Out-File -Encoding utf8` does");
    const std::size_t mark = all.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
    const std::size_t first = all.find_first_not_of(" \t\r\n", mark);
    if (first == std::string_view::npos)
        return fail(ErrorCode::BadInput,
                    file.path
                        + ": is empty; an answer of aws cloudwatch get-metric-data or a CSV file "
                          "would be right");
    const bool json = all[first] == '{' || all[first] == '[';
    const simdjson::padded_string_view unmarked(text.data() + mark, all.size() - mark,
                                                all.size() - mark + simdjson::SIMDJSON_PADDING);
    auto read = json ? readCloudWatchJson(file.path, unmarked, collector)
                     : readMetricsCsv(file, unmarked, collector);
    if (!read)
        return read;
    return collector.close();
}

} // namespace

Result<std::vector<MeasuredStream>> readMetrics(std::span<const MetricsFile> files)
{
    MetricsCollector collector;
    for (const MetricsFile& file : files) {
        simdjson::padded_string text;
        std::error_code ignored;
        errno = 0;
        const bool folder = std::filesystem::is_directory(file.path, ignored);
        if (folder || simdjson::padded_string::load(file.path).get(text) != simdjson::SUCCESS) {
            const std::string why = folder ? "is a folder"
                : errno != 0               ? std::strerror(errno)
                                           : "it cannot be read to its end";
            return fail(ErrorCode::Io,
                        file.path + ": cannot be read (" + why
                            + "); a file of CloudWatch metrics or a CSV file would be right");
        }
        if (auto added = addText(file, text, collector); !added)
            return tl::unexpected(added.error());
    }
    return collector.finish();
}

Result<std::vector<MeasuredStream>> parseMetrics(std::span<const MetricsText> texts)
{
    MetricsCollector collector;
    for (const MetricsText& text : texts) {
        const simdjson::padded_string padded(text.text);
        if (auto added = addText(text.file, padded, collector); !added)
            return tl::unexpected(added.error());
    }
    return collector.finish();
}

} // namespace shardscope
