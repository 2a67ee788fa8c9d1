# SPDX-License-Identifier: MIT
# The middle one of numbers in a text, the lower of two.
function median(text,    values, n, i, j, held) {
    n = split(text, values, " ")
    for (i = 2; i <= n; ++i) {
        held = values[i]
        for (j = i - 1; j > 0 && values[j] + 0 > held + 0; --j) values[j + 1] = values[j]
        values[j + 1] = held
    }
    return values[int((n + 1) / 2)]
}
