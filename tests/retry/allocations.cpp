// SPDX-License-Identifier: MIT
#include "retry/allocations.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

thread_local std::int64_t made = 0;
thread_local std::int64_t live = 0;
thread_local std::int64_t failing = 0;

#if BIDE_TESTS_COUNT_ALLOCATIONS
void* allocate(std::size_t size, std::size_t alignment) noexcept {
    ++made;
    if (made == failing) return nullptr;
    // aligned_alloc wants a multiple of the alignment.
    auto* p = std::aligned_alloc(alignment, (size / alignment + 1) * alignment);
    if (p != nullptr) ++live;
    return p;
}
void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    auto* p = allocate(size, alignment);
    if (p == nullptr) throw std::bad_alloc{};
    return p;
}
void release(void* p) noexcept {
    if (p != nullptr) --live;
    std::free(p);
}

constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
constexpr std::size_t number(std::align_val_t a) { return static_cast<std::size_t>(a); }
#endif

}  // namespace

#if BIDE_TESTS_COUNT_ALLOCATIONS
void* operator new(std::size_t n) { return allocate_or_throw(n, usual); }
void* operator new[](std::size_t n) { return allocate_or_throw(n, usual); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, usual); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, usual); }
void* operator new(std::size_t n, std::align_val_t a) { return allocate_or_throw(n, number(a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return allocate_or_throw(n, number(a)); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { release(p); }
#endif

namespace support {

allocations::allocations(std::int64_t which) noexcept : live_before_{::live} {
    made = 0;
    failing = which;
}
allocations::~allocations() { failing = none; }
std::int64_t allocations::count() const noexcept { return made; }
std::int64_t allocations::live() const noexcept { return ::live - live_before_; }

}  // namespace support
