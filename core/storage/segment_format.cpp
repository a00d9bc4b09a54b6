#include "core/storage/segment_format.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "core/base/crc32c.h"

namespace shardscope {

namespace {

constexpr std::size_t kNameDigits = 16;
constexpr const char* kSuffix = ".seg";
constexpr const char* kHex = "0123456789abcdef";

} // namespace

std::size_t BlockHead::bytesInFile() const
{
    return sizeof(BlockHead) + (storedBytes + kBlockAlign - 1) / kBlockAlign * kBlockAlign;
}

std::string segmentName(std::uint64_t first)
{
    std::string name(kNameDigits, '0');
    for (std::size_t i = kNameDigits; i-- > 0; first >>= 4)
        name[i] = kHex[first & 15];
    return name + kSuffix;
}

bool parseSegmentName(const std::string& name, std::uint64_t& first)
{
    const char* digitsEnd = name.data() + kNameDigits;
    return name.size() == kNameDigits + std::strlen(kSuffix) && name.ends_with(kSuffix)
        && std::from_chars(name.data(), digitsEnd, first, 16).ptr == digitsEnd
        && name == segmentName(first);
}

void seal(SegmentHead& head)
{
    head.headSum = crc32c(&head, offsetof(SegmentHead, headSum));
}

bool isSound(const SegmentHead& head)
{
    return head.magic == SegmentHead {}.magic && head.version == kSegmentVersion
        && head.headSum == crc32c(&head, offsetof(SegmentHead, headSum));
}

void seal(BlockHead& head, std::span<const char> body)
{
    head.bodySum = crc32c(body.data(), body.size());
    head.headSum = crc32c(&head, offsetof(BlockHead, headSum));
}

bool isSound(const BlockHead& head, std::uint64_t marker)
{
    return head.marker == marker && head.headSum == crc32c(&head, offsetof(BlockHead, headSum))
        && head.plainBytes >= sizeof(LogRecordHead) && head.plainBytes <= kLogRecordBytesMost
        && head.encrypted <= 1
        && head.storedBytes == head.plainBytes + (head.encrypted == 1 ? kTagBytes : 0)
        && head.first <= UINT64_MAX - head.plainBytes;
}

bool bodyIsSound(const BlockHead& head, std::span<const char> body)
{
    return body.size() == head.storedBytes && crc32c(body.data(), body.size()) == head.bodySum;
}

std::array<std::uint8_t, 16> rawKeyId(const std::string& hex)
{
    std::array<std::uint8_t, 16> raw {};
    for (std::size_t i = 0; i < raw.size() && 2 * i + 2 <= hex.size(); ++i)
        std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, raw[i], 16);
    return raw;
}

std::string hexKeyId(const std::array<std::uint8_t, 16>& raw)
{
    std::string hex;
    for (const std::uint8_t byte : raw) {
        hex += kHex[byte >> 4];
        hex += kHex[byte & 15];
    }
    return hex;
}

std::size_t recordBytes(const char* record)
{
    LogRecordHead head;
    std::memcpy(&head, record, sizeof head);
    return sizeof head + head.keyBytes + head.dataBytes;
}

} // namespace shardscope
