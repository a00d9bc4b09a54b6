#include "ui/dialogs/endpoint_dialogs.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/screens/monitor/connect_pane.h"
#include "ui/style/fixed_font.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {
constexpr int kLineShown = 88; ///< characters: of the AWS CLI, with the longest region
}

SwitchOffDialog::SwitchOffDialog(const EndpointState& endpoint, std::int64_t connections,
                                 qsizetype streams, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("switchOffDialog"));
    setWindowTitle(tr("Switch the endpoint off"));
    setAttribute(Qt::WA_DeleteOnClose);
    QStringList words;
    if (connections > 0)
        words += tr("%n connection(s) will be closed; their clients get no answer any more.",
                    nullptr, static_cast<int>(connections));
    if (endpoint.dataFolder.empty() && streams > 0)
        words += tr("%n stream(s) live in memory alone and are gone then, with every record.",
                    nullptr, static_cast<int>(streams));
    if (!endpoint.dataFolder.empty())
        words += tr("Streams and records stay in %1.").arg(toQt(endpoint.dataFolder));
    auto* label = new QLabel(words.join(u'\n'));
    label->setObjectName(QStringLiteral("summary"));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    auto* buttons = new QDialogButtonBox;
    buttons->addButton(tr("Switch off"), QDialogButtonBox::AcceptRole);
    QPushButton* stay = buttons->addButton(QDialogButtonBox::Cancel);
    stay->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(label, 1);
    column->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 60);
    stay->setFocus();
}

ConnectDialog::ConnectDialog(const EndpointState& endpoint, const QString& region, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("connectDialog"));
    setWindowTitle(tr("Connect a client"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* pane = new ConnectPane;
    pane->present(endpoint, region);
    connect(pane, &ConnectPane::report, this, &ConnectDialog::report);
    auto* column = new QVBoxLayout(this);
    column->addWidget(pane, 1);
    if (!endpoint.fingerprint.empty()) {
        auto* label
            = new QLabel(tr("TLS certificate %1, SHA-256:").arg(toQt(endpoint.certificateFile)));
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        auto* fingerprint = new QLineEdit(toQt(endpoint.fingerprint));
        fingerprint->setObjectName(QStringLiteral("fingerprint"));
        fingerprint->setReadOnly(true);
        fingerprint->setAccessibleName(tr("Fingerprint of the certificate, SHA-256"));
        fingerprint->setCursorPosition(0);
        column->addWidget(label);
        column->addWidget(fingerprint);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    // The lines to paste are seen whole, beside the margins and a scroll bar.
    const QFontMetrics lines(fixedFont(font()));
    resize(lines.averageCharWidth() * (kLineShown + 6), sizeHint().height());
}

} // namespace shardscope::ui
