#include "app/bench/bench_wire.h"

#include <array>
#include <simdjson.h>
#include <string>
#include <vector>

#include "app/bench/put_body.h"
#include "app/bench/rounds.h"
#include "core/base/base64.h"
#include "core/base/check.h"
#include "core/endpoint/http.h"
#include "core/endpoint/put_scanner.h"
#include "core/endpoint/router.h"

namespace shardscope {
namespace {

using namespace endpoint;

constexpr std::size_t kRows = 500;

/// A PutRecords body as the SDKs write it, with what may be read behind it.
class Body {
public:
    explicit Body(std::size_t dataBytes)
        : m_text(putRecordsBody({.rows = kRows, .dataBytes = dataBytes}))
        , m_size(m_text.size())
    {
        m_text.resize(m_size + HttpRequest::kPadding);
    }
    [[nodiscard]] std::string_view text() const
    {
        return std::string_view(m_text).substr(0, m_size);
    }

private:
    std::string m_text;
    std::size_t m_size = 0;
};

double byOurs(const Body& body)
{
    const auto put = scanPutRecords(body.text());
    SHARDSCOPE_CHECK(put && put->records.rows.size() == kRows);
    consume(put->records.bytes.size());
    return static_cast<double>(kRows);
}

/// The fields by simdjson's on-demand reader, the data by a table.
double bySimdjson(simdjson::ondemand::parser& parser, const Body& body, std::vector<char>& room)
{
    auto document = parser.iterate(body.text().data(), body.text().size(),
                                   body.text().size() + HttpRequest::kPadding);
    std::uint64_t sum = 0;
    for (auto record : document["Records"].get_array()) {
        const std::string_view data = record["Data"].get_string().value();
        room.resize(base64Room(data.size()));
        sum += decodeBase64Letters(Base64Path::Scalar, data, room.data()).bytes;
        sum += record["PartitionKey"].get_string().value().size();
    }
    consume(sum);
    return static_cast<double>(kRows);
}

std::vector<BenchResult> benchDecode(const BenchOptions& options)
{
    std::vector<BenchResult> results;
    for (const auto& [bytes, goal] : {std::pair {200, 4.0}, std::pair {1'024, 4.0}}) {
        const Body body(static_cast<std::size_t>(bytes));
        simdjson::ondemand::parser parser;
        std::vector<char> room;
        const auto rates = interleave(
            options,
            {{[&] { return bySimdjson(parser, body, room); }}, {[&] { return byOurs(body); }}});
        results.push_back(compare(rates,
                                  {.name = "PutRecords body, 500 × " + std::to_string(bytes) + " B",
                                   .ours = 1,
                                   .referenceName = "simdjson on demand, base64 by a table",
                                   .reference = 0,
                                   .unit = "M records/s",
                                   .unitSize = 1e6,
                                   .goal = goal}));
    }
    return results;
}

std::vector<BenchResult> benchEncode(const BenchOptions& options)
{
    PutRecordsResult result;
    for (std::uint32_t i = 0; i < kRows; ++i)
        result.records.push_back(
            {1'767'614'400, ShardSlot {i % 4}, 1'000'000 + i / 4, 1'767'700'000});
    const ApiAnswer answer(result);
    Answering with;
    with.scope = {"000000000000", "us-east-1"};
    const Action& put = *findAction(ApiService::Kinesis, "PutRecords");
    const auto ours = [&] {
        std::string out;
        put.writeJson(out, answer, with);
        consume(out.size());
        return static_cast<double>(kRows);
    };
    const auto plain = [&] {
        std::string out;
        for (const SequenceNumber& number : result.records)
            out += R"({"SequenceNumber":")" + number.text() + R"(","ShardId":")"
                + shardIdText(number.shard) + "\"},";
        consume(out.size());
        return static_cast<double>(kRows);
    };
    const auto rates = interleave(options, {{plain}, {ours}});
    return {compare(rates,
                    {.name = "PutRecords answer, 500 records",
                     .ours = 1,
                     .referenceName = "each number worked out by itself",
                     .reference = 0,
                     .unit = "M records/s",
                     .unitSize = 1e6,
                     .goal = 3})};
}

} // namespace

std::span<const Bench> wireBenches()
{
    static constexpr std::array<Bench, 2> benches {
        {{"wire-decode", "a PutRecords body from JSON and base64 into columns", benchDecode},
         {"wire-encode", "the answer to PutRecords, with its sequence numbers", benchEncode}}};
    return benches;
}

} // namespace shardscope
