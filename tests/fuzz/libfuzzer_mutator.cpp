// With libFuzzer: its own mutations, and the driver's with the words of the format in between.
#include <algorithm>
#include <string>

#include "core/base/rng.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutations.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed)
{
    static const std::vector<std::string> words = fuzzWords();
    const shardscope::CounterRng rng(seed, 1);
    std::uint64_t draws = 0;
    const auto below = [&](std::uint64_t n) { return rng.below(draws++, n); };
    if (size == 0 || below(2) == 0)
        return LLVMFuzzerMutate(data, size, most);
    std::string text(reinterpret_cast<const char*>(data), size);
    shardscope::test::mutate(text, words, {}, below);
    size = std::min(text.size(), most);
    std::copy_n(text.begin(), size, data);
    return size;
}
