#include "ui/screens/monitor/connect_lines.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kLinesShown = 8;

QString urlOf(const EndpointState& endpoint)
{
    return endpoint.urls.empty() ? QStringLiteral("http://127.0.0.1:4567")
                                 : toQt(endpoint.urls.front());
}

/// Of the CLI and of every SDK that reads its environment. Without a check any pair will do.
QString environment(const EndpointState& endpoint, const QString& region)
{
    QString lines = QStringLiteral("export AWS_REGION=%1\n").arg(region);
    if (!endpoint.checksSignatures)
        lines += QStringLiteral("export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n");
    if (urlOf(endpoint).startsWith(u"https") && !endpoint.certificateFile.empty())
        lines += QStringLiteral("export AWS_CA_BUNDLE=%1 NODE_EXTRA_CA_CERTS=%1\n")
                     .arg(toQt(endpoint.certificateFile));
    return lines;
}

QString keysFor(const EndpointState& endpoint, const QString& given)
{
    return endpoint.checksSignatures ? QString() : given;
}

} // namespace

QString connectLines(ClientKind kind, const EndpointState& endpoint, const QString& region)
{
    const QString url = urlOf(endpoint);
    switch (kind) {
    case ClientKind::AwsCli:
        return environment(endpoint, region)
            + QStringLiteral("export AWS_ENDPOINT_URL_KINESIS=%1\n"
                             "aws kinesis list-streams --endpoint-url %1\n")
                  .arg(url);
    case ClientKind::Python:
        return QStringLiteral("import boto3\n\n"
                              "kinesis = boto3.client(\n"
                              "    \"kinesis\", endpoint_url=\"%1\", region_name=\"%2\"%3)\n"
                              "print(kinesis.list_streams())\n")
            .arg(url, region,
                 keysFor(endpoint,
                         QStringLiteral(",\n    aws_access_key_id=\"local\", "
                                        "aws_secret_access_key=\"local\""))
                     + (url.startsWith(u"https") && !endpoint.certificateFile.empty()
                            ? QStringLiteral(",\n    verify=\"%1\"")
                                  .arg(toQt(endpoint.certificateFile))
                            : QString()));
    case ClientKind::JavaScript:
        return QStringLiteral("import { KinesisClient, ListStreamsCommand } from "
                              "\"@aws-sdk/client-kinesis\";\n\n"
                              "const kinesis = new KinesisClient({\n"
                              "  endpoint: \"%1\",\n  region: \"%2\",\n%3});\n"
                              "console.log(await kinesis.send(new ListStreamsCommand({})));\n")
            .arg(url, region,
                 keysFor(endpoint,
                         QStringLiteral("  credentials: { accessKeyId: \"local\", "
                                        "secretAccessKey: \"local\" },\n")));
    case ClientKind::Java:
        return QStringLiteral("KinesisClient kinesis = KinesisClient.builder()\n"
                              "    .endpointOverride(URI.create(\"%1\"))\n"
                              "    .region(Region.of(\"%2\"))\n%3"
                              "    .build();\n"
                              "System.out.println(kinesis.listStreams());\n")
            .arg(url, region,
                 keysFor(endpoint,
                         QStringLiteral("    .credentialsProvider(StaticCredentialsProvider.create("
                                        "\n        AwsBasicCredentials.create(\"local\", "
                                        "\"local\")))\n")));
    }
    return {};
}

ConnectPane::ConnectPane(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar)
    , m_text(new QPlainTextEdit)
    , m_note(new QLabel)
{
    m_tabs->setObjectName(QStringLiteral("clientTabs"));
    m_tabs->setAccessibleName(tr("Kind of client"));
    for (const QString& name : {tr("AWS CLI"), tr("Python"), tr("JavaScript"), tr("Java")})
        m_tabs->addTab(name);
    m_tabs->setExpanding(false);
    m_text->setObjectName(QStringLiteral("connectLines"));
    m_text->setAccessibleName(tr("Lines to paste"));
    m_text->setReadOnly(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(fontMetrics().height() * kLinesShown);
    auto* copy = new QPushButton(tr("&Copy the lines"));
    copy->setObjectName(QStringLiteral("copyLines"));
    m_note->setWordWrap(true);
    auto* below = new QHBoxLayout;
    below->addWidget(m_note, 1);
    below->addWidget(copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_tabs);
    column->addWidget(m_text, 1);
    column->addLayout(below);
    connect(m_tabs, &QTabBar::currentChanged, this, &ConnectPane::fill);
    connect(copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_text->toPlainText());
        emit report(tr("The lines for %1 are on the clipboard.")
                        .arg(m_tabs->tabText(m_tabs->currentIndex())));
    });
}

void ConnectPane::present(const EndpointState& endpoint, const QString& region)
{
    if (endpoint.urls == m_endpoint.urls && region == m_region
        && endpoint.checksSignatures == m_endpoint.checksSignatures
        && endpoint.certificateFile == m_endpoint.certificateFile)
        return; // whoever is selecting text goes on doing so
    m_endpoint = endpoint;
    m_region = region;
    fill();
}

void ConnectPane::fill()
{
    m_text->setPlainText(
        connectLines(static_cast<ClientKind>(m_tabs->currentIndex()), m_endpoint, m_region));
    m_note->setText(m_endpoint.checksSignatures
                        ? tr("Signatures are checked: use a key of the credentials file.")
                        : tr("Signatures are not checked: any key will do."));
}

} // namespace shardscope::ui
