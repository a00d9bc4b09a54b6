#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include "tests/support/source_folder.h"

/// Reads every #include of app, core and ui and fails on an edge that the house does not allow.
class LayersTest : public QObject {
    Q_OBJECT

    static QString folderOf(const QString& path)
    {
        const QStringList parts = path.split(QLatin1Char('/'));
        if (parts.size() < 2)
            return {};
        return parts[0] == QLatin1String("core") ? parts[0] + QLatin1Char('/') + parts[1]
                                                 : parts[0];
    }

private slots:
    void includesPointDownwards()
    {
        // Each folder may include itself and these.
        const QSet<QString> base {"core/base"};
        const QSet<QString> clock = base + QSet<QString> {"core/clock"};
        const QSet<QString> storage = clock + QSet<QString> {"core/storage"};
        const QSet<QString> engine = storage + QSet<QString> {"core/engine"};
        // Metrics reads the specs it shows; neighbours otherwise do not know each other.
        const QSet<QString> specs = engine + QSet<QString> {"core/workload", "core/consumers"};
        const QSet<QString> scenario = specs + QSet<QString> {"core/scenario"};
        // Plans what a scenario can run.
        const QSet<QString> planner = scenario + QSet<QString> {"core/planner"};
        const QSet<QString> runtime = planner
            + QSet<QString> {"core/metrics", "core/catalog", "core/endpoint", "core/runtime"};
        // Follows files; who runs it says where its records go.
        const QSet<QString> agent = scenario + QSet<QString> {"core/catalog", "core/agent"};
        // Shows what follows files; app lets it.
        const QSet<QString> ui = runtime + QSet<QString> {"ui", "core/agent"};
        const QMap<QString, QSet<QString>> allowed {
            {"core/base", base},
            {"core/clock", clock},
            {"core/storage", storage},
            {"core/engine", engine},
            {"core/workload", engine + QSet<QString> {"core/workload"}},
            {"core/consumers", engine + QSet<QString> {"core/consumers"}},
            {"core/metrics", specs + QSet<QString> {"core/metrics"}},
            {"core/planner", planner},
            {"core/catalog", engine + QSet<QString> {"core/catalog"}},
            {"core/endpoint", engine + QSet<QString> {"core/endpoint"}},
            {"core/scenario", scenario},
            {"core/runtime", runtime},
            {"core/agent", agent},
            {"ui", ui},
            {"app", ui + QSet<QString> {"app"}},
        };
        const QString root = inSources("");
        static const QRegularExpression include(QStringLiteral("^#include \"([^\"]+)\""));
        int seen = 0;
        for (const char* top : {"app", "core", "ui"}) {
            QDirIterator files(root + QLatin1String(top), {"*.h", "*.cpp"}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                const QString path = files.next().mid(root.size());
                const QString folder = folderOf(path);
                QVERIFY2(allowed.contains(folder),
                         qPrintable(path + " lies in a folder this test does not know"));
                QFile file(root + path);
                QVERIFY(file.open(QIODevice::ReadOnly));
                int number = 0;
                for (const QByteArray& line : file.readAll().split('\n')) {
                    ++number;
                    const auto match = include.match(QString::fromUtf8(line));
                    if (!match.hasMatch() || !match.captured(1).contains(QLatin1Char('/')))
                        continue;
                    ++seen;
                    const QString target = folderOf(match.captured(1));
                    QVERIFY2(allowed[folder].contains(target),
                             qPrintable(QStringLiteral("%1:%2 includes %3")
                                            .arg(path)
                                            .arg(number)
                                            .arg(match.captured(1))));
                    const bool core = folder.startsWith(QLatin1String("core"));
                    QVERIFY2(!core || !match.captured(1).startsWith(QLatin1String("Q")),
                             qPrintable(path));
                }
            }
        }
        QVERIFY(seen > 0);
    }

    void coreKnowsNoWindow()
    {
        const QString root = inSources("");
        // QtCore is allowed where JSON documents are read and written, and nowhere else in core.
        const QSet<QString> jsonReaders {"core/scenario/scenario_json.cpp",
                                         "core/planner/price_book.cpp"};
        static const QRegularExpression qt(QStringLiteral("^#include <(Q[A-Za-z/]+)>"));
        QDirIterator files(root + QLatin1String("core"), {"*.h", "*.cpp"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next().mid(root.size());
            QFile file(root + path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const QByteArray& line : file.readAll().split('\n')) {
                const auto match = qt.match(QString::fromUtf8(line));
                QVERIFY2(!match.hasMatch() || jsonReaders.contains(path),
                         qPrintable(path + " includes " + match.captured(1)));
            }
        }
    }
};

QTEST_APPLESS_MAIN(LayersTest)
#include "tst_layers.moc"
