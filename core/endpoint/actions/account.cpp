#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kNothing;

constexpr std::string_view kStatusWords[] {"ENABLED", "DISABLED"};
constexpr Shape kStatus {.type = ShapeType::Text, .values = kStatusWords};
constexpr Member kCommitmentMembers[] {{"Status", &kStatus, true}};
constexpr Shape kCommitment {.members = kCommitmentMembers};
constexpr Member kUpdateMembers[] {{"MinimumThroughputBillingCommitment", &kCommitment, true}};
constexpr Shape kUpdate {.members = kUpdateMembers};

template <typename Request> Result<ApiRequest> readNothing(const Input&, const ArnScope&)
{
    return Request {};
}

Result<ApiRequest> readUpdate(const Input& in, const ArnScope&)
{
    const auto given = in.structure("MinimumThroughputBillingCommitment");
    return UpdateAccountSettings {given && given->textOr("Status") == kStatusWords[0]};
}

void writeLimits(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& limits = std::get<DescribeLimitsResult>(answer);
    out.beginMap();
    out.member("ShardLimit", limits.shardLimit);
    out.member("OpenShardCount", limits.openShardCount);
    out.member("OnDemandStreamCount", limits.onDemandStreamCount);
    out.member("OnDemandStreamCountLimit", limits.onDemandStreamCountLimit);
    out.member("ChannelCount", limits.channelCount);
    out.member("ChannelCountLimit", limits.channelCountLimit);
    out.endMap();
}

void writeSettings(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& settings = std::get<AccountSettings>(answer);
    out.beginMap();
    out.beginMap("MinimumThroughputBillingCommitment");
    out.member("Status", words::of(words::kCommitment, settings.status));
    if (settings.startedAt)
        out.member("StartedAt", *settings.startedAt);
    if (settings.endedAt)
        out.member("EndedAt", *settings.endedAt);
    if (settings.earliestAllowedEndAt)
        out.member("EarliestAllowedEndAt", *settings.earliestAllowedEndAt);
    out.endMap();
    out.endMap();
}

} // namespace

const Action kDescribeLimits {.name = "DescribeLimits",
                              .input = &kNothing,
                              .read = readNothing<DescribeLimits>,
                              .write = writeLimits};
const Action kDescribeAccountSettings {.name = "DescribeAccountSettings",
                                       .input = &kNothing,
                                       .read = readNothing<DescribeAccountSettings>,
                                       .write = writeSettings};
const Action kUpdateAccountSettings {
    .name = "UpdateAccountSettings", .input = &kUpdate, .read = readUpdate, .write = writeSettings};

} // namespace shardscope::endpoint::actions
