#include "ui/docks/why_text.h"

#include <QCoreApplication>
#include <QStringList>
#include <QTextDocument>

#include <algorithm>

#include "ui/format.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("WhyCard", text, nullptr, n);
}

QString cell(const QString& text, const char* align = "left")
{
    return QStringLiteral("<td align=\"%1\" style=\"padding:1px 6px 1px 0;"
                          "white-space:nowrap\">%2</td>")
        .arg(QLatin1String(align), text);
}

QString outcomeText(const WhyCard::Arrival& a)
{
    switch (a.outcome) {
    case Outcome::Accepted:
        return tr("taken");
    case Outcome::RefusedBytes:
        return tr("✕ W1");
    case Outcome::RefusedRecords:
        return tr("✕ W2");
    }
    return {};
}

bool countsBytes(const WhyCard& card)
{
    return card.refusal.rule == Rule::W1WriteBytes;
}

QString arrivalsTable(const WhyCard& card)
{
    // Keys are often long and all alike at the front; the table stays narrow.
    constexpr int kKeyChars = 18;
    QString rows;
    for (const WhyCard::Arrival& a : card.arrivals) {
        QString key = toQt(a.key);
        if (key.size() > kKeyChars)
            key = key.left(kKeyChars - 1) + QStringLiteral("…");
        QString line = cell(QString::number(a.ms), "right") + cell(key.toHtmlEscaped())
            + cell(format::exact(a.bytes), "right") + cell(format::exact(a.runningSum), "right")
            + cell(outcomeText(a));
        if (a.thisOne)
            line = QStringLiteral("<tr style=\"font-weight:bold;color:%1\">")
                       .arg(palette().refused.name())
                + line + QStringLiteral("</tr>");
        else
            line = QStringLiteral("<tr>") + line + QStringLiteral("</tr>");
        rows += line;
    }
    const QString sum = countsBytes(card) ? tr("sum, bytes") : tr("sum, records");
    return QStringLiteral("<table cellspacing=\"0\"><tr>%1</tr>%2</table>")
        .arg(cell(tr("<b>ms</b>"), "right") + cell(tr("<b>key</b>"))
                 + cell(tr("<b>bytes</b>"), "right")
                 + cell(QStringLiteral("<b>") + sum + QStringLiteral("</b>"), "right")
                 + cell(QString()),
             rows);
}

QString routingText(const WhyCard& card)
{
    const QString hex = toQt(toHex(card.hash));
    const QString from = card.explicitHash ? tr("explicit hash key")
                                           : tr("MD5(“%1”)").arg(toQt(card.key).toHtmlEscaped());
    return tr("%1 = %2…%3 → %4 of the space → shard %5 (%6 – %7)")
        .arg(from, hex.left(8), hex.right(4), QString::number(card.hash.fraction(), 'f', 3))
        .arg(card.shard.value)
        .arg(QString::number(card.range.start.fraction(), 'f', 2),
             QString::number(card.range.end.fraction(), 'f', 2));
}

QString bucketText(const WhyCard& card)
{
    const double left = card.refusal.tokensLeft;
    const SimDuration wait = std::max(card.wouldPassAt - card.refusal.at, SimDuration());
    if (countsBytes(card))
        return tr("The bucket held %1 bytes; this record needs %2. It alone would have passed %3 "
                  "later.")
            .arg(format::exact(static_cast<std::int64_t>(left)), format::exact(card.refusal.bytes),
                 format::duration(wait));
    return tr("The bucket held %1 of one record. It alone would have passed %2 later.")
        .arg(QString::number(left, 'f', 2), format::duration(wait));
}

QString heading(const QString& text)
{
    return QStringLiteral("<p style=\"margin:10px 0 2px 0\"><b>%1</b></p>").arg(text);
}

QString paragraph(const QString& html)
{
    return QStringLiteral("<p style=\"margin:2px 0\">%1</p>").arg(html);
}

} // namespace

QString ruleName(Rule rule)
{
    switch (rule) {
    case Rule::W1WriteBytes:
        return QStringLiteral("W1");
    case Rule::W2WriteRecords:
        return QStringLiteral("W2");
    case Rule::R1ReadBytes:
        return QStringLiteral("R1");
    case Rule::R2ReadCalls:
        return QStringLiteral("R2");
    case Rule::R3ReadWait:
        return QStringLiteral("R3");
    }
    return {};
}

QString whyHtml(const WhyCard& card)
{
    QString html
        = QStringLiteral(
              "<p style=\"margin:0\"><span style=\"color:%1\"><b>✕ %2</b></span><br>%3</p>")
              .arg(palette().refused.name(), tr("Why was this record refused?"),
                   tr("try #%1 · shard %2 · %3 · from %4")
                       .arg(card.refusal.id)
                       .arg(card.shard.value)
                       .arg(format::clockExact(card.refusal.at),
                            toQt(card.producer).toHtmlEscaped()));
    html += heading(tr("Rule %1").arg(toQt(card.rule)))
        + paragraph(toQt(card.ruleText).toHtmlEscaped()) + paragraph(bucketText(card));
    html += heading(tr("The second %1").arg(format::clock(card.second)));
    html += paragraph(tr("%1 records arrived, %2 were accepted, %3 refused.")
                          .arg(format::exact(card.arrivalsInSecond),
                               format::exact(card.acceptedInSecond),
                               format::exact(card.refusedInSecond)));
    html += arrivalsTable(card);
    html += paragraph(tr("Of what was refused, %1 carried this key; of what was offered, %2.")
                          .arg(format::percent(card.keyShareOfRefused * 100),
                               format::percent(card.keyShareOfOffered * 100)));
    html += heading(tr("Why shard %1?").arg(card.shard.value)) + paragraph(routingText(card));
    if (!card.whatIf.empty()) {
        html += heading(tr("Would it have passed?"));
        for (const WhyCard::WhatIf& w : card.whatIf)
            html += paragraph(QStringLiteral("%1 %2 <b>%3</b>")
                                  .arg(w.helps ? QStringLiteral("✓") : QStringLiteral("–"),
                                       toQt(w.change).toHtmlEscaped() + u':',
                                       toQt(w.answer).toHtmlEscaped()));
    }
    html += heading(tr("CloudWatch would show"))
        + paragraph(tr("%1 of the limit on average in this minute.")
                        .arg(format::percent(card.cloudWatchPercent)));
    return html;
}

QString whyPlain(const WhyCard& card)
{
    QTextDocument document;
    document.setHtml(whyHtml(card));
    return document.toPlainText();
}

} // namespace shardscope::ui
