#include "ui/feed.h"

#include <utility>

namespace shardscope::ui {

Feed::Feed(Source source, QObject* parent)
    : QObject(parent)
    , m_source(std::move(source))
{
    connect(&m_timer, &QTimer::timeout, this, &Feed::poll);
}

void Feed::start(int intervalMs)
{
    m_timer.start(intervalMs);
}

void Feed::stop()
{
    m_timer.stop();
}

void Feed::poll()
{
    auto newest = m_source();
    if (newest == nullptr || newest == m_current)
        return;
    m_current = std::move(newest);
    emit changed(*m_current);
}

} // namespace shardscope::ui
