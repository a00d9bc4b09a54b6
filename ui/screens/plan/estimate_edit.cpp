#include "ui/screens/plan/estimate_edit.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace shardscope::ui {
namespace {

std::optional<double> parseNumber(QString text)
{
    text.remove(QRegularExpression(QStringLiteral("[\\s,]")));
    bool good = false;
    const double value = QLocale::c().toDouble(text, &good);
    return good && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

QString numberText(double value)
{
    const int decimals = value == std::floor(value) ? 0 : std::abs(value) < 10 ? 3 : 1;
    QString text = QLocale::c().toString(value, 'f', decimals);
    while (decimals > 0 && text.endsWith(QLatin1Char('0')))
        text.chop(1);
    return text;
}

} // namespace

std::optional<Estimate> parseEstimate(const QString& text)
{
    static const QRegularExpression between(
        QStringLiteral("\\s+(?:to|-|–|…)\\s+|\\s*(?:\\.\\.|–|…)\\s*"));
    const QStringList parts = text.trimmed().split(between);
    if (parts.size() > 2)
        return {};
    const auto low = parseNumber(parts.front()), high = parseNumber(parts.back());
    if (!low || !high || *low > *high)
        return {};
    return Estimate {*low, *high};
}

QString estimateText(const Estimate& estimate)
{
    return estimate.isRange()
        ? numberText(estimate.low) + QStringLiteral(" to ") + numberText(estimate.high)
        : numberText(estimate.low);
}

EstimateEdit::EstimateEdit(QString name, double least, double most, QWidget* parent)
    : QLineEdit(parent)
    , m_name(std::move(name))
    , m_least(least)
    , m_most(most)
{
    setAccessibleName(m_name);
    setToolTip(tr("A number, or a range such as 3000 to 4000"));
    connect(this, &QLineEdit::textEdited, this, [this] {
        if (problem().isEmpty())
            m_estimate = *parseEstimate(text());
        emit edited();
    });
}

void EstimateEdit::setEstimate(const Estimate& estimate)
{
    m_estimate = estimate;
    setText(estimateText(estimate));
}

Estimate EstimateEdit::estimate() const
{
    return m_estimate;
}

QString EstimateEdit::problem() const
{
    const auto read = parseEstimate(text());
    if (!read)
        return tr("%1 must be a number, or a range such as 3000 to 4000.").arg(m_name);
    if (read->low < m_least || read->high > m_most)
        return tr("%1 must lie between %2 and %3.")
            .arg(m_name, numberText(m_least), numberText(m_most));
    return {};
}

} // namespace shardscope::ui
