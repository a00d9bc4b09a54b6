#include "tests/support/source_folder.h"

QString inSources(const char* path)
{
    return QStringLiteral(SHARDSCOPE_SOURCE_DIR "/") + QLatin1String(path);
}
