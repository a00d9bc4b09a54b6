#include <QTest>

#include <openssl/evp.h>

#include <array>
#include <string>
#include <vector>

#include "core/base/md5.h"
#include "core/base/rng.h"

using namespace shardscope;

Q_DECLARE_METATYPE(shardscope::Md5Path)

namespace {

HashKey byOpenSsl(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
    U128 value = 0;
    for (unsigned i = 0; i < size; ++i)
        value = (value << 8) | digest[i];
    return {value};
}

/// Keys side by side with nothing between them, so that each starts at any alignment.
struct Keys {
    std::string text;
    std::vector<std::uint32_t> offset {0};

    void add(std::string_view key)
    {
        text.append(key);
        offset.push_back(static_cast<std::uint32_t>(text.size()));
    }
    /// What lies behind the last key must not matter, so it is not zero.
    KeyBatch batch()
    {
        text.append(64, '\xff');
        return {text.data(), offset};
    }
    std::string_view key(std::size_t i) const
    {
        return std::string_view(text).substr(offset[i], offset[i + 1] - offset[i]);
    }
};

std::string randomText(const CounterRng& rng, std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>(rng.bits(i));
    return text;
}

} // namespace

class Md5Test : public QObject {
    Q_OBJECT

    static void check(Md5Path path, Keys& keys)
    {
        const KeyBatch batch = keys.batch();
        std::vector<std::uint64_t> high(batch.size() + 1, 42), low(batch.size() + 1, 42);
        md5Batch(path, batch, high.data(), low.data());
        for (std::size_t i = 0; i < batch.size(); ++i)
            QVERIFY2(HashKey::fromWords(high[i], low[i]) == byOpenSsl(keys.key(i)),
                     qPrintable(QStringLiteral("key %1 of %2, %3 bytes")
                                    .arg(i)
                                    .arg(batch.size())
                                    .arg(keys.key(i).size())));
        QCOMPARE(high.back(), 42U);
        QCOMPARE(low.back(), 42U);
    }

private slots:
    void meetsTheStandardsExamples_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("digest");
        QTest::newRow("nothing") << ""
                                 << "d41d8cd98f00b204e9800998ecf8427e";
        QTest::newRow("one letter") << "a"
                                    << "0cc175b9c0f1b6a831c399e269772661";
        QTest::newRow("three letters") << "abc"
                                       << "900150983cd24fb0d6963f7d28e17f72";
        QTest::newRow("words") << "message digest"
                               << "f96b697d7cb7938d525a2f31aaf161d0";
        QTest::newRow("the alphabet") << "abcdefghijklmnopqrstuvwxyz"
                                      << "c3fcd3d76192e4007dfb496cca67e13b";
        QTest::newRow("62 letters and digits, two blocks")
            << "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            << "d174ab98d277d9f5a5611c2c9f419d9f";
        QTest::newRow("80 digits") << "1234567890123456789012345678901234567890"
                                      "1234567890123456789012345678901234567890"
                                   << "57edf4a22be3c955ac49da2e2107b67a";
    }
    void meetsTheStandardsExamples()
    {
        QFETCH(QString, text);
        QFETCH(QString, digest);
        QCOMPARE(QString::fromStdString(toHex(md5(text.toStdString()))), digest);
    }

    void everyLengthAgreesWithOpenSsl()
    {
        const CounterRng rng(1, 1);
        for (std::size_t size = 0; size <= 300; ++size) {
            const std::string text = randomText(rng.fork(size), size);
            QCOMPARE(md5(text), byOpenSsl(text));
        }
    }

    void scalarIsAlwaysThere()
    {
        QVERIFY(!md5Paths().empty());
        QCOMPARE(md5Paths().front(), Md5Path::Scalar);
    }

    void batchesAgreeWithOpenSsl_data()
    {
        QTest::addColumn<Md5Path>("path");
        for (const Md5Path path : md5Paths())
            QTest::addRow("%s",
                          path == Md5Path::Scalar     ? "scalar"
                              : path == Md5Path::Avx2 ? "AVX2"
                                                      : "AVX-512")
                << path;
    }
    void batchesAgreeWithOpenSsl()
    {
        QFETCH(Md5Path, path);
        const quint64 seed = 20260105;
        // Every batch size up to two full turns of the widest path, and lengths on both sides of
        // one block.
        for (std::size_t size = 0; size <= 130; ++size) {
            Keys keys;
            const CounterRng rng = CounterRng(seed, size);
            for (std::size_t i = 0; i < size; ++i)
                keys.add(randomText(rng.fork(i), rng.below(i, 60)));
            check(path, keys);
        }
        Keys lengths; // 0 … 300 bytes, in one batch
        for (std::size_t size = 0; size <= 300; ++size)
            lengths.add(randomText(CounterRng(seed, size), size));
        check(path, lengths);
        Keys equal; // of one length, so that every alignment of 16 lanes occurs
        for (std::size_t i = 0; i < 257; ++i)
            equal.add(randomText(CounterRng(seed, i), 55));
        check(path, equal);
    }
    void longKeysLieBesideShortOnes_data() { batchesAgreeWithOpenSsl_data(); }
    void longKeysLieBesideShortOnes()
    {
        QFETCH(Md5Path, path);
        Keys keys;
        const CounterRng rng(7, 7);
        for (std::size_t i = 0; i < 500; ++i)
            keys.add(
                randomText(rng.fork(i), i % 3 == 0 ? 50 + rng.below(i, 250) : rng.below(i, 56)));
        check(path, keys);
    }

    void theBestPathIsTaken()
    {
        Keys keys;
        for (int i = 0; i < 200; ++i)
            keys.add("customer-" + std::to_string(i));
        const KeyBatch batch = keys.batch();
        std::vector<std::uint64_t> high(batch.size()), low(batch.size());
        md5Batch(batch, high.data(), low.data());
        for (std::size_t i = 0; i < batch.size(); ++i)
            QCOMPARE(HashKey::fromWords(high[i], low[i]), byOpenSsl(keys.key(i)));
    }
};

QTEST_APPLESS_MAIN(Md5Test)
#include "tst_md5.moc"
