#include "app/bench/bench_application.h"

#include <array>

namespace shardscope {

std::unique_ptr<QApplication> applicationUnlessThere()
{
    if (QCoreApplication::instance() != nullptr)
        return nullptr;
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    // They must live as long as the application, and it may be made anew.
    static int argc = 1;
    static std::array<char, 11> name {"shardscope"};
    static std::array<char*, 2> argv {name.data(), nullptr};
    return std::make_unique<QApplication>(argc, argv.data());
}

} // namespace shardscope
