#pragma once

#include <cstddef>
#include <cstdint>

/// libFuzzer's entry point: feeds bytes to the readers of scenarios and traces and checks that they
/// answer with a value that can be written and read again, or with one line of error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
