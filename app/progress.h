#pragma once

#include <chrono>
#include <string>

namespace shardscope {

/// A progress line on standard error, drawn again ten times a second at most, and wiped at the end.
class Progress {
public:
    enum class Show { WhenTerminal, Always, Never };
    explicit Progress(Show show);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of 0 … 1, and a few words.
    void update(double done, const std::string& words);

private:
    bool m_on;
    std::size_t m_width = 0;
    std::chrono::steady_clock::time_point m_drawn;
};

} // namespace shardscope
