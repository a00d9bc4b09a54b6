#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardscope::endpoint {

/// Bytes that wait to be written, in pieces: small ones are joined, large ones are not copied.
class OutQueue {
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }

    void append(std::string_view bytes)
    {
        if (bytes.empty())
            return;
        m_size += bytes.size();
        if (m_pieces.empty() || m_pieces.back().size() + bytes.size() > kJoined)
            m_pieces.emplace_back();
        m_pieces.back() += bytes;
    }
    void append(std::string&& piece)
    {
        if (piece.size() <= kCopied && !m_pieces.empty()) {
            append(std::string_view(piece));
        } else if (!piece.empty()) {
            m_size += piece.size();
            m_pieces.push_back(std::move(piece));
        }
    }

    /// The first pieces, for one gathering write.
    [[nodiscard]] auto buffers() const
    {
        boost::container::static_vector<boost::asio::const_buffer, kGathered> list;
        for (std::size_t i = m_front; i < m_pieces.size() && list.size() < kGathered; ++i)
            list.emplace_back(m_pieces[i].data(), m_pieces[i].size());
        if (!list.empty())
            list.front() += m_taken;
        return list;
    }
    /// The first `bytes` (<= size()) have gone.
    void consume(std::size_t bytes)
    {
        m_size -= bytes;
        if (m_size == 0) {
            m_pieces.clear();
            m_front = m_taken = 0;
            return;
        }
        for (bytes += m_taken; bytes >= m_pieces[m_front].size(); ++m_front)
            bytes -= std::exchange(m_pieces[m_front], {}).size();
        m_taken = bytes;
        // Amortised: as many pieces have gone as are moved.
        if (m_front > kGathered && 2 * m_front > m_pieces.size()) {
            m_pieces.erase(m_pieces.begin(),
                           m_pieces.begin() + static_cast<std::ptrdiff_t>(m_front));
            m_front = 0;
        }
    }
    /// Moves the first `bytes` (<= size()) to the end of another queue.
    void moveTo(OutQueue& other, std::size_t bytes)
    {
        while (bytes > 0) {
            const std::string_view piece = std::string_view(m_pieces[m_front]).substr(m_taken);
            const std::size_t moved = std::min(piece.size(), bytes);
            other.append(piece.substr(0, moved));
            consume(moved);
            bytes -= moved;
        }
    }

private:
    static constexpr std::size_t kJoined = 16384, kCopied = 4096, kGathered = 32;

    std::vector<std::string> m_pieces;
    std::size_t m_front = 0; ///< pieces before it have gone
    std::size_t m_taken = 0; ///< bytes of the first piece that have gone
    std::size_t m_size = 0;
};

} // namespace shardscope::endpoint
