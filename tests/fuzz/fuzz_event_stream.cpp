#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/base64.h"
#include "core/base/check.h"
#include "core/endpoint/event_stream.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/event_stream_reader.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using test::EventStreamReader;
using test::FuzzInput;

namespace {

/// Feeds `bytes` in pieces as `input` cuts them; every frame must be whole and right.
std::vector<EventStreamReader::Frame> readAll(std::string_view bytes, FuzzInput& input)
{
    EventStreamReader reader;
    std::vector<EventStreamReader::Frame> frames;
    while (!bytes.empty()) {
        const std::size_t piece = std::min<std::size_t>(1 + input.number(), bytes.size());
        reader.receive(bytes.substr(0, piece));
        bytes.remove_prefix(piece);
        while (auto frame = reader.next())
            frames.push_back(std::move(*frame));
    }
    SHARDSCOPE_CHECK(reader.fault().empty() && reader.left() == 0);
    return frames;
}

/// Frames of any headers and payloads are read as they were written.
void writeFrames(FuzzInput& input)
{
    std::vector<std::pair<EventHeaders, std::string_view>> written;
    std::string bytes;
    for (std::uint32_t left = 1 + input.below(4); left > 0; --left) {
        EventHeaders headers;
        for (std::uint32_t count = input.below(6); count > 0; --count) {
            const std::string_view name = input.text(255);
            headers.emplace_back(name, input.text(1000));
        }
        const std::string_view payload = input.text(4000);
        bytes += eventFrame(headers, payload);
        written.emplace_back(std::move(headers), payload);
    }
    const auto frames = readAll(bytes, input);
    SHARDSCOPE_CHECK(frames.size() == written.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto& [headers, payload] = written[i];
        SHARDSCOPE_CHECK(frames[i].payload == payload
                         && frames[i].headers.size() == headers.size());
        for (std::size_t h = 0; h < headers.size(); ++h)
            SHARDSCOPE_CHECK(frames[i].headers[h].first == headers[h].first
                             && frames[i].headers[h].second == headers[h].second);
    }
}

/// A connection that keeps what it is told and holds it to the order of an answer.
class OneExchange : public Exchange {
public:
    void respond(HttpResponse) override { SHARDSCOPE_CHECK(false); }
    void begin(HttpResponse head) override
    {
        SHARDSCOPE_CHECK(!begun);
        begun = true;
        bytes = std::move(head.body);
    }
    void write(std::string piece) override
    {
        SHARDSCOPE_CHECK(begun && !finished && !lost);
        bytes += piece;
        waiting += piece.size();
    }
    void finish() override
    {
        SHARDSCOPE_CHECK(begun && !finished && !lost);
        finished = true;
    }
    [[nodiscard]] std::size_t unsent() const override { return waiting; }
    void onGone(std::function<void()> hear) override { gone = std::move(hear); }
    void post(std::function<void()> task) override { tasks.push_back(std::move(task)); }
    void runOne()
    {
        if (tasks.empty())
            return;
        const auto task = std::move(tasks.front());
        tasks.pop_front();
        task();
    }
    void lose()
    {
        if (gone && !std::exchange(lost, true))
            gone();
    }

