#include "core/endpoint/pages.h"

#include <array>
#include <charconv>

namespace shardscope::endpoint {
namespace {

void appendSample(std::string& out, std::string_view name, std::string_view labels,
                  const std::string& value)
{
    out.append(name);
    if (!labels.empty())
        out.append("{").append(labels).append("}");
    out.append(" ").append(value).append("\n");
}

void appendHead(std::string& out, std::string_view name, std::string_view type,
                std::string_view help)
{
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(type).append("\n");
}

struct Counter {
    std::string_view name, help;
    std::int64_t OperationRow::*value;
};
constexpr std::array kCounters {
    Counter {"shardscope_requests_total", "Requests answered.", &OperationRow::calls},
    Counter {"shardscope_request_errors_total", "Requests answered with an error.",
             &OperationRow::refused},
    Counter {"shardscope_request_bytes_total", "Bytes of request bodies.", &OperationRow::bytesIn},
    Counter {"shardscope_response_bytes_total", "Bytes of answers' bodies.",
             &OperationRow::bytesOut},
};

std::string operationLabel(const OperationRow& row)
{
    return "operation=\"" + row.operation + '"'; // names of ours: nothing to escape
}

std::string seconds(std::int64_t micros)
{
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                            static_cast<double>(micros) / 1e6);
    return {digits.data(), error == std::errc {} ? end : digits.data()};
}

void appendLatency(std::string& out, const TrafficReport& report)
{
    const std::string name = "shardscope_request_duration_seconds";
    appendHead(out, name, "histogram", "From a request's last byte to its answer.");
    for (const OperationRow& row : report.operations) {
        const auto& buckets = row.latency.buckets();
        std::int64_t below = 0;
        for (std::size_t i = 0; i + 1 < buckets.size(); ++i) {
            below += buckets[i];
            appendSample(out, name + "_bucket",
                         operationLabel(row) + ",le=\"" + seconds(LatencyHistogram::edgeMicros(i))
                             + '"',
                         std::to_string(below));
        }
        appendSample(out, name + "_bucket", operationLabel(row) + ",le=\"+Inf\"",
                     std::to_string(row.latency.count()));
        appendSample(out, name + "_count", operationLabel(row),
                     std::to_string(row.latency.count()));
    }
}

std::string metricsText(const TrafficReport& report)
{
    std::string out;
    for (const Counter& counter : kCounters) {
        appendHead(out, counter.name, "counter", counter.help);
        for (const OperationRow& row : report.operations)
            appendSample(out, counter.name, operationLabel(row),
                         std::to_string(row.*counter.value));
    }
    appendLatency(out, report);
    appendHead(out, "shardscope_clients", "gauge", "Clients seen lately.");
    appendSample(out, "shardscope_clients", {}, std::to_string(report.clients.size()));
    return out;
}

} // namespace

std::optional<HttpResponse> pageOf(const HttpRequest& request, const ApiCore& core)
{
    HttpResponse page;
    page.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    if (request.path == "/healthz") {
        page.body = "ok\n";
        return page;
    }
    if (request.path != "/metrics")
        return std::nullopt;
    page.headers.back().second = "text/plain; version=0.0.4; charset=utf-8";
    page.body = metricsText(*core.traffic.report());
    if (core.options.moreMetrics)
        page.body += core.options.moreMetrics();
    return page;
}

} // namespace shardscope::endpoint
