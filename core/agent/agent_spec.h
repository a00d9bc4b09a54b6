#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// One step of what is done to a record before it is sent. Source: facts/clients.md 7.3.
struct DataProcessing {
    enum class Kind { SingleLine, CsvToJson, LogToJson, AddMetadata, AddBrackets };
    enum class LogFormat { CommonApache, CombinedApache, ApacheError, Syslog, Rfc3339Syslog };

    Kind kind = Kind::SingleLine;
    LogFormat format = LogFormat::CommonApache; ///< LogToJson
    std::string matchPattern; ///< LogToJson: groups to take instead of the format's own
    std::vector<std::string> fieldNames; ///< CsvToJson always, LogToJson if they shall differ
    char delimiter = ','; ///< CsvToJson
    std::string metadata; ///< AddMetadata: a JSON object
    bool timestamp = false; ///< AddMetadata: says when, as `ts`
    bool pretty = false; ///< JSON over several lines
};

/// Files that are followed into a stream. Defaults and bounds: facts/clients.md 7.2.
struct AgentFlowSpec {
    enum class Position { EndOfFile, StartOfFile };
    enum class PartitionKey { Random, Deterministic };

    std::string filePattern; ///< FOLDER/NAME, NAME with `*`, `?` and `[…]`
    std::string stream;
    Position initialPosition = Position::EndOfFile;
    PartitionKey partitionKey = PartitionKey::Random;
    SimDuration maxBufferAge = SimDuration::seconds(60);
    std::int64_t maxBufferRecords = 500; ///< 1 … 500
    Bytes maxBufferBytes = 5_MiB; ///< 1 … 5 MiB, keys included
    SimDuration pollEvery = SimDuration::millis(100);
    SimDuration refreshEvery = SimDuration::seconds(10); ///< how often the folder is listed
    std::string multiLineStart; ///< a pattern; empty: each line is a record
    std::int64_t skipHeaderLines = 0;
    std::string fileFooter; ///< a pattern of lines that are no records; empty: none
    std::string truncatedTerminator = "\n"; ///< ends a record that was too long
    SimDuration retryInitial = SimDuration::millis(100);
    SimDuration retryMost = SimDuration::seconds(10);
    std::vector<DataProcessing> processing; ///< in this order

    /// How its checkpoints are told from those of other flows.
    [[nodiscard]] std::string id() const { return "kinesis:" + stream + ':' + filePattern; }
};

/// What the Kinesis Agent's `agent.json` says, as far as it concerns files and streams. Endpoints,
/// keys and threads of the file are accepted and have no effect here.
struct AgentSpec {
    std::string checkpointFile; ///< a small database, made if it is not there
    SimDuration checkpointsKept = SimDuration::days(7);
    std::vector<AgentFlowSpec> flows; ///< one at least
};

/// Errors: BadInput, with the file's name, the line and what would be right.
[[nodiscard]] Result<AgentSpec> parseAgentSpec(std::string_view text, const std::string& fileName);

} // namespace shardscope
