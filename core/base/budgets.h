#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/units.h"

/// Our own limits, each with its reason. The service's limits live in engine/limits.h; there is no
/// third place.
namespace shardscope::budgets {

/// Memory for stored records and their metadata unless the user sets another. Room for 33 million
/// records' metadata, and small enough for a laptop.
inline constexpr Bytes kStoreDefault = 1_GiB;
/// Memory for measured history of all resolutions: fixed, so a long run never grows.
inline constexpr Bytes kHistoryDefault = 192_MiB;
/// Hash buckets in which load over the key space is counted: one pixel each on a wide screen.
inline constexpr int kHeatBuckets = 1024;
/// Hottest keys remembered per shard. Eight entries hold every key above 1/8 of a shard's load
/// (Space-Saving's guarantee), which is every key that can matter to a split.
inline constexpr int kTopKeysPerShard = 8;
/// Per process of the aggregating client library, memory for which user records lie in which
/// aggregate. At one to two bytes a user record, some 20 million of them can be shown again whole.
inline constexpr Bytes kAggregateLists = 32_MiB;
/// Per process of the aggregating client library, user records held one by one (48 bytes each).
/// Above it the application waits before it adds more, as programs that watch the library's
/// outstanding records do; what waits there costs next to nothing.
inline constexpr std::int64_t kOutstandingUserRecords = 1'000'000;
/// Refusals kept in full for the Why card; older ones are still counted.
inline constexpr int kRefusalsKept = 4096;
/// Commands waiting for the engine; a full inbox says "busy".
inline constexpr int kInboxCommands = 1024;
/// Requests that wait for the local service, and their bytes: more than the 12,000 connections that
/// may be open at once, each of which has one on its way, and some largest PutRecords (10 MiB).
inline constexpr int kWaitingRequests = 16'384;
inline constexpr Bytes kWaitingRequestBytes = 256_MiB;
/// Requests that one caller works through for others before the service's own thread goes on: some
/// milliseconds at most.
inline constexpr int kRequestsOfACaller = 64;
/// Streams of a local service whose history is kept at once; the longest idle makes room.
inline constexpr int kHistoriesKept = 256;
/// Metrics of the local CloudWatch: different ones (a stream has some twenty, each of its shards
/// seven more, a client library a few dozen), and points of all together: 40 bytes each, 40 MB.
inline constexpr std::size_t kMetrics = 20'000;
inline constexpr std::size_t kMetricPoints = 1'000'000;
/// Event bytes that wait for one subscriber before the engine makes no more: two seconds of its
/// 2 MiB/s.
inline constexpr Bytes kSubscriptionUnsent = 4_MiB;
/// How long the engine waits before it looks again whether such a subscriber has taken something:
/// a twentieth of a second's share.
inline constexpr std::int64_t kSubscriptionRetryMs = 50;
/// Records that are put this soon after an event go together in the next one: a shard at full rate
/// is a thousand events a second instead of one for each record, and an event after a pause waits
/// for nothing.
inline constexpr std::int64_t kSubscriptionGatherMs = 1;
/// What one event carries at most, unless a single record is larger: an eighth of a second's 2 MiB,
/// so that the wire encodes an event in a millisecond or two and other work is not kept waiting.
inline constexpr Bytes kSubscriptionEventBytes = 256_KiB;
inline constexpr std::uint64_t kSubscriptionEventRecords = 2'000;
/// Data and keys in a channel's object before it is compressed: the delivery that is late by
/// minutes anyway gains nothing from larger ones, and two at a time are a small part of the memory.
inline constexpr Bytes kChannelObjectBytes = 16_MiB;
inline constexpr int kChannelObjectsAtOnce = 2;
/// Of it what one turn of the engine reads: a millisecond or less while the records are in memory.
inline constexpr Bytes kChannelReadBytes = 1_MiB;
/// How long before its freshness ends a channel begins to write, and how long after a refusal it
/// tries again, in seconds.
inline constexpr std::int64_t kChannelLeadSeconds = 2;
inline constexpr std::int64_t kChannelRetrySeconds = 5;
/// Shards that a service holds when the account's quota is lifted, and registered consumers of a
/// stream: about 1 KiB each, so a client that asks for more and more cannot use up the memory.
inline constexpr std::int64_t kShardsMost = 200'000;
inline constexpr int kConsumersPerStream = 1'000;
/// Of a request's body as a tree: deeper nesting and more values than any operation has (a metric
/// request's 1,000 data with 30 dimensions and 150 values each stay below).
inline constexpr std::size_t kWireDepth = 32;
inline constexpr std::size_t kWireValues = 400'000;
/// Of a deflated body once inflated: what the transport takes of a body that is not deflated.
inline constexpr Bytes kInflatedBody = 16_MiB;
/// Clients and errors that the Monitor lists; the rest is still counted.
inline constexpr int kClientsKept = 200;
inline constexpr int kErrorsKept = 500;
/// Master keys of a local key ring: its file is written anew with every change, and with the
/// longest policies this many make some 20 MiB of it.
inline constexpr int kMasterKeys = 200;
/// Commands a person can undo.
inline constexpr int kUndoSteps = 50;
/// Moments of a run that can be returned to at once: a minute apart and less for an hour back.
inline constexpr int kCheckpoints = 60;
/// Memory that such moments may hold beside what the run itself holds.
inline constexpr Bytes kCheckpointBytes = 256_MiB;

/// Of a credentials file: ten times the people of a large house.
inline constexpr Bytes kCredentialsBytes = 1_MiB;
inline constexpr std::size_t kCredentialsMost = 1'000; ///< profiles
/// Signing keys that each checker of signatures remembers. A key is made for one credential, day
/// and service, in 5 µs; a desk has few of each.
inline constexpr std::size_t kSigningKeys = 64;
/// Header fields that a signature may name. Clients name at most some twenty; each costs a walk
/// over the head.
inline constexpr std::size_t kSignedHeadersMost = 100;
/// What a refused signature is told about the text that should have been signed; a longer one is
/// left out, so that an answer is never larger than what asked for it by much.
inline constexpr std::size_t kCanonicalHintBytes = 8 << 10;
/// What one connection reads into while it waits: most requests come whole in it, and ten thousand
/// idle connections hold 40 MiB of it.
inline constexpr Bytes kHttpReadBuffer = 4_KiB;
/// One network thread's, for a connection that has more to say: what a socket usually holds.
inline constexpr Bytes kHttpReadMore = 64_KiB;
/// Such reads in one turn before other connections have theirs.
inline constexpr int kHttpReadsPerTurn = 16;
/// After the last answer a client may go on sending what is thrown away, so that the answer is not
/// lost with the connection.
inline constexpr int kHttpLingerMs = 2'000;
/// How often a network thread looks for what has taken too long.
inline constexpr int kHttpSweepMs = 250;
/// Connections above the limit that are told so at a time; more are closed without a word.
inline constexpr int kHttpRefusedAtOnce = 64;
/// Per network thread, requests kept for the next ones and the body buffers kept with them.
inline constexpr int kHttpFreeRequests = 64;
inline constexpr Bytes kHttpFreeBodies = 32_MiB;
/// Flow control of HTTP/2: a body of usual size comes without waiting, and no more than this is on
/// its way at a time, per stream and per connection.
inline constexpr Bytes kHttp2StreamWindow = 1_MiB;
inline constexpr Bytes kHttp2Window = 4_MiB;
/// Frames that are made before the socket has taken those before them.
inline constexpr Bytes kHttp2Ahead = 256_KiB;
/// Bytes enciphered before the socket has taken those before them.
inline constexpr Bytes kTlsAhead = 256_KiB;
/// Frames of our own that may wait while a client reads nothing; then it is not read either.
inline constexpr std::size_t kHttp2FramesWaiting = 1'000;
/// What a connection may spend on frames that ask for nothing: one for most, more for a reset,
/// since a request was begun for it. Data either way and time earn it back. A client that pings
/// before every request stays far below; a flood is over in a millisecond.
inline constexpr int kHttp2Credit = 1'000;
inline constexpr int kHttp2PriceOfReset = 10;
inline constexpr int kHttp2CreditPerData = 4;
inline constexpr int kHttp2CreditPerSweep = 25;

} // namespace shardscope::budgets
