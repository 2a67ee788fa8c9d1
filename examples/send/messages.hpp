// SPDX-License-Identifier: MIT
#ifndef SENDER_MESSAGES_HPP
#define SENDER_MESSAGES_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

struct message {
    std::string id;  ///< The only part that may be printed; number and text are private.
    std::string to;
    std::string text;
    std::string from{};  ///< The sender's name or number; empty: that of the run.
};

/// What `from` may be.
[[nodiscard]] bool is_sender(std::string_view name) noexcept;

/// Reads messages from CSV text with the header line `to,text` or `to,text,from`; ids are the
/// prefix and 1, 2, 3, …
/// @throws std::invalid_argument that names `file`, line, field and what is allowed, and never what
/// stands there: that is somebody's number or text.
[[nodiscard]] std::vector<message> read_messages(std::string_view csv, const std::string& file,
                                                 const std::string& id_prefix);

/// The same from a file, or from standard input for "-".
/// @throws std::invalid_argument also if the file cannot be read.
[[nodiscard]] std::vector<message> load_messages(const std::string& file,
                                                 const std::string& id_prefix);

/// Messages to numbers that belong to nobody.
[[nodiscard]] std::vector<message> generate_messages(std::size_t count,
                                                     const std::string& id_prefix);

/// Something like "m-k3x9q2p-": two runs do not share an id, so neither hides the other's
/// duplicate.
[[nodiscard]] std::string random_id_prefix();

}  // namespace sender

#endif  // SENDER_MESSAGES_HPP
