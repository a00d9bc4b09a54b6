#include "app/progress.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace shardscope {

Progress::Progress(Show show)
    : m_on(show == Show::Always || (show == Show::WhenTerminal && isatty(STDERR_FILENO) != 0))
{
}

Progress::~Progress()
{
    if (m_width > 0)
        std::fprintf(stderr, "\r%*s\r", static_cast<int>(m_width), "");
}

void Progress::update(double done, const std::string& words)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_on || (m_width > 0 && now - m_drawn < std::chrono::milliseconds(100)))
        return;
    m_drawn = now;
    constexpr int kCells = 30;
    const int filled = std::clamp(static_cast<int>(done * kCells), 0, kCells);
    std::string line = '[' + std::string(static_cast<std::size_t>(filled), '#')
        + std::string(static_cast<std::size_t>(kCells - filled), '.') + "] "
        + std::to_string(static_cast<int>(done * 100)) + " % " + words;
    const std::size_t width = line.size();
    line.resize(std::max(width, m_width), ' ');
    m_width = width;
    std::fprintf(stderr, "\r%s", line.c_str());
    std::fflush(stderr);
}

} // namespace shardscope
