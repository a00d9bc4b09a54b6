#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/serve_options.h"
#include "core/agent/agent_flow.h"
#include "core/endpoint/traffic.h"
#include "core/runtime/served_snapshot.h"

namespace shardscope {

/// What happens while an endpoint serves, one line each on standard error: streams that come,
/// change and go, answers that were errors, the disk's, the channels', readers' and followed files'
/// troubles.
/// As text, `TIME what happened`, or as JSON objects with `at`, `kind` and `text`.
class ServeLog {
public:
    explicit ServeLog(ServeOptions::Log form);

    void say(SimTime at, const char* kind, const std::string& text);
    /// Tells what is new since the last look.
    void look(const ServedSnapshot& service, const endpoint::TrafficReport& traffic);
    /// The same of files that are followed.
    void lookAtFiles(SimTime at, const std::vector<AgentFlowState>& flows);

private:
    void lookAtStreams(const ServedSnapshot& service);
    void lookAtErrors(const endpoint::TrafficReport& traffic);
    void lookAtChannels(const ServedSnapshot& service);
    void lookAtReaders(const ServedSnapshot& service);

    ServeOptions::Log m_form;
    std::map<std::string, std::string> m_streams; ///< name → what was said of it last
    std::map<std::uint64_t, std::int64_t> m_errors; ///< id → times told; those still listed
    std::string m_trouble;
    std::map<std::string, std::string> m_followed; ///< file pattern → its trouble as told last
    std::map<std::string, std::string> m_readers; ///< name → its trouble as told last
    std::map<std::string, ChannelRow> m_channels; ///< id → as last looked at
};

} // namespace shardscope
