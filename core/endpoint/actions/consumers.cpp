#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Member kRegisterMembers[] {
    {"StreamARN", &kArn, true}, {"ConsumerName", &kName, true}, {"Tags", &kTags}, kById};
constexpr Shape kRegister {.members = kRegisterMembers};

constexpr Member kOneMembers[] {kByArn, {"ConsumerName", &kName}, {"ConsumerARN", &kArn}, kById};
constexpr Shape kOne {.members = kOneMembers};

constexpr Member kListMembers[] {{"StreamARN", &kArn, true},
                                 {"NextToken", &kNextToken},
                                 {"MaxResults", &kUpTo10000},
                                 {"StreamCreationTimestamp", &kTime},
                                 kById};
constexpr Shape kList {.members = kListMembers};

Result<std::string> streamByArn(const Input& in, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    return parseStreamArn(in.textOr("StreamARN"), scope);
}

/// By ConsumerARN, by StreamARN and ConsumerName, or by all three if they agree.
Result<ResourceRef> consumerOf(const Input& in, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    const auto arn = in.text("ConsumerARN");
    const auto streamArn = in.text("StreamARN"), name = in.text("ConsumerName");
    if (!arn && (!streamArn || !name))
        return fail(ErrorCode::InvalidArgument,
                    "Either ConsumerARN or both StreamARN and ConsumerName should be provided.");
    ResourceRef byNames {.kind = ResourceRef::Kind::Consumer};
    if (streamArn) {
        auto stream = parseStreamArn(*streamArn, scope);
        if (!stream)
            return tl::unexpected(stream.error());
        byNames.streamName = std::move(*stream);
    }
    byNames.consumerName = name.value_or(std::string());
    if (!arn)
        return byNames;
    auto byArn = parseConsumerArn(*arn, scope);
    if (byArn
        && ((streamArn && byArn->streamName != byNames.streamName)
            || (name && byArn->consumerName != *name)))
        return fail(ErrorCode::InvalidArgument,
                    "ConsumerARN " + *arn
                        + " does not name the consumer that StreamARN and ConsumerName name.");
    return byArn;
}

Result<ApiRequest> readRegister(const Input& in, const ArnScope& scope)
{
    return streamByArn(in, scope).map([&](std::string stream) -> ApiRequest {
        return RegisterStreamConsumer {std::move(stream), in.textOr("ConsumerName"),
                                       in.textMap("Tags")};
    });
}

template <typename Request> Result<ApiRequest> readOne(const Input& in, const ArnScope& scope)
{
    return consumerOf(in, scope).map([](ResourceRef consumer) -> ApiRequest {
        return Request {std::move(consumer.streamName), std::move(consumer.consumerName),
                        consumer.consumerCreatedAt};
    });
}

Result<ApiRequest> readList(const Input& in, const ArnScope& scope)
{
    return streamByArn(in, scope).map([&](std::string stream) -> ApiRequest {
        return ListStreamConsumers {std::move(stream), in.text("NextToken"),
                                    in.integer("MaxResults"), in.time("StreamCreationTimestamp")};
    });
}

void writeConsumer(WireWriter& out, const ConsumerDescription& consumer, const ArnScope& scope)
{
    const std::int64_t created = consumer.createdAt.inSeconds();
    out.member("ConsumerName", consumer.consumerName);
    out.member("ConsumerARN",
               consumerArn(scope, consumer.streamName, consumer.consumerName, created));
    out.member("ConsumerStatus", words::of(words::kConsumerStatus, consumer.status));
    out.member("ConsumerCreationTimestamp", consumer.createdAt);
}

void writeRegistered(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    out.beginMap();
    out.beginMap("Consumer");
    writeConsumer(out, std::get<ConsumerDescription>(answer), with.scope);
    out.endMap();
    out.endMap();
}

void writeDescription(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& consumer = std::get<ConsumerDescription>(answer);
    out.beginMap();
    out.beginMap("ConsumerDescription");
    writeConsumer(out, consumer, with.scope);
    out.member("StreamARN", streamArn(with.scope, consumer.streamName));
    out.endMap();
    out.endMap();
}

void writeList(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<ListStreamConsumersResult>(answer);
    out.beginMap();
    out.beginList("Consumers");
    for (const ConsumerDescription& consumer : result.consumers) {
        out.beginMap();
        writeConsumer(out, consumer, with.scope);
        out.endMap();
    }
    out.endList();
    if (result.nextToken)
        out.member("NextToken", *result.nextToken);
    out.endMap();
}

} // namespace

const Action kRegisterStreamConsumer {.name = "RegisterStreamConsumer",
                                      .input = &kRegister,
                                      .read = readRegister,
                                      .write = writeRegistered};
const Action kDeregisterStreamConsumer {
    .name = "DeregisterStreamConsumer", .input = &kOne, .read = readOne<DeregisterStreamConsumer>};
const Action kDescribeStreamConsumer {.name = "DescribeStreamConsumer",
                                      .input = &kOne,
                                      .read = readOne<DescribeStreamConsumer>,
                                      .write = writeDescription};
const Action kListStreamConsumers {
    .name = "ListStreamConsumers", .input = &kList, .read = readList, .write = writeList};

} // namespace shardscope::endpoint::actions
