#pragma once

#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/monitor_deck.h"

namespace shardscope::ui {

/// Where reading begins.
struct ReadStart {
    enum class Kind { Latest, TrimHorizon, AtTime, AtNumber } kind = Kind::Latest;
    SimTime time; ///< of AtTime
    std::string number; ///< of AtNumber; its shard is the only one that is read
};

/// Reads a stream's records as any client would, with GetShardIterator and GetRecords, so that what
/// it takes counts against the stream's read limits; hence its budget: one GetRecords a second for
/// each shard, and kCallsPerSecond together. It slows down where it is throttled, goes on after an
/// iterator has expired, and follows a shard to its children. Holds no clock: it is told the time.
class RecordReader : public QObject {
    Q_OBJECT

public:
    static constexpr int kCallsPerSecond = 50; ///< over all shards, iterators included
    static constexpr qint64 kPauseMs = 1'000; ///< between two calls on one shard
    static constexpr qint64 kThrottledMs = 2'000; ///< first pause after a throttle; doubles
    static constexpr qint64 kThrottledMostMs = 16'000;
    static constexpr std::int64_t kRecordsPerCall = 1'000; ///< a shard takes in no more a second

    /// What it does, for a line on the screen.
    struct State {
        bool running = false;
        std::size_t shards = 0; ///< that are read
        std::size_t throttled = 0; ///< of them, slowed down now
        std::size_t ended = 0; ///< closed shards that were read to their end
        int callsLastSecond = 0;
        std::int64_t behindMs = 0; ///< largest millisBehindLatest
        QString trouble; ///< the service's sentence of the last refusal, or empty
    };

    explicit RecordReader(MonitorDeck deck, QObject* parent = nullptr);

    /// `shardId` empty: every shard. Stops what was read before.
    void start(const std::string& stream, const std::string& shardId, const ReadStart& from);
    void stop();
    /// While held nothing new is asked for; what was asked for still arrives.
    void hold(bool on) { m_held = on; }
    [[nodiscard]] State state() const;
    /// Asks for what is due at `wallMs`, a time that only rises. Call it ten times a second.
    void tick(qint64 wallMs);

signals:
    void arrived(const std::shared_ptr<const shardscope::RecordPage>& page); ///< never an empty one

private:
    struct Lane {
        std::string shardId;
        ReadStart from;
        std::optional<std::string> iterator;
        std::optional<std::string> lastNumber; ///< read so far
        qint64 dueMs = 0;
        qint64 throttledMs = 0; ///< the pause it is in, 0: none
        std::int64_t behindMs = 0;
        bool waiting = false; ///< for an answer
        bool ended = false;
    };
    void list();
    void takeShards(const ListShardsResult& result);
    void addLane(const std::string& shardId, const ReadStart& from);
    void call(std::size_t lane);
    void askIterator(std::size_t lane);
    void askRecords(std::size_t lane);
    void takeRecords(Lane& lane, const GetRecordsResult& result);
    void refused(Lane& lane, const Error& error);
    void send(ApiRequest request, std::function<void(const Result<ApiAnswer>&)> take);

    MonitorDeck m_deck;
    std::string m_stream;
    ReadStart m_from;
    bool m_all = false; ///< shards, so that children are followed
    bool m_running = false, m_held = false, m_listed = false, m_listing = false;
    std::optional<std::string> m_nextToken;
    std::vector<Lane> m_lanes;
    std::size_t m_turn = 0; ///< whose lane is asked first, so that none is forgotten
    std::uint64_t m_round = 0; ///< answers to an older one are dropped
    qint64 m_nowMs = 0;
    std::vector<qint64> m_calls; ///< of the last second
    QString m_trouble;
};

} // namespace shardscope::ui
