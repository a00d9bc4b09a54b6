#include "core/workload/producer_spec.h"

namespace shardscope {

const char* kindText(ProducerKind kind)
{
    switch (kind) {
    case ProducerKind::Iot:
        return "iot";
    case ProducerKind::Clickstream:
        return "clickstream";
    case ProducerKind::ServerLogs:
        return "serverLogs";
    case ProducerKind::Custom:
        return "custom";
    case ProducerKind::Trace:
        return "trace";
    }
    return "";
}

/// Shapes: facts/scaling-and-pricing.md 8.1 to 8.4; clients: facts/clients.md 1.6, 2.1, 7.2.
ProducerSpec producerPreset(ProducerKind kind, std::string name)
{
    ProducerSpec spec;
    spec.name = std::move(name);
    spec.kind = kind;
    switch (kind) {
    case ProducerKind::Iot:
        // A thousand devices, each about every two seconds, through a gateway.
        spec.rate.recordsPerSecond = 500;
        spec.rate.spread = RateSpec::Spread::Poisson;
        spec.size = {SizeSpec::Shape::LogNormal, 200, 600};
        spec.keys.prefix = "device-";
        spec.keys.count = 1000;
        break;
    case ProducerKind::Clickstream:
        spec.rate.recordsPerSecond = 1000;
        spec.rate.curve = RateSpec::Curve::Daily;
        spec.rate.spread = RateSpec::Spread::Poisson;
        spec.size = {SizeSpec::Shape::LogNormal, 1000, 2500};
        spec.keys.shape = KeySpec::Shape::Zipf;
        spec.keys.prefix = "user-";
        spec.keys.count = 100'000;
        spec.keys.exponent = 0.8;
        break;
    case ProducerKind::ServerLogs:
        // 284 bytes a line on average: a log-normal of this median and tail has that mean.
        spec.rate.recordsPerSecond = 2000;
        spec.rate.curve = RateSpec::Curve::Daily;
        spec.rate.spread = RateSpec::Spread::Poisson;
        spec.size = {SizeSpec::Shape::LogNormal, 260, 700};
        spec.keys.prefix = "host-";
        spec.keys.count = 50;
        spec.client.api = ClientSpec::Api::Agent;
        spec.client.linger = SimDuration::seconds(60);
        spec.client.retry = ClientSpec::Retry::Agent;
        break;
    case ProducerKind::Custom:
    case ProducerKind::Trace:
        break;
    }
    return spec;
}

} // namespace shardscope
