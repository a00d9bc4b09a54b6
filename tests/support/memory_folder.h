#pragma once

#include <QDir>
#include <QTemporaryDir>

namespace shardscope::test {

/// A folder of its own, in memory where the system has a place for that: there a test that makes
/// thousands of things durable does not wait for the disk.
struct MemoryFolder : QTemporaryDir {
    MemoryFolder()
        : QTemporaryDir((QDir(QStringLiteral("/dev/shm")).exists() ? QStringLiteral("/dev/shm")
                                                                   : QDir::tempPath())
                        + QStringLiteral("/shardscope-XXXXXX"))
    {
    }
};

} // namespace shardscope::test
