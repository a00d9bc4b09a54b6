#include "app/quit_on_signal.h"

#include <QCoreApplication>

#include <sys/signalfd.h>
#include <unistd.h>

namespace shardscope {
QuitOnSignal::QuitOnSignal(const sigset_t& held)
    : m_file(signalfd(-1, &held, SFD_NONBLOCK | SFD_CLOEXEC))
    , m_notifier(m_file, QSocketNotifier::Read)
{
    QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] {
        signalfd_siginfo signal {};
        if (read(m_file, &signal, sizeof signal) == sizeof signal)
            QCoreApplication::quit();
    });
}

QuitOnSignal::~QuitOnSignal()
{
    m_notifier.setEnabled(false);
    close(m_file);
}

} // namespace shardscope
