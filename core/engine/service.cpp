#include "core/engine/service.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "core/engine/constraints.h"
#include "core/engine/sequence_number.h"

namespace shardscope {
namespace {

/// How far below the budget a trim goes, so that it does not come back at once.
constexpr double kTrimTo = 0.95;
/// Blocks are worth trimming as they are while one of each shard makes up this part of the budget
/// at most.
constexpr Bytes kBlocksShare = 8;

template <typename T, typename... Others>
inline constexpr bool kIsOneOf = (std::is_same_v<T, Others> || ...);

} // namespace

Service::Service(ServiceOptions options)
    : m_options(std::move(options))
{
    if (m_options.advantage)
        m_commitment = BillingCommitment::established();
}

template <typename Request> void Service::noteChange(const Request& request)
{
    constexpr bool ofAccount = kIsOneOf<Request, CreateStream, DeleteStream, UpdateAccountSettings,
                                        CreateChannel, UpdateChannel, DeleteChannel>;
    constexpr bool ofResource
        = kIsOneOf<Request, AddTags, RemoveTags, PutResourcePolicy, DeleteResourcePolicy>;
    constexpr bool ofStream
        = kIsOneOf<Request, DeleteStream, UpdateStreamMode, UpdateMaxRecordSize,
                   UpdateStreamWarmThroughput, UpdateStreamRecordDistributionStrategy,
                   IncreaseStreamRetentionPeriod, DecreaseStreamRetentionPeriod,
                   StartStreamEncryption, StopStreamEncryption, EnableEnhancedMonitoring,
                   DisableEnhancedMonitoring, SplitShard, MergeShards, UpdateShardCount,
                   RegisterStreamConsumer, DeregisterStreamConsumer>;
    const auto mark = [this](const std::string& streamName) {
        if (Stream* stream = find(streamName)) {
            stream->m_changed = true;
            noteDue(*stream);
        }
    };
    m_accountChanged = m_accountChanged || ofAccount;
    if constexpr (ofStream) {
        mark(request.streamName);
    } else if constexpr (ofResource) {
        if (request.resource.kind == ResourceRef::Kind::Channel)
            m_accountChanged = true;
        else
            mark(request.resource.streamName);
    }
}

Result<ApiAnswer> Service::handle(const ApiRequest& request, SimTime now)
{
    completeDue(now);
    auto answer = std::visit(
        [&](const auto& r) -> Result<ApiAnswer> {
            if constexpr (requires { this->act(r, now); }) {
                auto done = act(r, now);
                if (!done)
                    return tl::unexpected(std::move(done.error()));
                noteChange(r);
                if constexpr (std::is_same_v<decltype(done), Result<void>>)
                    return ApiAnswer {};
                else
                    return ApiAnswer {std::move(*done)};
            } else {
                return fail(ErrorCode::InternalFailure,
                            "The stream service was asked for what another service answers.");
            }
        },
        request);
    if (answer)
        completeDue(now); // changes that take no time at all
    return answer;
}

Result<void> Service::control(const ControlRequest& request, SimTime now)
{
    completeDue(now);
    auto done = std::visit(
        [&](const auto& r) -> Result<void> {
            if (auto answer = act(r, now); !answer)
                return tl::unexpected(std::move(answer.error()));
            noteChange(r);
            return {};
        },
        request);
    if (done)
        completeDue(now);
    return done;
}

Result<StreamDescriptionSummary> Service::describeStreamSummary(std::string_view streamName) const
{
    const auto stream = existing(streamName);
    if (!stream)
        return tl::unexpected(stream.error());
    return (*stream)->summary();
}

Result<std::vector<ShardDescription>> Service::listShards(std::string_view streamName) const
{
    const auto stream = existing(streamName);
    if (!stream)
        return tl::unexpected(stream.error());
    std::vector<ShardDescription> out;
    for (const Shard& shard : (*stream)->shards()) {
        if (shard.state != ShardState::Expired)
            out.push_back(described(shard));
    }
    return out;
}

void Service::setAccountLimits(const AccountLimits& limits)
{
    m_options.account = limits;
}

const AccountLimits& Service::accountLimits() const
{
    return m_options.account;
}

void Service::setTimings(const ServiceTimings& timings)
{
    m_options.timings = timings;
    for (Stream& stream : m_streams)
        stream.m_timings = timings;
}

void Service::setThrottling(const ThrottlingSwitches& switches)
{
    m_options.throttling = switches;
    for (Stream& stream : m_streams) {
        stream.m_columns.throttling = switches.write;
        stream.m_readThrottling = switches.read;
    }
}

Result<void> Service::attachPolicy(std::string_view streamName,
                                   const std::optional<ScalingPolicySpec>& policy, SimTime now)
{
    const auto stream = existing(streamName);
    if (!stream)
        return tl::unexpected(stream.error());
    std::optional<ScalingPolicy>& attached = (*stream)->m_policy;
    if (policy && (*stream)->m_summary.mode == StreamMode::OnDemand)
        return fail(ErrorCode::Validation,
                    "Stream " + (*stream)->name()
                        + " is on-demand and scales by itself; an auto-scaling policy needs a "
                          "provisioned stream.");
    if (policy && (policy->shardsLeast < 1 || policy->shardsMost < policy->shardsLeast))
        return fail(ErrorCode::BadInput,
                    "A policy's shards must lie between 1 and its most: "
                        + std::to_string(policy->shardsLeast) + " … "
                        + std::to_string(policy->shardsMost) + " is no such range.");
    if (policy) {
        attached.emplace(*policy);
        note(now, EventKind::PolicyAttached,
             std::string("Auto-scaling by ") + designText(policy->design) + " is attached.");
    } else if (attached) {
        note(now, EventKind::PolicyDetached,
             std::string("Auto-scaling by ") + designText(attached->spec().design)
                 + " is detached.");
        attached.reset();
    }
    return {};
}

std::optional<ScalingPolicySpec> Service::policy(std::string_view streamName) const
{
    const Stream* stream = find(streamName);
    if (stream == nullptr || !stream->m_policy)
        return {};
    return stream->m_policy->spec();
}

void Service::advance(SimTime now)
{
    if (!m_nextMinute)
        m_nextMinute = SimTime::fromSeconds((now.inSeconds() / 60 + 1) * 60);
    while (*m_nextMinute <= now) {
        const SimTime minute = *m_nextMinute;
        completeDue(minute);
        m_nextMinute = minute + SimDuration::minutes(1);
        for (Stream& stream : m_streams) {
            if (stream.m_gone)
                continue;
            stream.closeMinute(minute);
            runPolicy(stream, minute);
            noteDue(stream);
        }
    }
    completeDue(now);
    serveSubscriptions(now);
    if (now.inSeconds() <= m_lastSecond)
        return;
    m_lastSecond = now.inSeconds();
    for (Stream& stream : m_streams)
        stream.trimByRetention(now);
    applyBudget(now);
}

std::optional<SimTime> Service::nextDue() const
{
    const std::optional<SimTime> change = nextChange();
    const std::optional<SimTime> subscription = m_subscriptions.nextDue();
    return change && subscription ? std::min(change, subscription) : change ? change : subscription;
}

/// When something that was begun is done.
std::optional<SimTime> Service::nextChange() const
{
    std::optional<SimTime> next = m_commitment.endsAt();
    for (const auto& [id, channel] : m_channels) {
        if (channel.dueAt)
            next = std::min(next.value_or(SimTime::max()), *channel.dueAt);
    }
    if (const auto due = m_due.next())
        next = std::min(next.value_or(SimTime::max()), *due);
    return next;
}

void Service::noteDue(const Stream& stream)
{
    const auto& pending = stream.m_pending;
    m_due.set(stream.m_slot,
              pending.empty() ? std::nullopt : std::optional(pending.begin()->first));
}

std::vector<Event> Service::takeEvents()
{
    std::vector<Event> events = std::exchange(m_events, {});
    for (Stream& stream : m_streams) {
        std::vector<Event> its = stream.takeEvents();
        std::move(its.begin(), its.end(), std::back_inserter(events));
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    return events;
}

std::vector<Stream*> Service::streams()
{
    std::vector<Stream*> there;
    there.reserve(m_slots.size());
    for (Stream& stream : m_streams) {
        if (!stream.m_gone)
            there.push_back(&stream);
    }
    return there;
}

Stream* Service::find(std::string_view streamName)
{
    return const_cast<Stream*>(std::as_const(*this).find(streamName));
}

const Stream* Service::find(std::string_view streamName) const
{
    const auto at = m_slots.find(streamName);
    return at != m_slots.end() ? &m_streams[at->second.index()] : nullptr;
}

bool Service::advantage() const
{
    return m_commitment.inForce();
}

void Service::setRegenerate(Regenerate regenerate)
{
    m_regenerate = std::move(regenerate);
}

/// Everything due up to `until` over all streams, in order of its times.
void Service::completeDue(SimTime until)
{
    while (const std::optional<SimTime> next = nextChange()) {
        if (*next > until)
            return;
        m_subscriptions.wakeAll(*next); // of what changes, shards and consumers are theirs
        if (m_commitment.endsAt() == next) {
            m_commitment.end(*next);
            m_accountChanged = true;
            note(*next, EventKind::AccountChanged, "On-demand Advantage has ended.");
        }
        completeChannels(*next);
        for (const StreamSlot slot : m_due.upTo(*next)) {
            Stream& stream = m_streams[slot.index()];
            stream.complete(*next);
            noteDue(stream);
            if (stream.m_gone)
                m_slots.erase(stream.name());
        }
    }
}

Bytes Service::memoryHeld() const
{
    Bytes held = 0;
    for (const Stream& stream : m_streams)
        held += stream.memoryHeld();
    return held;
}

std::optional<std::int64_t> Service::oldestArrivalMs() const
{
    std::optional<std::int64_t> oldest;
    for (const Stream& stream : m_streams) {
        if (const auto first = stream.oldestArrivalMs())
            oldest = std::min(oldest.value_or(*first), *first);
    }
    return oldest;
}

/// The moment before which whole blocks must go to come down to `target`; none when they would not
/// do, or would take much younger records from busy shards than are left on quiet ones.
std::optional<std::int64_t> Service::cutOfBlocks(Bytes held, Bytes target, SimTime now) const
{
    std::size_t shards = 0;
    for (const Stream& stream : m_streams) {
        if (!stream.m_log.empty())
            return std::nullopt; // payloads hang on the records: only a cut to the record helps
        shards += stream.m_shards.size();
    }
    const std::optional<std::int64_t> oldest = oldestArrivalMs();
    if (!oldest || static_cast<Bytes>(shards * sizeof(LogBlock)) > target / kBlocksShare)
        return std::nullopt;

    // Little goes at a time. Were the load even, blocks as old as the surplus is large would do:
    // twice that span is looked at, and more only if it holds too little.
    const std::int64_t span = now.inMillis() - *oldest;
    const double surplus = static_cast<double>(held - target) / static_cast<double>(held);
    auto reach = static_cast<std::int64_t>(2 * surplus * static_cast<double>(span)) + 1;
    std::vector<ShardLog::FullBlock> blocks;
    for (;; reach *= 2) {
        blocks.clear();
        for (const Stream& stream : m_streams)
            stream.listFullBlocks(blocks, *oldest + reach);
        std::sort(blocks.begin(), blocks.end(),
                  [](const auto& a, const auto& b) { return a.newestMs < b.newestMs; });
        Bytes left = held;
        for (const ShardLog::FullBlock& block : blocks) {
            left -= static_cast<Bytes>(block.records * sizeof(RecordMeta));
            if (left <= target)
                return block.newestMs + 1;
        }
        if (reach >= span)
            return std::nullopt;
    }
}

/// The earliest moment from which on all records together need at most `target`. Were the load
/// even, it would lie as far along as the surplus is large: searched from there in steps that
/// double, then by halving.
std::optional<std::int64_t> Service::cutOfRecords(Bytes target, SimTime now) const
{
    const std::optional<std::int64_t> oldest = oldestArrivalMs();
    if (!oldest)
        return std::nullopt;
    const auto left = [&](std::int64_t cut) {
        Bytes sum = 0;
        for (const Stream& stream : m_streams)
            sum += stream.memoryAfterTrim(cut);
        return sum;
    };
    std::int64_t keeps = *oldest; // a cut here trims nothing
    std::int64_t fits = now.inMillis() + 1;
    const auto held = static_cast<double>(memoryHeld());
    const double surplus = (held - static_cast<double>(target)) / held;
    auto cut = keeps + static_cast<std::int64_t>(surplus * static_cast<double>(fits - keeps));
    for (std::int64_t step = 1; fits - keeps > 1; step *= 2) {
        cut = std::clamp(cut, keeps + 1, fits - 1);
        const bool enough = left(cut) <= target;
        (enough ? fits : keeps) = cut;
        const std::int64_t middle = keeps + (fits - keeps) / 2;
        cut = enough ? std::max(fits - step, middle) : std::min(keeps + step, middle);
    }
    return fits;
}

/// Logs that are kept in files let go of what is durable, each of the same part, until all memory
/// comes down to `target`: nothing is lost by that.
void Service::shrinkLogs(Bytes target)
{
    Bytes inFiles = 0;
    for (const Stream& stream : m_streams)
        inFiles += stream.m_log.file() ? stream.m_log.memory() : 0;
    if (inFiles == 0)
        return;
    const Bytes rest = memoryHeld() - inFiles;
    const double keep
        = static_cast<double>(std::max(target - rest, Bytes {0})) / static_cast<double>(inFiles);
    for (Stream& stream : m_streams) {
        if (stream.m_log.file())
            stream.m_log.shrinkTo(
                static_cast<Bytes>(keep * static_cast<double>(stream.m_log.memory())));
    }
}

/// The cut is a moment that depends on nothing but what is stored.
void Service::applyBudget(SimTime now)
{
    if (memoryHeld() <= m_options.memoryBudget)
        return;
    const auto target = static_cast<Bytes>(static_cast<double>(m_options.memoryBudget) * kTrimTo);
    shrinkLogs(target);
    const Bytes held = memoryHeld();
    if (held <= m_options.memoryBudget)
        return;
    bool trimmed = false;
    const auto trim = [&](const std::optional<std::int64_t>& cut, bool wholeBlocks) {
        for (Stream& stream : m_streams)
            if (cut)
                stream.trimBefore(*cut, wholeBlocks);
        trimmed = trimmed || cut.has_value();
    };
    // Whole blocks give memory back at once and are found by their ends alone.
    trim(cutOfBlocks(held, target, now), true);
    if (memoryHeld() > m_options.memoryBudget)
        trim(cutOfRecords(target, now), false);
    if (trimmed && !std::exchange(m_budgetReported, true))
        note(now, EventKind::BudgetTrim,
             "The memory budget is used up: the oldest records go before their retention ends.");
}

void Service::note(SimTime at, EventKind kind, std::string text)
{
    m_events.push_back({at, kind, {}, std::move(text)});
}

} // namespace shardscope
