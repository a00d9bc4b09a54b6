#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <memory>

#include "core/storage/file_system.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;

namespace {

QString message(const Error& error)
{
    return QString::fromStdString(error.message);
}

std::string readAll(FileSystem& files, const std::string& path)
{
    const auto file = files.open(path, FileSystem::Access::Read);
    std::string bytes(*(*file)->size(), '\0');
    const auto count = (*file)->readFully(0, bytes);
    bytes.resize(count.value_or(0));
    return bytes;
}

} // namespace

/// What both file systems must do alike.
class FileSystemTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    FaultyFiles m_faulty;
    FileSystem* m_files = nullptr;
    std::string m_root;

    static void bothKinds()
    {
        QTest::addColumn<bool>("real");
        QTest::newRow("the real one") << true;
        QTest::newRow("the one of the tests") << false;
    }

private slots:
    void init()
    {
        QFETCH_GLOBAL(bool, real);
        m_files = real ? static_cast<FileSystem*>(&realFiles()) : &m_faulty;
        m_root = m_dir.path().toStdString() + '/' + QTest::currentTestFunction();
        QVERIFY(m_files->makeFolder(m_root).has_value());
    }
    void initTestCase_data() { bothKinds(); }

    void writesAndReadsBack()
    {
        const std::string path = m_root + "/file";
        const auto file = m_files->open(path, FileSystem::Access::Write);
        QVERIFY(file.has_value());
        QVERIFY((*file)->writeFully(3, std::string("abc")).has_value());
        QVERIFY((*file)->sync().has_value());
        QCOMPARE(*(*file)->size(), 6U);
        QCOMPARE(readAll(*m_files, path), std::string("\0\0\0abc", 6));
        std::string more(10, 'x');
        QCOMPARE(*(*file)->readFully(4, more), 2U);
        QCOMPARE(*(*file)->readFully(6, more), 0U);
    }

    void writesPastTheCache()
    {
        const std::string path = m_root + "/file";
        const auto file = m_files->open(path, FileSystem::Access::WriteDirect);
        QVERIFY(file.has_value());
        QVERIFY((*file)->allocate(3 * kDiskPage).has_value());
        QCOMPARE(*(*file)->size(), 3 * kDiskPage);
        const std::unique_ptr<char, void (*)(void*)> page(
            static_cast<char*>(std::aligned_alloc(kDiskPage, kDiskPage)), std::free);
        std::fill_n(page.get(), kDiskPage, 'p');
        QVERIFY((*file)->writeFully(kDiskPage, {page.get(), kDiskPage}).has_value());
        const std::string bytes = readAll(*m_files, path);
        QCOMPARE(bytes.substr(kDiskPage, kDiskPage), std::string(kDiskPage, 'p'));
        QCOMPARE(bytes.substr(0, kDiskPage), std::string(kDiskPage, '\0'));
        QVERIFY((*file)->truncate(kDiskPage + 1).has_value());
        QCOMPARE(readAll(*m_files, path).size(), kDiskPage + 1);
    }

    void listsAndRemoves()
    {
        QVERIFY(m_files->makeFolder(m_root + "/b/c").has_value());
        QVERIFY(m_files->makeFolder(m_root + "/b/c").has_value());
        QVERIFY(m_files->open(m_root + "/a", FileSystem::Access::Write).has_value());
        QCOMPARE(*m_files->list(m_root), (std::vector<std::string> {"a", "b"}));
        QVERIFY(m_files->list(m_root + "/nowhere")->empty());
        QVERIFY(m_files->rename(m_root + "/a", m_root + "/d").has_value());
        QCOMPARE(*m_files->list(m_root), (std::vector<std::string> {"b", "d"}));
        QVERIFY(m_files->remove(m_root + "/d").has_value());
        QVERIFY(m_files->remove(m_root + "/d").has_value());
        QVERIFY(m_files->remove(m_root + "/b/c").has_value());
        QVERIFY(m_files->remove(m_root + "/b").has_value());
        QVERIFY(m_files->list(m_root)->empty());
        QVERIFY(m_files->syncFolder(m_root).has_value());
    }

    void saysWhatItCannotDo()
    {
        const auto file = m_files->open(m_root + "/nowhere/file", FileSystem::Access::Write);
        QVERIFY(!file.has_value());
        QVERIFY(file.error().code == ErrorCode::Io);
        QVERIFY(message(file.error()).contains("/nowhere/file"));
        QVERIFY(!m_files->open(m_root + "/none", FileSystem::Access::Read).has_value());
        QVERIFY(m_files->list(m_root)->empty());
    }

    void aLockIsHeldOnce()
    {
        auto first = m_files->lock(m_root + "/lock");
        QVERIFY(first.has_value());
        const auto second = m_files->lock(m_root + "/lock");
        QVERIFY(!second.has_value());
        QVERIFY(second.error().code == ErrorCode::BadInput);
        QVERIFY(message(second.error()).contains("is held by process"));
        first->reset();
        QVERIFY(m_files->lock(m_root + "/lock").has_value());
    }
};

QTEST_GUILESS_MAIN(FileSystemTest)
#include "tst_file_system.moc"
