#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/agent/agent_flow_state.h"
#include "core/agent/agent_spec.h"
#include "core/agent/file_checkpoints.h"
#include "core/agent/followed_file.h"
#include "core/agent/record_converter.h"
#include "core/agent/record_splitter.h"
#include "core/engine/requests.h"

namespace shardscope {

/// Follows files into one stream: finds them, reads what is new, makes records of it, sends them in
/// the order of their files, sends again what was refused, and notes how far it has come. At least
/// once: after a crash what was sent since the last note is sent again. Source: facts/clients.md 7.
class AgentFlow {
public:
    /// Who takes a batch; false says that it is too busy to. The answer may come at once and on any
    /// thread.
    using Reply = std::function<void(Result<PutRecordsResult>)>;
    using Submit = std::function<bool(PutRecords, Reply)>;
    struct Surroundings {
        FileCheckpoints* checkpoints = nullptr;
        Submit submit;
        std::function<void()> wake; ///< there is an answer to take
        std::uint64_t seed = 0; ///< of partition keys and of waits
    };
    AgentFlow(AgentFlowSpec spec, Surroundings around);
    ~AgentFlow();
    AgentFlow(const AgentFlow&) = delete;
    AgentFlow& operator=(const AgentFlow&) = delete;

    void step(SimTime now);
    /// From now on a batch goes however small it is.
    void hurry() { m_hurry = true; }
    /// Whether everything that was read is sent.
    [[nodiscard]] bool idle() const { return m_queue.empty() && m_sending.empty(); }
    void saveCheckpoints(SimTime now);
    [[nodiscard]] AgentFlowState state() const;

private:
    /// A file from its beginning to where it was rotated away.
    struct Source {
        std::string path; ///< empty: no pattern names it any more
        FollowedFile file;
        RecordSplitter splitter;
        std::int64_t sent = 0; ///< everything before this is sent
        std::string tail; ///< the last bytes that were read
        std::optional<SimTime> quietSince; ///< nothing new was read since
        bool ended = false; ///< nothing more will come
    };
    struct Item {
        std::shared_ptr<Source> source;
        std::string key, data;
        std::int64_t end = 0;
        SimTime read;

        [[nodiscard]] Bytes bytes() const { return static_cast<Bytes>(key.size() + data.size()); }
    };
    /// Outlives the flow, for answers that come late.
    struct Mailbox {
        std::mutex mutex;
        std::optional<Result<PutRecordsResult>> answer;
        std::function<void()> wake;
    };

    void look(SimTime now);
    void follow(const FoundFile& found, std::int64_t offset);
    [[nodiscard]] std::int64_t startOf(const FoundFile& found) const;
    void readOn(SimTime now);
    void readOn(Source& source, SimTime now);
    void startOver(const std::shared_ptr<Source>& source, SimTime now);
    [[nodiscard]] bool looksCopied(const FoundFile& found) const;
    [[nodiscard]] static bool isCopy(const FollowedFile& file, const Source& source);
    [[nodiscard]] bool replaced(const Source& source, const FileFacts& facts) const;
    void take(const std::shared_ptr<Source>& source, std::vector<RecordSplitter::Record>& records,
              SimTime now);
    [[nodiscard]] bool due(SimTime now) const;
    void send(SimTime now);
    void takeAnswer(SimTime now);
    void backOff(SimTime now);
    void dropEnded();
    [[nodiscard]] std::string keyOf(const std::string& data);
    [[nodiscard]] std::shared_ptr<Source> sourceOf(const FileIdentity& identity) const;

    const AgentFlowSpec m_spec;
    const Surroundings m_around;
    const RecordConverter m_converter;
    std::mt19937_64 m_random;
    std::shared_ptr<Mailbox> m_mailbox;
    std::vector<std::shared_ptr<Source>> m_sources;
    std::deque<Item> m_queue; ///< read, not under way
    Bytes m_queueBytes = 0; ///< with keys
    std::vector<Item> m_sending;
    std::vector<FileIdentity> m_copies; ///< looked copied at the last look, not followed yet
    std::vector<FileCheckpoints::Row> m_remembered; ///< from before, not found again yet
    bool m_looked = false, m_hurry = false, m_unsaved = false;
    SimTime m_lookAt, m_pollAt, m_sendAt, m_saveAt;
    SimDuration m_backOff;
    AgentFlowState m_state;
    std::string m_fileTrouble, m_sendTrouble, m_saveTrouble, m_skipTrouble;
};

} // namespace shardscope
