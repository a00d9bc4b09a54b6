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
        return QStringLiteral("✓");
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

QString elided(const QString& text, qsizetype most)
{
    return text.size() > most ? text.left(most - 1) + QStringLiteral("…") : text;
}

QString arrivalRow(const WhyCard::Arrival& a)
{
    // Keys are often long and all alike at the front; the table stays narrow.
    constexpr qsizetype kKeyChars = 13;
    const QString cells = cell(QString::number(a.ms), "right")
        + cell(elided(toQt(a.key), kKeyChars).toHtmlEscaped())
        + cell(format::exact(a.bytes), "right") + cell(format::exact(a.runningSum), "right")
        + cell(outcomeText(a));
    return a.thisOne ? QStringLiteral("<tr style=\"font-weight:bold;color:%1\">%2</tr>")
                           .arg(palette().refused.name(), cells)
                     : QStringLiteral("<tr>%1</tr>").arg(cells);
}

/// The first arrivals of the second, those just before the refused one, it, and those after.
QString arrivalsTable(const WhyCard& card)
{
    constexpr std::ptrdiff_t kFirst = 2;
    constexpr std::ptrdiff_t kBefore = 4;
    constexpr std::ptrdiff_t kAfter = 3;
    const auto asked = std::find_if(card.arrivals.begin(), card.arrivals.end(),
                                    [](const WhyCard::Arrival& a) { return a.thisOne; });
    const std::ptrdiff_t middle = asked - card.arrivals.begin();
    QString rows;
    bool gap = false;
    for (std::ptrdiff_t i = 0; i < std::ssize(card.arrivals); ++i) {
        if (i >= kFirst && (i < middle - kBefore || i > middle + kAfter)) {
            if (!gap)
                rows += QStringLiteral("<tr>%1</tr>").arg(cell(QStringLiteral("…"), "right"));
            gap = true;
            continue;
        }
        gap = false;
        rows += arrivalRow(card.arrivals[static_cast<std::size_t>(i)]);
    }
    const auto title = [](const QString& text, const char* align) {
        return cell(QStringLiteral("<span style=\"color:%1\">%2</span>")
                        .arg(palette().mutedText.name(), text),
                    align);
    };
    return QStringLiteral("<table cellspacing=\"0\" width=\"100%\"><tr>%1</tr>%2</table>")
        .arg(title(tr("ms"), "right") + title(tr("key"), "left") + title(tr("bytes"), "right")
                 + title(countsBytes(card) ? tr("sum") : tr("count"), "right")
                 + title(QString(), "left"),
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
    const QString held = countsBytes(card)
        ? tr("bucket held <b>%1</b> of <b>%2</b> bytes needed")
              .arg(format::exact(static_cast<std::int64_t>(left)),
                   format::exact(card.refusal.bytes))
        : tr("bucket held <b>%1</b> of <b>1</b> record needed").arg(QString::number(left, 'f', 2));
    return tr("%1 → <b>full</b> at %2 ms; it alone would have passed %3 later.")
        .arg(held)
        .arg(card.refusal.at.inMillis() % 1'000)
        .arg(format::duration(wait));
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
                                  .arg(w.helps ? QStringLiteral("✓") : QStringLiteral("✕"),
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
