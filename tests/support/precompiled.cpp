// SPDX-License-Identifier: MIT
// The precompiled header belongs to a target, and a target has to have a source.
