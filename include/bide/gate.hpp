// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_HPP
#define BIDE_GATE_HPP

/// Gates: may a try start now? `retry(with(gate, policy), f)`.

#include <bide/bide.hpp>
#include <bide/gate/admission.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/initial_jitter.hpp>
#include <bide/gate/ticket.hpp>

#endif  // BIDE_GATE_HPP
