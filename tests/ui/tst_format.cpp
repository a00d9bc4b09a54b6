#include <QTest>

#include "ui/format.h"

using namespace shardscope;
namespace format = shardscope::ui::format;

class FormatTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void numbersBecomeText_data()
    {
        QTest::addColumn<QString>("seen");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QString& seen, const char* expected) {
            QTest::newRow(name) << seen << QString::fromUtf8(expected);
        };
        row("below a thousand a count is whole", format::count(959), "959");
        row("a small fraction keeps one digit", format::count(3.14), "3.1");
        row("nothing is 0", format::count(0), "0");
        row("just below the step", format::count(999.4), "999");
        row("rounds over the step", format::count(999.6), "1.00k");
        row("a thousand", format::count(1000), "1.00k");
        row("millions", format::count(12'340'000), "12.3M");
        row("negative", format::count(-1500), "-1.50k");
        row("bytes", format::bytes(512), "512 B");
        row("just below a KiB", format::bytes(1023), "1,023 B");
        row("one KiB", format::bytes(1024), "1.00 KiB");
        row("one and a half KiB", format::bytes(1536), "1.50 KiB");
        row("MiB keep three digits", format::bytes(12.3 * 1048576), "12.3 MiB");
        row("1023.9 KiB are a MiB", format::bytes(1023.9 * 1024), "1.00 MiB");
        row("a rate of bytes", format::bytesPerSecond(1048576), "1.00 MiB/s");
        row("a rate of records", format::recordsPerSecond(1000), "1.00k records/s");
        row("percent", format::percent(31.4), "31 %");
        row("above the limit", format::percent(132), "132 %");
        row("below one per cent a digit more", format::percent(0.42), "0.4 %");
        row("next to nothing", format::percent(0.01), "0 %");
        row("cents", format::money(0.015), "$0.015");
        row("dollars", format::money(12.3), "$12.30");
        row("thousands without cents", format::money(1234.4), "$1,234");
        row("no money", format::money(0), "$0.00");
        row("a debt", format::money(-2), "−$2.00");
        row("milliseconds", format::duration(SimDuration::millis(250)), "250 ms");
        row("seconds", format::duration(SimDuration::seconds(8)), "8.0 s");
        row("just below a minute", format::duration(SimDuration::millis(59'940)), "59.9 s");
        row("rounds to a minute", format::duration(SimDuration::millis(59'960)), "1 m 00 s");
        row("minutes", format::duration(SimDuration::seconds(65)), "1 m 05 s");
        row("hours", format::duration(SimDuration::minutes(62)), "1 h 02 m");
        row("days", format::duration(SimDuration::hours(76)), "3 d 04 h");
        row("backwards", format::duration(SimDuration::seconds(-8)), "−8.0 s");
        row("slow", format::speed(0.1), "0.1×");
        row("fast", format::speed(10), "10×");
        row("nearly asked", format::speed(9.8), "9.8×");
        row("as fast as can be", format::speed(0), "max");
        const SimTime t = SimTime::fromMillis(1'767'616'867'763);
        row("a clock", format::clock(t), "12:41:07.7");
        row("a clock to the millisecond", format::clockExact(t), "12:41:07.763");
        row("a date", format::dateTime(t), "2026-01-05 12:41:07");
        row("every digit", format::exact(1'234'567), "1,234,567");
    }

    void numbersBecomeText()
    {
        QFETCH(QString, seen);
        QFETCH(QString, expected);
        QCOMPARE(seen, expected);
    }
};

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
