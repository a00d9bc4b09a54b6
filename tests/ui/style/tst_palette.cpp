#include <QTest>

#include <array>
#include <cmath>

#include "ui/style/palette.h"

using namespace shardscope::ui;

namespace {

using Linear = std::array<double, 3>;

double toLinear(int channel)
{
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Linear linear(const QColor& c)
{
    return {toLinear(c.red()), toLinear(c.green()), toLinear(c.blue())};
}

double luminance(const QColor& c)
{
    const Linear l = linear(c);
    return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
}

/// WCAG 2.1 contrast ratio, 1 … 21.
double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

using Matrix = std::array<Linear, 3>;
/// Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
constexpr Matrix kNormal {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtan {{{0.152286, 1.052583, -0.204868},
                           {0.114503, 0.786281, 0.099216},
                           {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan {{{0.367322, 0.860646, -0.227968},
                           {0.280085, 0.672501, 0.047413},
                           {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan {{{1.255528, -0.076749, -0.178779},
                           {-0.078411, 0.930809, 0.147602},
                           {0.004733, 0.691367, 0.303900}}};

Linear seenAs(const Matrix& m, const Linear& c)
{
    Linear out {};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = std::clamp(m[i][0] * c[0] + m[i][1] * c[1] + m[i][2] * c[2], 0.0, 1.0);
    return out;
}

struct Lab {
    double l, a, b;
};

/// CIE L*a*b* under D65.
Lab lab(const Linear& c)
{
    const auto f = [](double t) {
        return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
    };
    const double x = f((0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047);
    const double y = f(0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2]);
    const double z = f((0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// CIEDE2000 colour difference.
double difference(const Lab& one, const Lab& two)
{
    constexpr double pi = 3.14159265358979323846;
    const double meanChroma = (std::hypot(one.a, one.b) + std::hypot(two.a, two.b)) / 2;
    const double g = 0.5
        * (1 - std::sqrt(std::pow(meanChroma, 7) / (std::pow(meanChroma, 7) + std::pow(25.0, 7))));
    const double a1 = one.a * (1 + g);
    const double a2 = two.a * (1 + g);
    const double c1 = std::hypot(a1, one.b);
    const double c2 = std::hypot(a2, two.b);
    const auto hue = [](double b, double a) {
        const double h = std::atan2(b, a);
        return h < 0 ? h + 2 * pi : h;
    };
    const double h1 = c1 == 0 ? 0 : hue(one.b, a1);
    const double h2 = c2 == 0 ? 0 : hue(two.b, a2);
    double dh = h2 - h1;
    if (c1 * c2 == 0)
        dh = 0;
    else if (dh > pi)
        dh -= 2 * pi;
    else if (dh < -pi)
        dh += 2 * pi;
    const double dL = two.l - one.l;
    const double dC = c2 - c1;
    const double dH = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2);
    const double l = (one.l + two.l) / 2;
    const double c = (c1 + c2) / 2;
    double h = h1 + h2;
    if (c1 * c2 != 0) {
        if (std::abs(h1 - h2) > pi)
            h += h < 2 * pi ? 2 * pi : -2 * pi;
        h /= 2;
    }
    const double t = 1 - 0.17 * std::cos(h - pi / 6) + 0.24 * std::cos(2 * h)
        + 0.32 * std::cos(3 * h + pi / 30) - 0.20 * std::cos(4 * h - 63 * pi / 180);
    const double turn = pi / 6 * std::exp(-std::pow((h * 180 / pi - 275) / 25, 2));
    const double rc = 2 * std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7)));
    const double sl = 1 + 0.015 * std::pow(l - 50, 2) / std::sqrt(20 + std::pow(l - 50, 2));
    const double sc = 1 + 0.045 * c;
    const double sh = 1 + 0.015 * c * t;
    const double rt = -std::sin(2 * turn) * rc;
    return std::sqrt(std::pow(dL / sl, 2) + std::pow(dC / sc, 2) + std::pow(dH / sh, 2)
                     + rt * dC / sc * dH / sh);
}

const std::array<std::pair<const char*, QColor Palette::*>, 6> kRoles {
    {{"ingest", &Palette::ingest},
     {"egress", &Palette::egress},
     {"refused", &Palette::refused},
     {"age", &Palette::age},
     {"lag", &Palette::lag},
     {"limit", &Palette::limit}}};

} // namespace

class PaletteTest : public QObject {
    Q_OBJECT

    static void addLooks()
    {
        QTest::addColumn<Look>("look");
        QTest::newRow("light") << Look::Light;
        QTest::newRow("dark") << Look::Dark;
        QTest::newRow("high contrast") << Look::HighContrast;
    }

private slots:
    void theRulerIsRight()
    {
        // Sharma, Wu, Dalal (2005), pairs 1 and 25 of their table.
        QVERIFY(std::abs(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}) - 2.0425) < 1e-4);
        QVERIFY(std::abs(difference({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387})
                         - 1.2644)
                < 1e-4);
        QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21.0) < 1e-9);
    }

    void everyCurveStandsOutFromThePlot_data() { addLooks(); }
    void everyCurveStandsOutFromThePlot()
    {
        QFETCH(Look, look);
        const Palette& p = paletteOf(look);
        for (const auto& [name, role] : kRoles)
            QVERIFY2(contrast(p.*role, p.plot) >= 3.0,
                     qPrintable(QStringLiteral("%1: %2")
                                    .arg(QLatin1String(name))
                                    .arg(contrast(p.*role, p.plot))));
    }

    void textIsReadableOnEveryBackground_data() { addLooks(); }
    void textIsReadableOnEveryBackground()
    {
        QFETCH(Look, look);
        const Palette& p = paletteOf(look);
        for (const QColor& ground : {p.plot, p.window, p.panel}) {
            QVERIFY(contrast(p.text, ground) >= 7.0);
            QVERIFY2(contrast(p.mutedText, ground) >= 4.5,
                     qPrintable(QString::number(contrast(p.mutedText, ground))));
            QVERIFY(contrast(p.focus, ground) >= 3.0);
        }
        QVERIFY(contrast(p.closedShard, p.plot) >= 3.0);
        QVERIFY(contrast(p.splitting, p.plot) >= 3.0);
    }

    void rolesDifferUnderEverySight_data() { addLooks(); }
    void rolesDifferUnderEverySight()
    {
        QFETCH(Look, look);
        const Palette& p = paletteOf(look);
        for (const Matrix& sight : {kNormal, kProtan, kDeutan, kTritan})
            for (std::size_t i = 0; i < kRoles.size(); ++i)
                for (std::size_t j = 0; j < i; ++j) {
                    const double d = difference(lab(seenAs(sight, linear(p.*kRoles[i].second))),
                                                lab(seenAs(sight, linear(p.*kRoles[j].second))));
                    QVERIFY2(d >= 8.0,
                             qPrintable(QStringLiteral("%1 and %2: %3")
                                            .arg(QLatin1String(kRoles[i].first),
                                                 QLatin1String(kRoles[j].first))
                                            .arg(d)));
                }
    }

    void heatGrowsLighterSteadily()
    {
        double before = -1;
        for (int i = 0; i <= 100; ++i) {
            const double l = lab(linear(QColor::fromRgb(Palette::heat(i / 100.0)))).l;
            QVERIFY2(l >= before, qPrintable(QString::number(i)));
            before = l;
        }
        QCOMPARE(Palette::heat(-1), Palette::heat(0));
        QCOMPARE(Palette::heat(2), Palette::heat(1));
        QCOMPARE(Palette::heat(std::nan("")), Palette::heat(0));
    }

    void theLookRestylesTheApplication()
    {
        setLook(Look::Dark);
        QCOMPARE(palette().look, Look::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), paletteOf(Look::Dark).window);
        setLook(Look::Light);
        QCOMPARE(QApplication::palette().color(QPalette::WindowText), paletteOf(Look::Light).text);
    }
};

QTEST_MAIN(PaletteTest)
#include "tst_palette.moc"
