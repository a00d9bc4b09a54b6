#include "ui/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <cmath>

namespace shardscope::ui::format {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("format", text);
}

/// Three significant digits, so that columns of figures keep their width.
QString threeDigits(double value)
{
    const double size = std::abs(value);
    const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    return QLocale().toString(value, 'f', decimals);
}

QString withStep(double value, double base, std::size_t step,
                 const std::array<const char*, 6>& names)
{
    for (std::size_t i = 0; i < step; ++i)
        value /= base;
    return threeDigits(value) + words(names[step]);
}

std::size_t stepFor(double value, double base, double roundsUpAt)
{
    std::size_t step = 0;
    for (double size = std::abs(value); size >= roundsUpAt && step < 5; size /= base)
        ++step;
    return step;
}

QDateTime utc(SimTime t)
{
    return QDateTime::fromMSecsSinceEpoch(t.inMillis(), QTimeZone::utc());
}

QString two(std::int64_t n)
{
    return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0'));
}

struct Big {
    std::int64_t days, hours, minutes, seconds;
};

} // namespace

QString count(double n)
{
    static constexpr std::array<const char*, 6> names {"", "k", "M", "G", "T", "P"};
    if (std::abs(n) < 999.5) {
        const double whole = std::round(n);
        if (std::abs(n - whole) < 0.005 || std::abs(n) >= 99.95)
            return QLocale().toString(whole, 'f', 0);
        return QLocale().toString(n, 'f', 1);
    }
    return withStep(n, 1000, stepFor(n, 1000, 999.5), names);
}

QString exact(std::int64_t n)
{
    return QLocale().toString(static_cast<qlonglong>(n));
}

QString bytes(double n)
{
    static constexpr std::array<const char*, 6> names {" B",   " KiB", " MiB",
                                                       " GiB", " TiB", " PiB"};
    if (std::abs(n) < 1023.5)
        return QLocale().toString(std::round(n), 'f', 0) + words(names[0]);
    return withStep(n, 1024, stepFor(n, 1024, 1023.5), names);
}

QString bytesPerSecond(double n)
{
    return words("%1/s").arg(bytes(n));
}

QString recordsPerSecond(double n)
{
    return words("%1 records/s").arg(count(n));
}

QString percent(double p)
{
    const bool fine = std::abs(p) < 0.95 && std::abs(p) >= 0.05;
    const double shown = std::abs(p) < 0.05 ? 0.0 : p;
    return words("%1 %").arg(QLocale().toString(shown, 'f', fine ? 1 : 0));
}

QString money(double usd)
{
    const double size = std::abs(usd);
    const int decimals = size >= 999.995 ? 0
        : size >= 0.9995 || usd == 0     ? 2
        : size >= 0.00995                ? 3
                                         : 5;
    const QString digits = QLocale().toString(size, 'f', decimals);
    return (usd < 0 ? QStringLiteral("−$") : QStringLiteral("$")) + digits;
}

QString duration(SimDuration d)
{
    const std::int64_t millis = d.inMillis();
    if (millis < 0)
        return QStringLiteral("−") + duration(SimDuration::millis(-millis));
    if (millis < 1'000)
        return words("%1 ms").arg(millis);
    if (millis < 59'950)
        return words("%1 s").arg(QLocale().toString(d.inSeconds(), 'f', 1));
    const std::int64_t all = (millis + 500) / 1'000;
    const Big part {all / 86'400, all / 3'600 % 24, all / 60 % 60, all % 60};
    if (part.days > 0)
        return words("%1 d %2 h").arg(part.days).arg(two(part.hours));
    if (part.hours > 0)
        return words("%1 h %2 m").arg(part.hours).arg(two(part.minutes));
    return words("%1 m %2 s").arg(part.minutes).arg(two(part.seconds));
}

QString clock(SimTime t)
{
    return clockExact(t).chopped(2);
}

QString clockExact(SimTime t)
{
    return utc(t).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString dateTime(SimTime t)
{
    return utc(t).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString speed(double factor)
{
    if (factor <= 0)
        return words("max");
    const double tenths = std::round(factor * 10) / 10;
    const bool whole = factor >= 9.95 || tenths == std::floor(tenths);
    return words("%1×").arg(QLocale().toString(factor, 'f', whole ? 0 : 1));
}

} // namespace shardscope::ui::format
