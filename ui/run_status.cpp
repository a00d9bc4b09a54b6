#include "ui/run_status.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>

#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kSentenceMs = 8'000;

} // namespace

RunStatus::RunStatus(QWidget* parent)
    : QWidget(parent)
    , m_sentence(new QLabel)
    , m_next(new QLabel)
    , m_engine(new QLabel)
    , m_counts(new QLabel)
    , m_forget(new QTimer(this))
{
    m_sentence->setObjectName(QStringLiteral("statusSentence"));
    m_next->setObjectName(QStringLiteral("nextEvent"));
    m_engine->setObjectName(QStringLiteral("engineRate"));
    m_counts->setObjectName(QStringLiteral("counts"));
    m_counts->setAccessibleName(tr("Offered, accepted and refused records per second"));
    m_engine->setToolTip(tr("Records the engine works through in a second of real time"));
    for (QLabel* label : {m_sentence, m_next, m_engine, m_counts})
        label->setTextFormat(Qt::PlainText);
    // Sentences may be long: they are cut by the window's edge, and whole in the tool tip.
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_next->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_forget->setSingleShot(true);
    m_forget->setInterval(kSentenceMs);
    connect(m_forget, &QTimer::timeout, this, [this] { showSentence({}, false); });

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->setSpacing(16);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_next, 1);
    row->addWidget(m_engine);
    row->addWidget(m_counts);
    m_sentence->hide();
}

void RunStatus::say(const QString& sentence)
{
    showSentence(sentence, false);
}

void RunStatus::complain(const QString& sentence)
{
    showSentence(sentence, true);
    QAccessibleEvent alert(m_sentence, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString RunStatus::sentence() const
{
    return m_speaking ? m_sentence->text() : QString();
}

void RunStatus::showSentence(const QString& sentence, bool stays)
{
    m_speaking = !sentence.isEmpty();
    m_sentence->setText(sentence);
    m_sentence->setToolTip(sentence);
    m_sentence->setAccessibleName(sentence);
    m_sentence->setVisible(m_speaking || !m_showsRun);
    m_next->setVisible(!m_speaking && m_showsRun);
    if (m_speaking && !stays)
        m_forget->start();
    else
        m_forget->stop();
}

void RunStatus::showRun(bool on)
{
    m_showsRun = on;
    m_engine->setVisible(on);
    m_counts->setVisible(on);
    m_sentence->setVisible(m_speaking || !on);
    m_next->setVisible(!m_speaking && on);
}

void RunStatus::present(const Snapshot& snapshot)
{
    m_next->setText(snapshot.nextEvent.empty() ? tr("no act or change of the stream is due")
                                               : tr("next: %1").arg(toQt(snapshot.nextEvent)));
    m_next->setToolTip(m_next->text());
    m_engine->setText(
        snapshot.clock.paused
            ? tr("paused")
            : tr("engine %1").arg(format::recordsPerSecond(snapshot.clock.recordsPerWallSecond)));
    const StreamRow& stream = snapshot.stream;
    m_counts->setText(tr("offered %1   accepted %2   refused %3 /s")
                          .arg(format::count(stream.offeredRecords),
                               format::count(stream.acceptedRecords),
                               format::count(stream.refusedRecords)));
}

} // namespace shardscope::ui
