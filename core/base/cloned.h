#pragma once

#include <memory>
#include <utility>

namespace shardscope {

/// Owns a `T` of some derived class and copies it whole by its `clone()`, so that what holds it may
/// be copied like a value.
template <typename T> class Cloned {
public:
    Cloned(std::unique_ptr<T> owned)
        : m_owned(std::move(owned))
    {
    }
    Cloned(const Cloned& other)
        : m_owned(other.m_owned->clone())
    {
    }
    Cloned(Cloned&&) noexcept = default;
    Cloned& operator=(const Cloned& other) { return *this = Cloned(other); }
    Cloned& operator=(Cloned&&) noexcept = default;
    ~Cloned() = default;

    T& operator*() { return *m_owned; }
    const T& operator*() const { return *m_owned; }
    T* operator->() { return m_owned.get(); }
    const T* operator->() const { return m_owned.get(); }

private:
    std::unique_ptr<T> m_owned;
};

} // namespace shardscope
