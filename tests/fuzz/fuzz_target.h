#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What one fuzzed program defines: libFuzzer's entry point, which feeds bytes to readers and stops
/// the program when one answers with neither a value that keeps its promises nor one line of error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Texts that the driver puts into its mutations: what the format is made of, and its edges.
[[nodiscard]] std::vector<std::string> fuzzWords();
