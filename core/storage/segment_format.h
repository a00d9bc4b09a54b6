#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/storage/record_log.h"

/// The files of a stream's log.
///
///     log     = segment*              a folder; each file named <first place, 16 hex digits>.seg
///     segment = SegmentHead block* zeros?
///     block   = BlockHead body padding          padding: zeros to a multiple of 8 bytes
///     body    = record+               plain, or AES-256-GCM of that with its tag behind
///     record  = LogRecordHead key data          as in memory; never cut by a block's end
///
/// All numbers are little endian. A record's place is its block's first place plus where it stands
/// in the plain body, so places run on from block to block and from file to file. What follows the
/// last block is zeros (room asked for ahead) or the torn rest of a write.
///
/// When a write fails, what is not yet durable is written again in a new segment: blocks of an
/// older segment whose place is at or beyond a younger one's first place count for nothing.
namespace shardscope {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::uint16_t kSegmentVersion = 1;

struct SegmentHead {
    std::array<char, 8> magic {'S', 'H', 'R', 'D', 'S', 'E', 'G', '\n'};
    std::uint16_t version = kSegmentVersion;
    std::uint16_t headBytes = 64;
    std::uint32_t unused = 0;
    std::uint64_t stream = 0;
    std::uint64_t first = 0; ///< place of the first record
    /// Random; begins every block of this file. Nobody who fills records knows it, so no record's
    /// data looks like a block when a reader searches for the next one behind a damaged place.
    std::uint64_t marker = 0;
    std::array<std::uint32_t, 5> unusedToo {};
    std::uint32_t headSum = 0; ///< CRC-32C of the bytes before
};
static_assert(sizeof(SegmentHead) == 64);

struct BlockHead {
    std::uint64_t marker = 0;
    std::uint64_t first = 0; ///< place of the first record
    /// All before this place was durable when the block was written. So a hole before it is damage,
    /// and one behind it is what a power cut may leave of a commit that nobody was told of.
    std::uint64_t durable = 0;
    std::int64_t newestMs = 0; ///< latest arrival in it: retention needs no key
    std::uint32_t plainBytes = 0;
    std::uint32_t storedBytes = 0; ///< of the body
    std::uint32_t records = 0;
    std::uint32_t encrypted = 0; ///< 0 or 1
    std::array<std::uint8_t, 16> keyId {}; ///< of the data key
    std::array<std::uint8_t, 12> nonce {}; ///< random for every block
    std::uint32_t bodySum = 0; ///< CRC-32C of the body as stored
    std::uint32_t unused = 0;
    std::uint32_t headSum = 0; ///< CRC-32C of the bytes before

    [[nodiscard]] std::uint64_t end() const { return first + plainBytes; }
    [[nodiscard]] std::size_t bytesInFile() const; ///< with body and padding
};
static_assert(sizeof(BlockHead) == 88);

inline constexpr std::size_t kBlockAlign = 8;
inline constexpr std::size_t kTagBytes = 16;
/// A block ends with the record that would make it longer than this; one record may be longer.
/// Large enough that checksums and encryption run at full speed (AES-GCM does from 16 KiB on),
/// small enough to stay in a core's second-level cache between copy, cipher and checksum.
inline constexpr std::size_t kBlockPlainBytes = std::size_t {256} << 10;

[[nodiscard]] std::string segmentName(std::uint64_t first);
/// False when `name` is not that of a segment.
[[nodiscard]] bool parseSegmentName(const std::string& name, std::uint64_t& first);

void seal(SegmentHead& head);
[[nodiscard]] bool isSound(const SegmentHead& head);

/// Fills in the sums of head and body; all else must be in place.
void seal(BlockHead& head, std::span<const char> body);
/// Whether the head is whole, belongs to a file of this `marker` and its lengths are possible.
[[nodiscard]] bool isSound(const BlockHead& head, std::uint64_t marker);
[[nodiscard]] bool bodyIsSound(const BlockHead& head, std::span<const char> body);

/// The key's id as it stands in a head, and back.
[[nodiscard]] std::array<std::uint8_t, 16> rawKeyId(const std::string& hex);
[[nodiscard]] std::string hexKeyId(const std::array<std::uint8_t, 16>& raw);

/// Bytes of the record that begins at `record`, of which sizeof(LogRecordHead) are readable.
[[nodiscard]] std::size_t recordBytes(const char* record);

} // namespace shardscope
