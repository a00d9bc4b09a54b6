#include "core/agent/record_splitter.h"

#include <utility>

namespace shardscope {
namespace {

/// A random key has six digits at most, an MD5 32.
std::size_t limitOf(const AgentFlowSpec& flow)
{
    const bool random = flow.partitionKey == AgentFlowSpec::PartitionKey::Random;
    return static_cast<std::size_t>(1_MiB) - (random ? 6 : 32);
}

std::optional<Pattern> patternOf(const std::string& text)
{
    if (text.empty())
        return std::nullopt;
    auto pattern = Pattern::compile(text, Pattern::Match::AtStart);
    return pattern ? std::optional(std::move(*pattern)) : std::nullopt;
}

std::string_view withoutNewline(std::string_view line)
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

RecordSplitter::RecordSplitter(const AgentFlowSpec& flow, std::int64_t offset)
    : m_limit(limitOf(flow))
    , m_terminator(flow.truncatedTerminator)
    , m_start(patternOf(flow.multiLineStart))
    , m_footer(patternOf(flow.fileFooter))
    , m_headers(offset == 0 ? flow.skipHeaderLines : 0)
    , m_fed(offset)
{
}

/// One byte above the limit is kept, which says that it was cut.
void RecordSplitter::keep(std::string& text, std::string_view more) const
{
    if (text.size() <= m_limit)
        text += more.substr(0, m_limit + 1 - text.size());
}

void RecordSplitter::endRecord(std::int64_t end, std::vector<Record>& out)
{
    m_recordBytes = 0;
    std::string data = std::exchange(m_record, {});
    if (data.size() > m_limit) {
        data.resize(m_limit - m_terminator.size());
        data += m_terminator;
    }
    if (!data.empty())
        out.push_back({std::move(data), end});
}

void RecordSplitter::endLine(std::vector<Record>& out)
{
    const std::string line = std::exchange(m_line, {});
    const std::int64_t bytes = std::exchange(m_lineBytes, 0);
    if (m_headers > 0) {
        --m_headers;
        return;
    }
    if (m_footer && m_footer->matches(withoutNewline(line)))
        return;
    if (m_start && m_recordBytes > 0 && m_start->matches(withoutNewline(line)))
        endRecord(m_fed - bytes, out);
    keep(m_record, line);
    m_recordBytes += bytes;
    if (!m_start)
        endRecord(m_fed, out);
}

void RecordSplitter::feed(std::string_view bytes, std::vector<Record>& out)
{
    while (!bytes.empty()) {
        const std::size_t newline = bytes.find('\n');
        const std::string_view part
            = bytes.substr(0, newline == bytes.npos ? newline : newline + 1);
        keep(m_line, part);
        m_lineBytes += static_cast<std::int64_t>(part.size());
        m_fed += static_cast<std::int64_t>(part.size());
        bytes.remove_prefix(part.size());
        if (newline != bytes.npos)
            endLine(out);
    }
}

void RecordSplitter::finish(std::vector<Record>& out)
{
    if (m_lineBytes > 0)
        endLine(out);
    if (m_recordBytes > 0)
        endRecord(m_fed, out);
}

} // namespace shardscope
