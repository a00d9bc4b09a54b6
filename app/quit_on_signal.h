#pragma once

#include <QSocketNotifier>

#include <csignal>

namespace shardscope {

/// While it lives, such a signal quits the running QApplication instead of killing the process.
/// The signals must have been held back (holdEndingSignals) before the QApplication began, whose
/// threads would take them otherwise.
class QuitOnSignal {
public:
    explicit QuitOnSignal(const sigset_t& held);
    ~QuitOnSignal();
    QuitOnSignal(const QuitOnSignal&) = delete;
    QuitOnSignal& operator=(const QuitOnSignal&) = delete;

private:
    int m_file;
    QSocketNotifier m_notifier;
};

} // namespace shardscope
