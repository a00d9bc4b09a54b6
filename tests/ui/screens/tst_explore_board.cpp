#include <QAccessible>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/sample_snapshot.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/explore/shard_map.h"
#include "ui/screens/explore/small_multiples.h"
#include "ui/style/palette.h"
#include "ui/widgets/line_chart.h"

using namespace shardscope;
using namespace shardscope::ui;

Q_DECLARE_METATYPE(shardscope::Act)

namespace {

struct Board {
    std::shared_ptr<const Snapshot> snapshot;
    Feed feed;
    ViewState view;
    ExploreBoard board;

    explicit Board(const sample::Options& options = {}, QSize size = {980, 690})
        : snapshot(sample::snapshot(options))
        , feed([this] { return snapshot; })
        , board(feed, view)
    {
        board.resize(size);
        feed.poll();
        board.show();
    }
    [[nodiscard]] ShardMap* map() const { return board.findChild<ShardMap*>(); }
    [[nodiscard]] LineChart* chart(const char* name) const
    {
        return board.findChild<LineChart*>(QLatin1String(name));
    }
};

} // namespace

class ExploreBoardTest : public QObject {
    Q_OBJECT

private slots:
    void picturesForPeople_data()
    {
        QTest::addColumn<int>("shards");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<Look>("look");
        for (const int shards : {4, 16, 64, 1024}) {
            QTest::addRow("%d shards, wide, light", shards)
                << shards << QSize(980, 690) << Look::Light;
            QTest::addRow("%d shards, wide, dark", shards)
                << shards << QSize(980, 690) << Look::Dark;
            QTest::addRow("%d shards, small, light", shards)
                << shards << QSize(564, 480) << Look::Light;
        }
        QTest::addRow("4 shards, contrast") << 4 << QSize(980, 690) << Look::HighContrast;
    }
    void picturesForPeople()
    {
        QFETCH(int, shards);
        QFETCH(QSize, size);
        QFETCH(Look, look);
        setLook(look);
        sample::Options options;
        options.shards = shards;
        options.changing = true;
        Board b(options, size);
        b.view.chooseShard(ShardSlot(2));
        const QImage picture = b.board.grab().toImage();
        QCOMPARE(picture.size(), size);
        const QByteArray folder = qgetenv("SHARDSCOPE_PICTURES");
        if (!folder.isEmpty())
            picture.save(QStringLiteral("%1/board-%2-%3-%4.png")
                             .arg(QString::fromLocal8Bit(folder))
                             .arg(shards)
                             .arg(size.width())
                             .arg(static_cast<int>(look)));
        setLook(Look::Light);
    }
};

QTEST_MAIN(ExploreBoardTest)
#include "tst_explore_board.moc"
