// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_STORAGE_HPP
#define BIDE_RETRY_DETAIL_STORAGE_HPP

#include <bide/retry/detail/trail.hpp>

#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace bide::inline v1::detail {

struct nothing {};

/// How a result is kept: void as nothing, a reference as a pointer.
template <class T>
struct keep {
    using type = std::remove_cv_t<T>;
};
template <class T>
    requires std::is_void_v<T>
struct keep<T> {
    using type = nothing;
};
template <class T>
struct keep<T&> {
    using type = T*;
};

/// What an outcome is made of: the place of a value, and the trail that says whether it is there.
///
/// Its owner constructs and destroys: while an operation runs, the two need not fit together.
template <class T>
struct storage {
    using kept = typename keep<T>::type;

    storage() {}   // NOLINT(modernize-use-equals-default): it would be deleted by the union
    ~storage() {}  // NOLINT(modernize-use-equals-default)
    storage(const storage&) = delete;
    storage& operator=(const storage&) = delete;

    /// In place, so that a result need not be movable.
    template <class Make>
    [[gnu::always_inline]] void construct(Make make) {
        if constexpr (std::is_void_v<T>) {
            make();
            ::new (static_cast<void*>(std::addressof(value))) kept();
        } else if constexpr (std::is_reference_v<T>) {
            ::new (static_cast<void*>(std::addressof(value))) kept(std::addressof(make()));
        } else {
            ::new (static_cast<void*>(std::addressof(value))) kept(make());
        }
    }

    /// The result as a classifier sees it.
    [[nodiscard]] const auto& result() const noexcept {
        if constexpr (std::is_reference_v<T>)
            return *value;
        else
            return value;
    }

    /// Requires that there is nothing here.
    void take(storage&& other) {
        if (other.past == nullptr || (other.past != moved_out() && other.past->has_value))
            ::new (static_cast<void*>(std::addressof(value))) kept(std::move(other.value));
        if (other.past == nullptr) {
            past = nullptr;  // the other keeps its moved-from value
        } else {
            if (other.past != moved_out() && other.past->has_value) other.value.~kept();
            past = std::exchange(other.past, moved_out());
        }
    }

    void replace_by(storage&& other) {
        destroy();
        past = moved_out();  // in case the move of the value throws
        take(std::move(other));
    }

    void destroy() noexcept {
        if (past == nullptr) {
            value.~kept();
        } else if (past != moved_out()) [[unlikely]] {
            destroy_all();
        }
    }

    union {
        kept value;
    };
    trail* past;  ///< Null: the first try succeeded.

private:
    [[gnu::cold, gnu::noinline]] void destroy_all() noexcept {
        if (past->has_value) value.~kept();
        delete past;
    }

    /// What a moved-from outcome points to instead of its trail: it has neither value nor trail.
    /// Compared, never read. No object's address, since two shared objects may have one each; and
    /// no trail's, since these are aligned.
    static trail* moved_out() noexcept {
        return reinterpret_cast<trail*>(std::uintptr_t{1});  // NOLINT(performance-no-int-to-ptr)
    }
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_STORAGE_HPP