    bool begun = false, finished = false, lost = false;
    std::string bytes;
    std::size_t waiting = 0;
    std::function<void()> gone;
    std::deque<std::function<void()>> tasks;
};

/// Keys are UTF-8 by the time they are here; ASCII will do.
std::string plainText(std::string_view bytes)
{
    std::string text(bytes);
    for (char& c : text)
        c = static_cast<char>(c & 0x7f);
    return text;
}

SubscribeToShardEvent eventFrom(FuzzInput& input)
{
    SubscribeToShardEvent event;
    for (std::uint32_t left = input.below(4); left > 0; --left) {
        RecordPage::Row row;
        const std::string key = plainText(input.text(255));
        const std::string_view data = input.text(3000);
        row.number = {1'767'614'400, ShardSlot {input.number()}, 1 + input.number(), 1'767'614'401};
        row.arrivalMs = 1'767'614'401'000 + input.number();
        row.keyAt = static_cast<std::uint32_t>(event.records.bytes.size());
        row.keyBytes = static_cast<std::uint16_t>(key.size());
        event.records.bytes.insert(event.records.bytes.end(), key.begin(), key.end());
        row.dataAt = static_cast<std::uint32_t>(event.records.bytes.size());
        row.dataBytes = static_cast<std::uint32_t>(data.size());
        event.records.bytes.insert(event.records.bytes.end(), data.begin(), data.end());
        row.keyless = input.byte() % 8 == 0;
        row.encrypted = input.byte() % 8 == 0;
        event.records.rows.push_back(row);
        event.continuation = row.number;
    }
    event.millisBehindLatest = input.number();
    if (input.byte() % 8 == 0)
        event.childShards.push_back({"shardId-000000000007", {"shardId-000000000001"}, {}});
    return event;
}

std::string blobOf(const WireValue& value)
{
    if (value.kind() == WireKind::Bytes)
        return std::string(value.text());
    std::string bytes(base64Room(value.text().size()), '\0');
    const auto size = decodeBase64(value.text(), bytes.data());
    SHARDSCOPE_CHECK(size.has_value());
    bytes.resize(*size);
    return bytes;
}

void compare(const EventStreamReader::Frame& frame, Protocol protocol,
             const SubscribeToShardEvent& event)
{
    SHARDSCOPE_CHECK(frame.header(":message-type") == "event");
    SHARDSCOPE_CHECK(frame.header(":event-type") == "SubscribeToShardEvent");
    std::string text = frame.payload;
    text.resize(text.size() + HttpRequest::kPadding);
    const std::string_view body = std::string_view(text).substr(0, frame.payload.size());
    const auto document
        = protocol == Protocol::Cbor11 ? readCbor(body, CborTime::Milliseconds) : readJson(body);
    SHARDSCOPE_CHECK(document.has_value());
    const WireValue value(*document);
    const auto records = value.find("Records");
    SHARDSCOPE_CHECK(records && records->size() == event.records.rows.size());
    SHARDSCOPE_CHECK(value.find("MillisBehindLatest")->node().integer == event.millisBehindLatest);
    SHARDSCOPE_CHECK(value.find("ContinuationSequenceNumber").has_value()
                     == event.continuation.has_value());
    SHARDSCOPE_CHECK(value.find("ChildShards").has_value() == !event.childShards.empty());
    std::size_t row = 0;
    for (const WireValue record : *records) {
        const RecordPage::Row& put = event.records.rows[row];
        SHARDSCOPE_CHECK(record.find("SequenceNumber")->text() == put.number.text());
        SHARDSCOPE_CHECK(blobOf(*record.find("Data")) == event.records.data(row));
        SHARDSCOPE_CHECK(record.find("PartitionKey").has_value() == !put.keyless);
        if (!put.keyless)
            SHARDSCOPE_CHECK(record.find("PartitionKey")->text() == event.records.key(row));
        SHARDSCOPE_CHECK(record.find("EncryptionType").has_value() == put.encrypted);
        ++row;
    }
}

/// A subscription's life in any order: what its client gets is the events in their order, as far
/// as they came before the end.
void subscribe(FuzzInput& input)
{
    const Protocol protocol = input.byte() % 2 == 0 ? Protocol::Json11 : Protocol::Cbor11;
    const auto exchange = std::make_shared<OneExchange>();
    const auto stream = std::make_shared<EventStream>(exchange, protocol);
    std::vector<SubscribeToShardEvent> given;
    std::optional<Error> why;
    bool ended = false, opened = false;
    for (int steps = 0; steps < 60 && !input.empty(); ++steps) {
        switch (input.below(8)) {
        case 0:
            if (!std::exchange(opened, true))
                stream->open({});
            break;
        case 1: // the engine says nothing more after an end
            if (!std::exchange(ended, true)) {
                if (input.byte() % 2 == 0)
                    why = Error {static_cast<ErrorCode>(input.below(20)),
                                 plainText(input.text(200))};
                stream->end(why);
            }
            break;
        case 2:
            if (input.byte() % 4 == 0)
                exchange->lose();
            break;
        case 3:
            exchange->waiting -= std::min<std::size_t>(exchange->waiting, input.number());
            break;
        case 4:
            exchange->runOne();
            break;
        case 5:
            SHARDSCOPE_CHECK(stream->unsent() >= 0);
            break;
        default:
            if (!ended) {
                SubscribeToShardEvent event = eventFrom(input);
                if (stream->event(event))
                    given.push_back(std::move(event));
                else
                    SHARDSCOPE_CHECK(exchange->lost);
            }
        }
    }
    if (!opened)
        stream->open({});
    for (int tasks = 0; !exchange->tasks.empty(); ++tasks) {
        SHARDSCOPE_CHECK(tasks < 1'000);
        exchange->runOne();
    }
    exchange->waiting = 0;
    while (stream->unsent() > 0 && !exchange->tasks.empty())
        exchange->runOne();
    const auto frames = readAll(exchange->bytes, input);
    SHARDSCOPE_CHECK(!frames.empty() && frames[0].header(":event-type") == "initial-response");
    std::size_t last = frames.size();
    if (!exchange->lost) {
        SHARDSCOPE_CHECK(exchange->finished == ended && stream->unsent() == 0);
        if (why) {
            --last;
            SHARDSCOPE_CHECK(frames[last].header(":message-type") == "exception");
        }
        SHARDSCOPE_CHECK(last == 1 + given.size());
    }
    for (std::size_t i = 1; i < last && frames[i].header(":message-type") == "event"; ++i)
        compare(frames[i], protocol, given.at(i - 1));
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return {":message-type",
            ":event-type",
            std::string(1, '\0'),
            std::string(2, '\0'),
            std::string(4, '\0'),
            "\1",
            "\2\3\4\5",
            "\xff\xff",
            "\x80",
            std::string(64, '\7'),
            std::string(255, 'n')};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    FuzzInput input({reinterpret_cast<const char*>(data), size});
    if (input.byte() % 4 == 0)
        writeFrames(input);
    else
        subscribe(input);
    return 0;
}
