#include <QTest>

#include <string>

#include "core/base/crc32c.h"
#include "core/base/rng.h"

using namespace shardscope;

namespace {

/// As the definition has it, bit by bit.
std::uint32_t plainly(const std::string& bytes)
{
    std::uint32_t state = 0xffffffff;
    for (const char c : bytes) {
        state ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            state = (state >> 1) ^ ((state & 1) != 0 ? 0x82f63b78U : 0U);
    }
    return ~state;
}

std::string some(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(mix64(i));
    return bytes;
}

} // namespace

class Crc32cTest : public QObject {
    Q_OBJECT

private slots:
    void givesThePublishedSums()
    {
        QCOMPARE(crc32c("123456789", 9), 0xe3069283U);
        QCOMPARE(crc32c("", 0), 0U);
        QCOMPARE(crc32c(std::string(32, '\0').data(), 32), 0x8a9136aaU);
        QCOMPARE(crc32c(std::string(32, '\xff').data(), 32), 0x62a8ab43U);
    }

    void agreesWithTheDefinition()
    {
        const std::string bytes = some(40'000);
        for (const std::size_t size :
             {1U, 7U, 8U, 9U, 63U, 4095U, 12287U, 12288U, 12289U, 24576U, 39999U})
            for (const std::size_t from : {0U, 1U})
                QCOMPARE(crc32c(bytes.data() + from, size), plainly(bytes.substr(from, size)));
    }

    void goesOnWhereASumEnded()
    {
        const std::string bytes = some(30'000);
        for (const std::size_t cut : {0U, 1U, 13'000U, 30'000U})
            QCOMPARE(crc32c(bytes.data() + cut, bytes.size() - cut, crc32c(bytes.data(), cut)),
                     crc32c(bytes.data(), bytes.size()));
    }
};

QTEST_APPLESS_MAIN(Crc32cTest)
#include "tst_crc32c.moc"
