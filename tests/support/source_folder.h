#pragma once

#include <QString>

/// Where the sources lie, for tests that read what is kept beside them.
[[nodiscard]] QString inSources(const char* path);
