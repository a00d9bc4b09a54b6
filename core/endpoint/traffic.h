#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/clock/sim_time.h"

/// Who calls, what, how often and with what luck: counted where requests are answered, shown by the
/// Monitor workspace and by `GET /metrics`.
namespace shardscope::endpoint {

/// Latencies in powers of the square root of two, from 16 µs to a minute: enough for percentiles
/// that are right to a fifth. Copyable.
class LatencyHistogram {
public:
    void add(std::int64_t micros);
    void add(const LatencyHistogram& other);
    [[nodiscard]] std::int64_t count() const { return m_count; }
    /// Upper edge of the bucket that holds the `part` (0 … 1) quantile; 0 when empty.
    [[nodiscard]] std::int64_t quantileMicros(double part) const;
    [[nodiscard]] const std::array<std::uint32_t, 45>& buckets() const { return m_buckets; }
    /// The longest latency that a bucket counts; the last one counts longer ones too.
    [[nodiscard]] static std::int64_t edgeMicros(std::size_t bucket);

private:
    std::array<std::uint32_t, 45> m_buckets {};
    std::int64_t m_count = 0;
};

/// One kind of call: operation by operation.
struct OperationRow {
    std::string operation; ///< `PutRecords`
    std::int64_t calls = 0, refused = 0; ///< refused: answered with an error of status 4xx or 5xx
    std::int64_t bytesIn = 0, bytesOut = 0; ///< bodies
    LatencyHistogram latency; ///< from the request's last byte to the answer's handing over
};

/// A client: an address without its port together with a user agent.
struct ClientRow {
    std::string address; ///< `127.0.0.1`
    std::string userAgent; ///< as sent, at most 256 bytes
    std::string sdk; ///< for people: `AWS CLI 2.9`, `boto3 1.26`, `JavaScript SDK 3.9`, `KCL`, …
    std::string protocol; ///< `HTTP/1.1`, `HTTP/2`, with ` · TLS`; and `JSON` or `CBOR`
    std::string accessKeyId; ///< of the last request, first and last four characters only
    std::int64_t connections = 0; ///< now
    std::int64_t calls = 0, refused = 0, throttled = 0;
    double callsPerSecond = 0, refusedPerSecond = 0; ///< last full second
    double recordsPerSecond = 0; ///< put and read, last full second
    std::int64_t refusedRecords = 0; ///< in answers to PutRecords, which are themselves no errors
    double refusedRecordsPerSecond = 0; ///< last full second
    LatencyHistogram latency; ///< of the last minute or so
    std::string lastOperation;
    SimTime firstSeen, lastSeen;
};

/// An answer that was an error, or that told one of records in it.
struct ErrorRow {
    std::uint64_t id = 0; ///< rising
    SimTime at;
    std::string client; ///< sdk and address
    std::string operation, stream; ///< stream: when the request named one
    int status = 400; ///< 200 when records in the answer were refused
    std::string type, message; ///< as answered
    std::string requestId;
    /// The same one again and again is one row; of refused records each counts.
    std::int64_t times = 1;
};

/// What is published ten times a second; immutable.
struct TrafficReport {
    std::vector<ClientRow> clients; ///< busiest first; at most budgets::kClientsKept
    std::vector<OperationRow> operations; ///< by name
    std::vector<ErrorRow> errors; ///< newest first; at most budgets::kErrorsKept
    std::int64_t requests = 0, errorsEver = 0;
};

} // namespace shardscope::endpoint
