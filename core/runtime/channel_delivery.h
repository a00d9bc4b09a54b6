#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/engine/service.h"
#include "core/runtime/metric_store.h"
#include "core/runtime/object_writer.h"
#include "core/runtime/served_snapshot.h"

namespace shardscope {

/// Delivers what channels have to deliver, to a folder that stands for S3: FOLDER/<bucket>/<key>.
/// Whoever holds the baton calls it; compressing and the disk are another thread's.
///
/// A channel's undelivered records stay in the stream's log; here are positions only, and the
/// records of at most budgets::kChannelObjectsAtOnce objects on their way. A channel takes a round
/// over its stream's shards when its oldest undelivered record is nearly as old as its freshness
/// allows, or when budgets::kChannelObjectBytes wait: everything that is there at that moment goes
/// into objects, shard by shard, parents before their children.
///
/// Positions move when an object is durable (Service::noteDelivered): at least once. An object's
/// key follows from the positions it begins at, so what is written again after a crash takes the
/// place of what was written before it. A folder that refuses an object is tried again, and the
/// channel goes on.
///
/// Objects are plain files. Those of an encrypted stream hold its records in the clear, as S3 gives
/// them to whoever may read the bucket; where they may not lie (`encryptedToo`), the channel or the
/// encryption is refused.
class ChannelDelivery {
public:
    struct Options {
        std::string folder;
        bool encryptedToo = true; ///< whether records of encrypted streams may be delivered there
        std::function<void()> wake; ///< any thread: advance() has something to do
        FileSystem* files = nullptr; ///< null: the real one
    };
    explicit ChannelDelivery(Options options);

    /// What cannot be done here, before the service looks at the request. Errors: InvalidArgument.
    [[nodiscard]] Result<void> allow(const CreateChannel& request, const Service& service) const;
    [[nodiscard]] Result<void> allow(const StartStreamEncryption& request,
                                     const Service& service) const;

    /// Does what is due: reads a piece, hands objects over, notes what was written. Every second,
    /// and when hasNews() or reading().
    void advance(Service& service, cloudwatch::MetricStore& metrics, SimTime now);
    [[nodiscard]] bool hasNews() const { return m_writer.hasDone(); }
    [[nodiscard]] bool reading() const; ///< advance() has more to do at once
    /// Delivers everything that is there, and waits for it; tries each channel's objects once.
    void finish(Service& service, cloudwatch::MetricStore& metrics, SimTime now);

    [[nodiscard]] std::vector<ChannelRow> rows() const; ///< by id

private:
    using Positions = std::map<ShardSlot, std::uint64_t>;
    enum class Phase { Idle, Reading, Writing };
    struct Delivery {
        explicit Delivery(const Channel& channel, const Stream& stream);
        /// Counts `taken` anew.
        void count(const Stream& stream);
        /// Gives up what is no longer in the stream.
        void skip(const Stream& stream);

        std::vector<std::uint64_t> next; ///< by shard slot: the first that is not taken
        Bytes taken = 0; ///< accepted bytes of the stream that are before `next`
        bool skipped = false; ///< `taken` does not have all of it
        std::vector<std::uint64_t> target; ///< of the round under way; empty: none
        Phase phase = Phase::Idle;
        // Of the object under way.
        std::vector<std::uint64_t> start; ///< where `next` was
        Bytes startTaken = 0, bytes = 0;
        std::int64_t gone = 0; ///< records that left the stream while it was read
        std::size_t shard = 0; ///< the next to read
        ObjectRecords records;

        SimTime tryAt; ///< not before
        std::int64_t metricsMinute = 0;
        ChannelRow row;
    };

    void takeDone(Service& service, cloudwatch::MetricStore& metrics, SimTime now);
    void follow(const Service& service);
    /// When the oldest record not taken arrived; none: there is none.
    [[nodiscard]] static std::optional<SimTime> oldest(const Delivery& d, const Stream& stream);
    void look(Delivery& d, const Channel& channel, const Stream& stream, SimTime now);
    void begin(Delivery& d, const Channel& channel, const Stream& stream, SimTime oldest);
    void read(Delivery& d, const Channel& channel, const Service& service, const Stream& stream,
              SimTime now);
    void handOver(Delivery& d, const Channel& channel, SimTime now);
    /// Back to where the object began; later again.
    static void giveUp(Delivery& d, std::string why, SimTime now);
    [[nodiscard]] std::size_t underWay() const;

    Options m_options;
    std::map<std::string, Delivery> m_deliveries; ///< by channel id
    bool m_finishing = false;
    ObjectWriter m_writer; ///< last: its thread ends first
};

/// Why a service that has no folder for channels makes none. Error: InvalidArgument.
[[nodiscard]] tl::unexpected<Error> noChannelFolder();

} // namespace shardscope
