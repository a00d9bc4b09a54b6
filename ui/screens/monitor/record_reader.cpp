#include "ui/screens/monitor/record_reader.h"

#include <QPointer>

#include <algorithm>
#include <utility>

#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr std::int64_t kShardsPerPage = 1'000;
constexpr qint64 kAfterRefusalMs = 5'000;

IteratorType typeOf(ReadStart::Kind kind)
{
    switch (kind) {
    case ReadStart::Kind::Latest:
        return IteratorType::Latest;
    case ReadStart::Kind::TrimHorizon:
        return IteratorType::TrimHorizon;
    case ReadStart::Kind::AtTime:
        return IteratorType::AtTimestamp;
    case ReadStart::Kind::AtNumber:
        return IteratorType::AtSequenceNumber;
    }
    return IteratorType::Latest;
}

ShardFilter filterFor(const ReadStart& from)
{
    ShardFilter filter;
    filter.type = from.kind == ReadStart::Kind::Latest ? ShardFilter::Type::AtLatest
        : from.kind == ReadStart::Kind::AtTime         ? ShardFilter::Type::FromTimestamp
                                                       : ShardFilter::Type::FromTrimHorizon;
    if (from.kind == ReadStart::Kind::AtTime)
        filter.timestamp = from.time;
    return filter;
}

} // namespace

RecordReader::RecordReader(MonitorDeck deck, QObject* parent)
    : QObject(parent)
    , m_deck(std::move(deck))
{
}

void RecordReader::start(const std::string& stream, const std::string& shardId,
                         const ReadStart& from)
{
    stop();
    m_stream = stream;
    m_from = from;
    m_running = true;
    m_all = false;
    if (from.kind == ReadStart::Kind::AtNumber) {
        const auto number = SequenceNumber::parse(from.number);
        if (!number) {
            m_trouble = toQt(number.error().message);
            m_running = false;
            return;
        }
        addLane(shardIdText(number->shard), from);
        m_listed = true;
    } else if (!shardId.empty()) {
        addLane(shardId, from);
        m_listed = true;
    } else {
        m_all = true;
    }
}

void RecordReader::stop()
{
    ++m_round;
    m_running = m_listed = m_listing = false;
    m_nextToken.reset();
    m_lanes.clear();
    m_trouble.clear();
}

RecordReader::State RecordReader::state() const
{
    State state;
    state.running = m_running;
    state.trouble = m_trouble;
    for (const Lane& lane : m_lanes) {
        state.shards += lane.ended ? 0 : 1;
        state.ended += lane.ended ? 1 : 0;
        state.throttled += lane.throttledMs > 0 ? 1 : 0;
        state.behindMs = std::max(state.behindMs, lane.ended ? 0 : lane.behindMs);
    }
    state.callsLastSecond = static_cast<int>(std::count_if(
        m_calls.begin(), m_calls.end(), [this](qint64 at) { return at > m_nowMs - kPauseMs; }));
    return state;
}

void RecordReader::send(ApiRequest request, std::function<void(const Result<ApiAnswer>&)> take)
{
    m_deck.ask(std::move(request),
               [self = QPointer(this), round = m_round,
                take = std::move(take)](const Result<ApiAnswer>& answer) {
                   if (self && self->m_round == round)
                       take(answer);
               });
}

void RecordReader::list()
{
    ListShards ask;
    if (m_nextToken)
        ask.nextToken = m_nextToken;
    else {
        ask.streamName = m_stream;
        ask.filter = filterFor(m_from);
    }
    ask.maxResults = kShardsPerPage;
    m_listing = true;
    send(ask, [this](const Result<ApiAnswer>& answer) {
        m_listing = false;
        const auto* result = answer ? std::get_if<ListShardsResult>(&*answer) : nullptr;
        if (result != nullptr)
            return takeShards(*result);
        m_trouble = answer ? QString() : toQt(answer.error().message);
        m_running = false;
    });
}

void RecordReader::takeShards(const ListShardsResult& result)
{
    for (const ShardDescription& shard : result.shards)
        addLane(shard.shardId, m_from);
    m_nextToken = result.nextToken;
    m_listed = !m_nextToken;
}

void RecordReader::addLane(const std::string& shardId, const ReadStart& from)
{
    const bool known = std::any_of(m_lanes.begin(), m_lanes.end(), [&shardId](const Lane& lane) {
        return lane.shardId == shardId;
    });
    if (known)
        return;
    Lane lane;
    lane.shardId = shardId;
    lane.from = from;
    m_lanes.push_back(std::move(lane));
}

