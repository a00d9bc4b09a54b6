#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent/agent_spec.h"
#include "core/agent/pattern.h"

namespace shardscope {

/// Cuts what is read of one file into records, each with its newline: a line, or lines from one
/// that matches the start pattern to before the next one. A record longer than 1 MiB with its
/// partition key is cut and ended with the flow's terminator; the rest of it is dropped. Source:
/// facts/clients.md 7.2.
class RecordSplitter {
public:
    struct Record {
        std::string data;
        std::int64_t end = 0; ///< where the file goes on behind it, in bytes from its beginning
    };

    /// Begins at `offset` of the file, which is the beginning of a record; the header is skipped
    /// where that is the file's beginning.
    RecordSplitter(const AgentFlowSpec& flow, std::int64_t offset);

    void feed(std::string_view bytes, std::vector<Record>& out);
    /// Nothing more will come: what has begun is a record, newline or not.
    void finish(std::vector<Record>& out);
    /// How far the file was fed.
    [[nodiscard]] std::int64_t fed() const { return m_fed; }
    /// Whether a record has begun that finish() would give out.
    [[nodiscard]] bool holds() const { return m_lineBytes > 0 || m_recordBytes > 0; }
    /// Of several lines, whether the last of them is complete: only the next start is waited for.
    [[nodiscard]] bool waitsForStart() const { return m_lineBytes == 0 && m_recordBytes > 0; }

private:
    void endLine(std::vector<Record>& out);
    void endRecord(std::int64_t end, std::vector<Record>& out);
    void keep(std::string& text, std::string_view more) const;

    const std::size_t m_limit;
    std::string m_terminator;
    std::optional<Pattern> m_start, m_footer;
    std::int64_t m_headers;
    std::int64_t m_fed;
    // Up to the limit and a byte is kept, all of it is counted.
    std::string m_line, m_record;
    std::int64_t m_lineBytes = 0, m_recordBytes = 0;
};

} // namespace shardscope
