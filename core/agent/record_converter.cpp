#include "core/agent/record_converter.h"

#include <string_view>
#include <utility>

#include "core/agent/csv_fields.h"
#include "core/agent/log_formats.h"

namespace shardscope {
namespace {

/// Spaces and newlines at both ends.
std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view withoutNewline(std::string_view line)
{
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::string quoted(std::string_view text)
{
    constexpr char kHex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (byte < 0x20)
            ((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        else
            out += c;
    }
    return out += '"';
}

/// An object over one line without spaces, or a member a line; a newline ends it.
std::string objectOf(const std::vector<std::pair<std::string_view, std::string>>& members,
                     bool pretty)
{
    std::string out = "{";
    for (const auto& [name, value] : members) {
        if (out.size() > 1)
            out += ',';
        out += pretty ? "\n  " : "";
        out += quoted(name) + (pretty ? " : " : ":") + value;
    }
    return out += pretty && !members.empty() ? "\n}\n" : "}\n";
}

std::string joined(std::string_view data)
{
    std::string out;
    while (!data.empty()) {
        const std::size_t newline = data.find('\n');
        out += trimmed(data.substr(0, newline));
        data.remove_prefix(newline == data.npos ? data.size() : newline + 1);
    }
    return out += '\n';
}

std::string csvToJson(const DataProcessing& step, std::string_view data)
{
    const auto values = csvFields(withoutNewline(data), step.delimiter);
    std::vector<std::pair<std::string_view, std::string>> members;
    for (std::size_t i = 0; i < step.fieldNames.size(); ++i)
        members.emplace_back(step.fieldNames[i], i < values.size() ? quoted(values[i]) : "null");
    return objectOf(members, step.pretty);
}

/// A group that took no part, and a `-`, say that there is no value.
Result<std::string> logToJson(const Pattern& pattern, const std::vector<std::string>& fields,
                              bool pretty, std::string_view data)
{
    const auto groups = pattern.groups(withoutNewline(data));
    if (!groups)
        return fail(ErrorCode::BadInput, "does not have the form of the log");
    std::vector<std::pair<std::string_view, std::string>> members;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool none
            = i >= groups->size() || (*groups)[i].data() == nullptr || (*groups)[i] == "-";
        members.emplace_back(fields[i], none ? "null" : quoted((*groups)[i]));
    }
    return objectOf(members, pretty);
}

std::string withMetadata(const DataProcessing& step, std::string_view data, SimTime now)
{
    std::vector<std::pair<std::string_view, std::string>> members;
    members.emplace_back("metadata", step.metadata.empty() ? "{}" : step.metadata);
    members.emplace_back("data", quoted(withoutNewline(data)));
    if (step.timestamp)
        members.emplace_back("ts", quoted(toIso(now)));
    return objectOf(members, step.pretty);
}

} // namespace

RecordConverter::RecordConverter(const std::vector<DataProcessing>& steps)
{
    for (const DataProcessing& step : steps) {
        Step made {.what = step};
        if (step.kind == DataProcessing::Kind::LogToJson) {
            const LogFormatRule rule = ruleOf(step.format);
            auto pattern
                = Pattern::compile(step.matchPattern.empty() ? rule.pattern : step.matchPattern,
                                   Pattern::Match::Whole);
            if (pattern)
                made.pattern = std::move(*pattern);
            made.fields = step.fieldNames.empty() ? rule.fields : step.fieldNames;
        }
        m_steps.push_back(std::move(made));
    }
}

Result<std::string> RecordConverter::convert(std::string data, SimTime now) const
{
    for (const Step& step : m_steps) {
        switch (step.what.kind) {
        case DataProcessing::Kind::SingleLine:
            data = joined(data);
            break;
        case DataProcessing::Kind::CsvToJson:
            data = csvToJson(step.what, data);
            break;
        case DataProcessing::Kind::LogToJson: {
            auto made = logToJson(*step.pattern, step.fields, step.what.pretty, data);
            if (!made)
                return made;
            data = *std::move(made);
            break;
        }
        case DataProcessing::Kind::AddMetadata:
            data = withMetadata(step.what, data, now);
            break;
        case DataProcessing::Kind::AddBrackets:
            data = '{' + std::string(withoutNewline(data)) + "}\n";
            break;
        }
    }
    if (static_cast<Bytes>(data.size()) > 1_MiB - 32)
        return fail(ErrorCode::BadInput, "is longer than 1 MiB once it is converted");
    return data;
}

} // namespace shardscope