void RecordReader::tick(qint64 wallMs)
{
    m_nowMs = wallMs;
    std::erase_if(m_calls, [this](qint64 at) { return at <= m_nowMs - kPauseMs; });
    if (!m_running || m_held)
        return;
    if (!m_listed && !m_listing)
        list();
    for (std::size_t n = 0; n < m_lanes.size() && m_running; ++n) {
        if (m_calls.size() >= kCallsPerSecond)
            return;
        const std::size_t at = m_turn++ % m_lanes.size();
        const Lane& lane = m_lanes[at];
        if (!lane.ended && !lane.waiting && lane.dueMs <= m_nowMs)
            call(at);
    }
}

void RecordReader::call(std::size_t lane)
{
    m_calls.push_back(m_nowMs);
    m_lanes[lane].waiting = true;
    if (m_lanes[lane].iterator)
        askRecords(lane);
    else
        askIterator(lane);
}

void RecordReader::askIterator(std::size_t at)
{
    const Lane& asking = m_lanes[at];
    GetShardIterator ask;
    ask.streamName = m_stream;
    ask.shardId = asking.shardId;
    ask.type = asking.lastNumber ? IteratorType::AfterSequenceNumber : typeOf(asking.from.kind);
    if (asking.lastNumber)
        ask.startingSequenceNumber = asking.lastNumber;
    else if (asking.from.kind == ReadStart::Kind::AtNumber)
        ask.startingSequenceNumber = asking.from.number;
    else if (asking.from.kind == ReadStart::Kind::AtTime)
        ask.timestamp = asking.from.time;
    send(ask, [this, at](const Result<ApiAnswer>& answer) {
        Lane& lane = m_lanes[at];
        lane.waiting = false;
        const auto* result = answer ? std::get_if<GetShardIteratorResult>(&*answer) : nullptr;
        if (result != nullptr)
            lane.iterator = result->shardIterator;
        else if (!answer)
            refused(lane, answer.error());
    });
}

void RecordReader::askRecords(std::size_t at)
{
    GetRecords ask;
    ask.shardIterator = *m_lanes[at].iterator;
    ask.limit = kRecordsPerCall;
    // Counted from the question: however long an answer takes, a second lies between two.
    m_lanes[at].dueMs = m_nowMs + kPauseMs;
    send(ask, [this, at](const Result<ApiAnswer>& answer) {
        Lane& lane = m_lanes[at];
        lane.waiting = false;
        const auto* result = answer ? std::get_if<GetRecordsResult>(&*answer) : nullptr;
        if (result != nullptr)
            takeRecords(lane, *result);
        else if (!answer)
            refused(lane, answer.error());
    });
}

void RecordReader::takeRecords(Lane& lane, const GetRecordsResult& result)
{
    lane.throttledMs = 0;
    lane.behindMs = result.millisBehindLatest;
    lane.iterator = result.nextShardIterator;
    if (!result.records.rows.empty())
        lane.lastNumber = result.records.rows.back().number.text();
    if (std::none_of(m_lanes.begin(), m_lanes.end(),
                     [](const Lane& other) { return other.throttledMs > 0; }))
        m_trouble.clear();
    lane.ended = !result.nextShardIterator;
    // A lane may move when another one comes: nothing of it is touched after this.
    const bool follow = lane.ended && m_all;
    if (follow)
        for (const ChildShard& child : result.childShards)
            addLane(child.shardId, ReadStart {ReadStart::Kind::TrimHorizon, {}, {}});
    if (!result.records.rows.empty())
        emit arrived(std::make_shared<const RecordPage>(result.records));
}

void RecordReader::refused(Lane& lane, const Error& error)
{
    switch (error.code) {
    case ErrorCode::ExpiredIterator:
        lane.iterator.reset(); // it goes on after the last record it saw
        return;
    case ErrorCode::ProvisionedThroughputExceeded:
    case ErrorCode::LimitExceeded:
    case ErrorCode::KmsThrottling:
    case ErrorCode::Busy:
        lane.throttledMs = lane.throttledMs == 0 ? kThrottledMs
                                                 : std::min(lane.throttledMs * 2, kThrottledMostMs);
        lane.dueMs = m_nowMs + lane.throttledMs;
        break;
    case ErrorCode::ResourceNotFound:
        lane.ended = true;
        m_running = std::any_of(m_lanes.begin(), m_lanes.end(),
                                [](const Lane& other) { return !other.ended; });
        break;
    default:
        lane.dueMs = m_nowMs + kAfterRefusalMs;
        break;
    }
    m_trouble = toQt(error.message);
}

} // namespace shardscope::ui
