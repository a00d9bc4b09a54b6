#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock/sim_time.h"

namespace shardscope::endpoint {

/// Writes an answer as it goes: no tree on the way out. In a map every value follows its key().
/// JSON, CBOR and the query protocol's XML stand behind it.
class WireWriter {
public:
    virtual ~WireWriter() = default;
    virtual void beginMap() = 0;
    virtual void endMap() = 0;
    virtual void beginList() = 0;
    virtual void endList() = 0;
    virtual void key(std::string_view name) = 0; ///< of ours: nothing in it needs an escape
    virtual void name(std::string_view name) = 0; ///< a key that a peer chose
    virtual void text(std::string_view value) = 0;
    virtual void integer(std::int64_t value) = 0;
    virtual void number(double value) = 0;
    virtual void boolean(bool value) = 0;
    virtual void null() = 0;
    virtual void time(SimTime at) = 0;
    /// Base64 in JSON and XML.
    virtual void blob(std::string_view bytes) = 0;

    void member(std::string_view name, std::string_view value)
    {
        key(name);
        text(value);
    }
    void member(std::string_view name, std::int64_t value)
    {
        key(name);
        integer(value);
    }
    void member(std::string_view name, SimTime at)
    {
        key(name);
        time(at);
    }
    /// Named apart: a pointer to text would become a bool in silence.
    void flag(std::string_view name, bool value)
    {
        key(name);
        boolean(value);
    }
    void beginMap(std::string_view name)
    {
        key(name);
        beginMap();
    }
    void beginList(std::string_view name)
    {
        key(name);
        beginList();
    }
};

} // namespace shardscope::endpoint
