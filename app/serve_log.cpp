#include "app/serve_log.h"

#include <cstdio>

#include "core/base/json_writer.h"
#include "core/endpoint/words.h"

namespace shardscope {
namespace {

std::string sentence(const StreamDescriptionSummary& s)
{
    const std::string shards = std::to_string(s.openShardCount)
        + (s.openShardCount == 1 ? " open shard" : " open shards");
    return "stream " + s.streamName + " is "
        + std::string(endpoint::words::of(endpoint::words::kStreamStatus, s.status)) + ", "
        + (s.mode == StreamMode::OnDemand ? "on-demand" : "provisioned") + ", " + shards;
}

} // namespace

ServeLog::ServeLog(ServeOptions::Log form)
    : m_form(form)
{
}

void ServeLog::say(SimTime at, const char* kind, const std::string& text)
{
    std::string line = toIso(at) + "  " + text + '\n';
    if (m_form == ServeOptions::Log::Json) {
        JsonWriter json;
        json.beginObject(JsonWriter::Layout::Line);
        json.name("at");
        json.text(toIso(at));
        json.name("kind");
        json.text(kind);
        json.name("text");
        json.text(text);
        json.endObject();
        line = json.take();
    }
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void ServeLog::lookAtStreams(const ServedSnapshot& service)
{
    std::map<std::string, std::string> now;
    for (const ServedStreamRow& row : service.streams) {
        const std::string text = sentence(row.summary);
        now.emplace(row.summary.streamName, text);
        if (const auto before = m_streams.find(row.summary.streamName);
            before == m_streams.end() || before->second != text)
            say(service.now, "stream", text);
    }
    for (const auto& [name, text] : m_streams) {
        if (!now.contains(name))
            say(service.now, "stream", "stream " + name + " is gone");
    }
    m_streams = std::move(now);
}

/// An error that is given again and again is one row that counts; it is told once a look.
void ServeLog::lookAtErrors(const endpoint::TrafficReport& traffic)
{
    std::map<std::uint64_t, std::int64_t> now;
    for (auto row = traffic.errors.rbegin(); row != traffic.errors.rend(); ++row) {
        now.emplace(row->id, row->times);
        const auto before = m_errors.find(row->id);
        const std::int64_t more = row->times - (before == m_errors.end() ? 0 : before->second);
        if (more <= 0)
            continue;
        say(row->at, "error",
            row->client + ": " + row->operation + (row->stream.empty() ? "" : " on " + row->stream)
                + " answered " + row->type
                + (more > 1 ? ", " + std::to_string(more) + " times" : "")
                + (row->message.empty() ? "" : ": " + row->message));
    }
    m_errors = std::move(now);
}

/// What a channel delivers is told too when it is dead letters.
void ServeLog::lookAtChannels(const ServedSnapshot& service)
{
    std::map<std::string, ChannelRow> now;
    for (const ChannelRow& row : service.channels) {
        const ChannelRow before = m_channels[row.channelId];
        const std::string name = "channel " + row.channelName;
        if (row.trouble != before.trouble)
            say(service.now, "channel",
                row.trouble.empty() ? name + " delivers again" : row.trouble);
        if (const std::int64_t more = row.failedRecords - before.failedRecords; more > 0)
            say(service.now, "channel",
                name + " could not deliver " + std::to_string(more)
                    + (more == 1 ? " record" : " records") + "; the dead-letter queue says why");
        if (const std::int64_t more = row.lostRecords - before.lostRecords; more > 0)
            say(service.now, "channel",
                std::to_string(more) + (more == 1 ? " record" : " records")
                    + " left the stream before " + name + " could deliver them");
        now.emplace(row.channelId, row);
    }
    m_channels = std::move(now);
}

void ServeLog::lookAtReaders(const ServedSnapshot& service)
{
    for (const AttachedReaders::Row& reader : service.readers) {
        const std::string name = "reader " + reader.row.spec.name;
        std::string& told = m_readers[reader.row.spec.name];
        if (told != reader.row.trouble)
            say(service.now, "reader",
                name + ": " + (reader.row.trouble.empty() ? "goes on" : reader.row.trouble));
        told = reader.row.trouble;
    }
}

void ServeLog::look(const ServedSnapshot& service, const endpoint::TrafficReport& traffic)
{
    lookAtStreams(service);
    lookAtErrors(traffic);
    lookAtChannels(service);
    lookAtReaders(service);
    const std::string trouble = service.store ? service.store->trouble : std::string();
    if (trouble != m_trouble)
        say(service.now, "store", trouble.empty() ? "the disk takes writes again" : trouble);
    m_trouble = trouble;
}

void ServeLog::lookAtFiles(SimTime at, const std::vector<AgentFlowState>& flows)
{
    for (const AgentFlowState& flow : flows) {
        std::string& told = m_followed[flow.filePattern];
        if (told == flow.trouble)
            continue;
        told = flow.trouble;
        say(at, "agent",
            flow.trouble.empty() ? flow.filePattern + ": goes on; "
                    + std::to_string(flow.recordsSent) + " records sent so far"
                                 : flow.trouble);
    }
}

} // namespace shardscope
