// A bounded fuzzer for compilers without libFuzzer: mutates the files it is given.
//   fuzz_driver ITERATIONS SEED FILE…
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutations.h"

namespace {

std::string readFile(const char* path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Mutator {
public:
    Mutator(std::uint64_t seed, const std::vector<std::string>& corpus)
        : m_rng(seed, 1)
        , m_corpus(corpus)
    {
    }

    std::string next()
    {
        std::string text = m_corpus[below(m_corpus.size())];
        for (std::uint64_t left = 1 + below(6); left > 0 && !text.empty(); --left)
            shardscope::test::mutate(text, m_words, m_corpus,
                                     [this](std::uint64_t n) { return below(n); });
        return text;
    }

private:
    std::uint64_t below(std::uint64_t n) { return m_rng.below(m_draws++, n); }

    shardscope::CounterRng m_rng;
    std::uint64_t m_draws = 0;
    const std::vector<std::string>& m_corpus;
    const std::vector<std::string> m_words = fuzzWords();
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 4) {
        std::fprintf(stderr, "usage: fuzz_driver ITERATIONS SEED FILE…\n");
        return 2;
    }
    std::vector<std::string> corpus;
    for (int i = 3; i < argc; ++i) {
        corpus.push_back(readFile(argv[i]));
        if (corpus.back().empty()) {
            std::fprintf(stderr, "%s: is empty or cannot be read\n", argv[i]);
            return 2;
        }
    }
    const long iterations = std::atol(argv[1]);
    const auto seed = static_cast<std::uint64_t>(std::atoll(argv[2]));
    std::printf("%ld mutations of %zu texts, seed %llu\n", iterations, corpus.size(),
                static_cast<unsigned long long>(seed));
    const auto feed = [](const std::string& text) {
        return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                                      text.size());
    };
    for (const std::string& text : corpus)
        feed(text);
    Mutator mutator(seed, corpus);
    for (long i = 0; i < iterations; ++i)
        feed(mutator.next());
    return 0;
}
