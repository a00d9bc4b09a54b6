#include <algorithm>
#include <limits>

#include "core/base/md5.h"
#include "core/base/rng.h"
#include "core/consumers/firehose_partition.h"
#include "core/consumers/firehose_reader.h"
#include "core/consumers/lambda_event.h"
#include "core/storage/aggregate_reader.h"

/// From fetched records to buffers: aggregates opened, the function, partitions.
namespace shardscope {
namespace {

constexpr std::uint64_t kInvocationNames = 44; // a lane of m_chance
constexpr SimDuration kTransformTimeout = SimDuration::minutes(5);
constexpr SimDuration kTransformAgain = SimDuration::seconds(1); ///< ours
constexpr const char* kProcessingFailed = "processing-failed";
constexpr const char* kPartitionExceeded = "activePartitionExceeded";
/// Between the parts of a group: none of them has it.
constexpr char kBetween = '\x1f';

} // namespace

bool FirehoseReader::readsPayloads() const
{
    const FirehoseSpec& firehose = m_spec.firehose;
    return !firehose.transform.empty() || !firehose.partitionBy.empty();
}

void FirehoseReader::takeWhole(const Fetched& fetched, Piece piece)
{
    Load& buffer = bufferOf({}, fetched.now);
    buffer.oldest = std::min(
        buffer.oldest,
        SimTime::fromMillis(stream().records(fetched.shard, fetched.first).front().arrivalMs));
    hold(buffer, piece);
    for (std::uint64_t at = fetched.first; at < fetched.next;) {
        for (const RecordMeta& meta : stream().records(fetched.shard, at)) {
            if (at++ == fetched.next)
                break;
            buffer.records += meta.userRecords;
        }
    }
    buffer.bytes += fetched.bytes;
    m_held += fetched.bytes;
}

void FirehoseReader::takeRecords(const Fetched& fetched, Piece piece)
{
    for (std::uint64_t at = fetched.first; at < fetched.next; at += kPageRecords) {
        const RecordPage page = service().recordsOf(stream(), fetched.shard, at,
                                                    std::min(fetched.next, at + kPageRecords));
        for (std::size_t row = 0; row < page.rows.size(); ++row) {
            FirehoseRecord record {.stretch = piece.number,
                                   .arrivalMs = page.rows[row].arrivalMs,
                                   .key = std::string(page.key(row)),
                                   .number = page.rows[row].number.text(),
                                   .sub = 0,
                                   .data = {}};
            const auto inside
                = readAggregate(page.data(row), std::numeric_limits<std::size_t>::max());
            if (!inside) {
                record.data = page.data(row);
                takeRecord(std::move(record), fetched.shard, fetched.now);
                continue;
            }
            for (const UserRecordView& user : *inside) {
                record.key = user.key;
                record.data = user.data;
                takeRecord(record, fetched.shard, fetched.now);
                ++record.sub;
            }
        }
    }
}

void FirehoseReader::takeRecord(FirehoseRecord record, ShardSlot slot, SimTime now)
{
    if (m_spec.firehose.transform.empty()) {
        partition(record, {}, slot, now);
        return;
    }
    Shard& shard = m_shards[slot.index()];
    ++shard.stretches[static_cast<std::size_t>(record.stretch - shard.finished)].open;
    if (shard.gathered.empty())
        shard.gatheredSince = now;
    const auto bytes = static_cast<Bytes>(record.data.size() + record.key.size());
    shard.gatheredBytes += bytes;
    m_held += bytes;
    shard.gathered.push_back(std::move(record));
}

// --- the function -----------------------------------------------------------------------------

void FirehoseReader::transform(ShardSlot slot, SimTime now, ReaderSurroundings& around)
{
    Shard& shard = m_shards[slot.index()];
    const FirehoseSpec& firehose = m_spec.firehose;
    if (shard.gathered.empty() && shard.invocations.empty())
        return;
    const bool due = shard.gatheredBytes >= firehose.transformBuffer
        || now - shard.gatheredSince >= firehose.transformInterval || shard.end;
    if (!shard.gathered.empty() && due && shard.invocations.size() < kTransformsAtOnce) {
        // One invocation after the other: no more than the hint at once, and one record at least.
        std::size_t records = 0;
        for (Bytes bytes = 0;
             records < shard.gathered.size() && (records == 0 || bytes < firehose.transformBuffer);
             ++records)
            bytes += static_cast<Bytes>(shard.gathered[records].data.size()
                                        + shard.gathered[records].key.size());
        Invocation invocation;
        const auto cut = shard.gathered.begin() + static_cast<std::ptrdiff_t>(records);
        invocation.records.assign(std::make_move_iterator(shard.gathered.begin()),
                                  std::make_move_iterator(cut));
        shard.gathered.erase(shard.gathered.begin(), cut);
        for (const FirehoseRecord& record : invocation.records)
            shard.gatheredBytes -= static_cast<Bytes>(record.data.size() + record.key.size());
        const CounterRng names = m_chance.fork(kInvocationNames);
        const std::uint64_t number = m_invocations++;
        invocation.id = uuidText(names.bits(2 * number), names.bits(2 * number + 1));
        invocation.tryAt = now;
        shard.invocations.push_back(std::move(invocation));
    }
    if (around.outside == nullptr) {
        m_functionTrouble = "Real functions are not allowed here: \"" + firehose.transform
            + "\" is not called; --outside allows it.";
        return;
    }
    for (Invocation& invocation : shard.invocations)
        if (invocation.job == 0 && invocation.tryAt <= now)
            beginInvocation(slot, invocation, around);
    while (!shard.invocations.empty() && shard.invocations.front().job != 0
           && hear(slot, shard.invocations.front(), now, *around.outside))
        shard.invocations.pop_front();
}

void FirehoseReader::beginInvocation(ShardSlot shard, Invocation& invocation,
                                     ReaderSurroundings& around)
{
    FunctionCall call;
    call.target = m_spec.firehose.transform;
    call.event = transformEvent(invocation.records, shard, invocation.id, m_spec.name,
                                around.stream.name(), around.service.arnScope());
    call.timeout = kTransformTimeout;
    // A try has a name of its own: the answer to the one before stands.
    invocation.job = mix64(md5(call.event).high() ^ mix64(slot().value))
        ^ static_cast<std::uint64_t>(invocation.failures);
    ++m_seen.invocations;
    around.outside->begin(invocation.job, std::move(call));
}

bool FirehoseReader::hear(ShardSlot slot, Invocation& invocation, SimTime now, Outside& outside)
{
    const auto answer = outside.answer(invocation.job);
    if (!answer)
        return false;
    invocation.job = 0;
    Result<std::vector<Transformed>> results = fail(ErrorCode::BadInput, answer->trouble);
    if (answer->trouble.empty())
        results = answer->functionError.empty()
            ? transformed(answer->payload, invocation.records)
            : fail(ErrorCode::BadInput, functionErrorText(answer->payload));
    if (!results) {
        m_functionTrouble = results.error().message;
        ++m_seen.functionErrors;
        if (++invocation.failures <= kTransformRetries) {
            invocation.tryAt = now + kTransformAgain;
            return false;
        }
        results = std::vector<Transformed>(
            invocation.records.size(),
            Transformed {
                Transformed::Kind::Failed, {}, {}, "Lambda.FunctionError", m_functionTrouble});
    } else {
        m_functionTrouble.clear();
    }
    for (std::size_t i = 0; i < invocation.records.size(); ++i) {
        FirehoseRecord& record = invocation.records[i];
        Transformed& result = (*results)[i];
        m_held -= static_cast<Bytes>(record.data.size() + record.key.size());
        if (result.kind == Transformed::Kind::Ok) {
            record.data = std::move(result.data);
            partition(record, std::move(result.partitionKeys), slot, now);
        } else if (result.kind == Transformed::Kind::Dropped) {
            ++m_seen.droppedRecords;
        } else {
            giveToErrors(record, slot, kProcessingFailed,
                         {.attempts = invocation.failures + 1,
                          .errorCode = std::move(result.errorCode),
                          .message = std::move(result.why),
                          .function = m_spec.firehose.transform},
                         now);
        }
        release({slot, record.stretch});
    }
    return true;
}

// --- partitions -------------------------------------------------------------------------------

void FirehoseReader::partition(FirehoseRecord& record, std::vector<NamedValue> fromLambda,
                               ShardSlot shard, SimTime now)
{
    const FirehoseSpec& firehose = m_spec.firehose;
    std::vector<NamedValue> fromQuery;
    std::string group, why;
    if (!firehose.partitionBy.empty()) {
        std::vector<std::string> values;
        why = readPartitionKeys(record.data, firehose.partitionBy, values);
        for (std::size_t i = 0; i < values.size() && why.empty(); ++i) {
            group += values[i] + kBetween;
            fromQuery.emplace_back(firehose.partitionBy[i].name, std::move(values[i]));
        }
    }
    for (const std::string& name : partitionKeysIn(firehose.prefix, "partitionKeyFromLambda")) {
        const auto given = std::find_if(fromLambda.begin(), fromLambda.end(),
                                        [&](const NamedValue& key) { return key.first == name; });
        if (given == fromLambda.end())
            why = "The function gave no partition key " + name + '.';
        else
            group += given->second + kBetween;
    }
    if (!why.empty()) {
        giveToErrors(record, shard, kProcessingFailed,
                     {.errorCode = "DynamicPartitioning.MetadataExtractionFailed",
                      .message = std::move(why)},
                     now);
        return;
    }
    if (!group.empty() && !m_partitions.contains(group)
        && m_partitions.size() >= kActivePartitionsMost) {
        giveToErrors(record, shard, kPartitionExceeded,
                     {.errorCode = "DynamicPartitioning.ActivePartitionsLimitExceeded",
                      .message = std::to_string(kActivePartitionsMost)
                          + " partitions have records that are not delivered yet."},
                     now);
        return;
    }
    Load& buffer = bufferOf(group, now);
    if (!buffer.body) {
        buffer.body.emplace();
        buffer.fromQuery = std::move(fromQuery);
        buffer.fromLambda = std::move(fromLambda);
    }
    append(buffer, record, record.data, shard);
    if (firehose.newLine)
        *buffer.body += '\n';
}

void FirehoseReader::giveToErrors(FirehoseRecord& record, ShardSlot shard, const char* type,
                                  FirehoseFailure failure, SimTime now)
{
    // No group of partitions begins so.
    Load& buffer = bufferOf(std::string(1, kBetween) + type, now);
    if (!buffer.body) {
        buffer.body.emplace();
        buffer.errorType = type;
    }
    failure.arrivalMs = record.arrivalMs;
    failure.endedMs = now.inMillis();
    failure.data = std::move(record.data);
    append(buffer, record, failureLine(failure), shard);
}

void FirehoseReader::append(Load& load, const FirehoseRecord& record, std::string_view text,
                            ShardSlot shard)
{
    *load.body += text;
    load.oldest = std::min(load.oldest, SimTime::fromMillis(record.arrivalMs));
    ++load.records;
    load.bytes += static_cast<Bytes>(text.size());
    m_held += static_cast<Bytes>(text.size());
    hold(load, {shard, record.stretch});
}

FirehoseReader::Load& FirehoseReader::bufferOf(const std::string& group, SimTime now)
{
    const auto [buffer, fresh] = m_buffers.try_emplace(group);
    if (fresh) {
        buffer->second.group = group;
        buffer->second.since = buffer->second.oldest = now;
        if (!group.empty() && group.front() != kBetween)
            ++m_partitions[group];
    }
    return buffer->second;
}

} // namespace shardscope
