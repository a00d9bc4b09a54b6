#pragma once

#include <QLocale>
#include <QString>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

/// The place where a number becomes text for people. Files for machines (CSV, JSON) never use it.
namespace shardscope::ui::format {

[[nodiscard]] QString count(double n); ///< 3 significant digits, SI: `959`, `1.00k`, `12.3M`
[[nodiscard]] QString exact(std::int64_t n); ///< grouped digits
[[nodiscard]] QString bytes(double n); ///< binary: `512 B`, `1.50 KiB`, `12.3 MiB`
[[nodiscard]] QString bytesPerSecond(double n);
[[nodiscard]] QString recordsPerSecond(double n);
[[nodiscard]] QString percent(double p); ///< `31 %`, `132 %`, `0.4 %`
[[nodiscard]] QString money(double usd); ///< `$0.015`, `$12.30`, `$1,234`
[[nodiscard]] QString
duration(SimDuration d); ///< `250 ms`, `8.0 s`, `1 m 05 s`, `1 h 02 m`, `3 d 04 h`
[[nodiscard]] QString clock(SimTime t); ///< `12:41:07.8` UTC
[[nodiscard]] QString clockExact(SimTime t); ///< `12:41:07.763`
[[nodiscard]] QString dateTime(SimTime t); ///< `2026-01-05 12:41:07` UTC
[[nodiscard]] QString speed(double factor); ///< `0.1×`, `10×`, `max`

} // namespace shardscope::ui::format
