#include "ui/dialogs/live_dialog.h"

#include <QAccessible>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kLookEveryMs = 200;

} // namespace

LiveDialog::LiveDialog(const QString& title, std::string stream, MonitorDeck deck, QWidget* parent)
    : QDialog(parent)
    , m_stream(std::move(stream))
    , m_deck(std::move(deck))
    , m_column(new QVBoxLayout)
    , m_answer(new QLabel)
    , m_timer(new QTimer(this))
{
    setWindowTitle(tr("%1 of %2").arg(title, toQt(m_stream)));
    setAttribute(Qt::WA_DeleteOnClose);
    m_answer->setObjectName(QStringLiteral("answer"));
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->setWordWrap(true);
    m_answer->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    // Enter belongs to the fields: it must not close what it is typed into.
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* whole = new QVBoxLayout(this);
    whole->addLayout(m_column, 1);
    whole->addWidget(m_answer);
    whole->addWidget(buttons);
    m_timer->setInterval(kLookEveryMs);
    connect(m_timer, &QTimer::timeout, this, &LiveDialog::look);
    m_timer->start();
    setMinimumWidth(fontMetrics().averageCharWidth() * 74);
}

const ServedStreamRow* LiveDialog::row() const
{
    if (!m_service)
        return nullptr;
    const auto found = std::find_if(
        m_service->streams.begin(), m_service->streams.end(),
        [this](const ServedStreamRow& r) { return r.summary.streamName == m_stream; });
    return found == m_service->streams.end() ? nullptr : &*found;
}

void LiveDialog::look()
{
    auto newest = m_deck.snapshot();
    if (newest == nullptr || newest == m_service)
        return;
    m_service = std::move(newest);
    present();
}

void LiveDialog::ask(ApiRequest request, const QString& done)
{
    m_deck.ask(std::move(request), [self = QPointer(this), done](const Result<ApiAnswer>& reply) {
        if (!self)
            return;
        self->answer(reply ? done : toQt(reply.error().message), !reply);
        self->look();
    });
}

void LiveDialog::answer(const QString& sentence, bool refused)
{
    m_answer->setText(sentence);
    m_answer->setStyleSheet(
        refused ? QStringLiteral("font-weight: bold; color: %1;").arg(ui::palette().refused.name())
                : QString());
    m_answer->setVisible(!sentence.isEmpty());
    QAccessibleEvent alert(m_answer, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

} // namespace shardscope::ui
