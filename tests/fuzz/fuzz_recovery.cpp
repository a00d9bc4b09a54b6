#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/storage/log_recovery.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;

namespace {

const std::string kFolder = "/data/streams/1";

std::shared_ptr<const DataKey> keyOf(const std::string& id)
{
    if (id.front() != 'c')
        return nullptr;
    DataKey key;
    key.id = id;
    key.bytes.fill(7);
    return std::make_shared<const DataKey>(key);
}

/// Makes the sums right again wherever a head or a body begins, so that what they protect is read
/// as it now stands.
std::string withRightSums(std::string bytes)
{
    SegmentHead segment;
    if (bytes.size() < sizeof segment)
        return bytes;
    std::memcpy(&segment, bytes.data(), sizeof segment);
    segment.magic = SegmentHead {}.magic;
    segment.version = kSegmentVersion;
    segment.stream = 1;
    seal(segment);
    std::memcpy(bytes.data(), &segment, sizeof segment);
    BlockHead head;
    for (std::size_t at = sizeof segment; at + sizeof head <= bytes.size(); at += kBlockAlign) {
        std::memcpy(&head, bytes.data() + at, sizeof head);
        if (head.marker != segment.marker)
            continue;
        const std::size_t left = bytes.size() - at - sizeof head;
        seal(head,
             {bytes.data() + at + sizeof head, std::min<std::size_t>(head.storedBytes, left)});
        std::memcpy(bytes.data() + at, &head, sizeof head);
    }
    return bytes;
}

/// Recovers a log of the one file, twice: the second time nothing is left to cut, and the same
/// records are found.
void recover(const std::string& bytes)
{
    SegmentHead head;
    std::memcpy(&head, bytes.data(), std::min(sizeof head, bytes.size()));
    FaultyFiles files;
    SHARDSCOPE_CHECK(files.makeFolder(kFolder).has_value());
    files.setContent(kFolder + '/' + segmentName(head.first), bytes);
    std::vector<std::uint64_t> places[2];
    std::uint64_t end = 0;
    for (auto& found : places) {
        BlockKeys keys(keyOf);
        LogRecovery recovery(
            {.files = &files, .folder = kFolder, .stream = 1, .keys = &keys},
            [&](std::uint64_t place, const LogRecordHead&) { found.push_back(place); });
        const auto outcome = recovery.run();
        SHARDSCOPE_CHECK(outcome.has_value());
        end = outcome->end;
        for (const StoreFinding& finding : outcome->findings)
            SHARDSCOPE_CHECK(!finding.text.empty() && finding.text.find('\n') == std::string::npos);
    }
    SHARDSCOPE_CHECK(places[0] == places[1]);
    for (std::size_t i = 0; i < places[0].size(); ++i)
        SHARDSCOPE_CHECK(places[0][i] < end && (i == 0 || places[0][i - 1] < places[0][i]));
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return {"SHRDSEG\n",
            std::string(1, '\1'),
            std::string(4, '\xff'),
            std::string(8, '\xff'),
            std::string(8, '\0'),
            std::string(sizeof(BlockHead), '\0'),
            std::string(sizeof(LogRecordHead), '\0'),
            std::string("\0\0\4\0\0\0\0\0", 8)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    recover(bytes);
    recover(withRightSums(bytes));
    return 0;
}
