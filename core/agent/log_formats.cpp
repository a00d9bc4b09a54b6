#include "core/agent/log_formats.h"

namespace shardscope {
namespace {

/// `host ident user [time] "request" status bytes`; a quote inside the request is escaped.
const std::string kApache
    = R"re((\S+) (\S+) (\S+) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-))re";
const std::string kProgram = R"re( (\S+) ([^\s\[:]+)(?:\[(\d+)\])?: (.*))re";

} // namespace

LogFormatRule ruleOf(DataProcessing::LogFormat format)
{
    using Format = DataProcessing::LogFormat;
    const std::vector<std::string> common {"host",    "ident",    "authuser", "datetime",
                                           "request", "response", "bytes"};
    const std::vector<std::string> program {"timestamp", "hostname", "program", "processid",
                                            "message"};
    switch (format) {
    case Format::CommonApache:
        return {kApache, common};
    case Format::CombinedApache: {
        std::vector<std::string> fields = common;
        fields.insert(fields.end(), {"referer", "agent"});
        return {kApache + R"re( "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")re", fields};
    }
    case Format::ApacheError:
        return {R"re(\[([^\]]+)\] \[([^\]:]*):([^\]]+)\] \[pid (\d+)(?::tid (\d+))?\])re"
                R"re((?: \[client ([^\]]+)\])? (.*))re",
                {"timestamp", "module", "severity", "processid", "threadid", "client", "message"}};
    case Format::Syslog:
        return {R"re(([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d))re" + kProgram, program};
    case Format::Rfc3339Syslog:
        return {R"re((\d{4}-\d\d-\d\dT\S+))re" + kProgram, program};
    }
    return {};
}

} // namespace shardscope
