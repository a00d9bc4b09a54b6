#include <QTest>

#include "core/agent/record_splitter.h"

using namespace shardscope;

/// Where a record of a followed file begins and ends.
class RecordSplitterTest : public QObject {
    Q_OBJECT

    using Records = std::vector<RecordSplitter::Record>;
    static QStringList texts(const Records& records)
    {
        QStringList all;
        for (const auto& record : records)
            all += QString::fromStdString(record.data);
        return all;
    }

private slots:
    void aLineIsARecordWithItsNewline()
    {
        RecordSplitter splitter({}, 0);
        Records out;
        splitter.feed("one\ntw", out);
        QCOMPARE(texts(out), QStringList {"one\n"});
        QVERIFY(splitter.holds());
        splitter.feed("o\nthree", out);
        QCOMPARE(texts(out), (QStringList {"one\n", "two\n"}));
        QCOMPARE(out[1].end, 8);
        splitter.finish(out);
        QCOMPARE(texts(out).last(), QStringLiteral("three"));
        QCOMPARE(out[2].end, 13);
    }
    void severalLinesAreARecordUpToTheNextStart()
    {
        AgentFlowSpec flow;
        flow.multiLineStart = "\\[";
        RecordSplitter splitter(flow, 100);
        Records out;
        splitter.feed("[1] failed\n  at a\n  at b\n", out);
        QVERIFY(out.empty());
        QVERIFY(splitter.waitsForStart());
        splitter.feed("[2] fine\n", out);
        QCOMPARE(texts(out), QStringList {"[1] failed\n  at a\n  at b\n"});
        QCOMPARE(out[0].end, 125);
        splitter.finish(out);
        QCOMPARE(texts(out).last(), QStringLiteral("[2] fine\n"));
    }
    void headerAndFooterAreNoRecords()
    {
        AgentFlowSpec flow;
        flow.skipHeaderLines = 2;
        flow.fileFooter = "# end";
        RecordSplitter splitter(flow, 0), later(flow, 4);
        Records out, rest;
        splitter.feed("a,b\n1,2\n3,4\n# end of file\n", out);
        QCOMPARE(texts(out), QStringList {"3,4\n"});
        later.feed("1,2\n", rest);
        QCOMPARE(texts(rest), QStringList {"1,2\n"});
    }
    void aLineOfTheLimitIsWholeAndALongerOneIsCut()
    {
        // 1 MiB with a partition key of six digits.
        const std::size_t most = (1u << 20) - 6;
        AgentFlowSpec flow;
        flow.truncatedTerminator = "…\n";
        RecordSplitter splitter(flow, 0);
        Records out;
        splitter.feed(std::string(most - 1, 'a') + '\n', out);
        splitter.feed(std::string(most, 'b'), out);
        splitter.feed(std::string(5'000'000, 'b') + "\nc\n", out);
        QCOMPARE(out.size(), std::size_t(3));
        QCOMPARE(out[0].data, std::string(most - 1, 'a') + '\n');
        QCOMPARE(out[1].data.size(), most);
        QVERIFY(out[1].data.ends_with("b…\n"));
        QCOMPARE(out[2].data, std::string("c\n"));
    }
    void theCutsDoNotMatter()
    {
        AgentFlowSpec flow;
        flow.multiLineStart = "[A-Z]";
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += (i % 3 == 0 ? "Start " : "more ")
                + std::string(static_cast<std::size_t>(i), '.') + '\n';
        Records whole;
        RecordSplitter one(flow, 0);
        one.feed(text, whole);
        one.finish(whole);
        for (const std::size_t step : {1u, 7u, 100u}) {
            Records parts;
            RecordSplitter splitter(flow, 0);
            for (std::size_t at = 0; at < text.size(); at += step)
                splitter.feed(std::string_view(text).substr(at, step), parts);
            splitter.finish(parts);
            QCOMPARE(texts(parts), texts(whole));
        }
        QCOMPARE(whole.size(), std::size_t(67));
    }
};

QTEST_APPLESS_MAIN(RecordSplitterTest)
#include "tst_record_splitter.moc"
