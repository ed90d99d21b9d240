// SPDX-License-Identifier: Apache-2.0
#include "dump/descriptors.hpp"

#include "dump/target.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>

namespace curfew::tool::dump {
namespace {

/// "0100007F:1F90" as the kernel writes it: words in the order of this machine, the port as people read it.
std::string address(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view digits = text.substr(0, colon);
  unsigned port = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), port, 16);
  unsigned char bytes[16] = {};
  for (std::size_t word = 0; word < digits.size() / 8 && word < 4; ++word) {
    std::uint32_t value = 0;
    std::from_chars(digits.data() + word * 8, digits.data() + word * 8 + 8, value, 16);
    std::memcpy(bytes + word * 4, &value, sizeof value);
  }
  const bool is_6 = digits.size() == 32;
  char name[INET6_ADDRSTRLEN] = {};
  if (::inet_ntop(is_6 ? AF_INET6 : AF_INET, bytes, name, sizeof name) == nullptr) return {};
  return (is_6 ? "[" + std::string(name) + "]" : std::string(name)) + ":" + std::to_string(port);
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

/// Of a TCP or UDP socket; its line has the number of its inode tenth.
std::string of_internet(pid_t pid, const std::string& inode) {
  constexpr const char* files[] = {"tcp", "tcp6", "udp", "udp6"};
  for (const char* const file : files) {
    std::istringstream lines(text_of("/proc/" + std::to_string(pid) + "/net/" + file));
    for (std::string line; std::getline(lines, line);) {
      const auto words = words_of(line);
      constexpr std::size_t own = 1, peer = 2, state = 3, number = 9;
      if (words.size() <= number || words[number] != inode) continue;
      const std::string kind = file[0] == 't' ? "TCP " : "UDP ";
      if (words[state] == "0A") return kind + address(words[own]) + ", listening";
      const std::string other = address(words[peer]);
      return kind + address(words[own]) + (other.ends_with(":0") ? "" : " to " + other);
    }
  }
  return {};
}

std::string of_unix(pid_t pid, const std::string& inode) {
  std::istringstream lines(text_of("/proc/" + std::to_string(pid) + "/net/unix"));
  for (std::string line; std::getline(lines, line);) {
    const auto words = words_of(line);
    constexpr std::size_t number = 6, path = 7;
    if (words.size() <= number || words[number] != inode) continue;
    return "Unix socket" + (words.size() > path ? " " + words[path] : std::string());
  }
  return {};
}

}  // namespace

std::string describe_descriptor(pid_t pid, int number) {
  std::string link = link_of("/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number));
  constexpr std::string_view socket = "socket:[", anonymous = "anon_inode:";
  if (link.starts_with(anonymous)) return link.substr(anonymous.size());
  if (!link.starts_with(socket)) return link;
  const std::string inode = link.substr(socket.size(), link.size() - socket.size() - 1);
  if (std::string found = of_internet(pid, inode); !found.empty()) return found;
  if (std::string found = of_unix(pid, inode); !found.empty()) return found;
  return link;
}

std::vector<int> descriptors_of_epoll(pid_t pid, int number) {
  std::vector<int> all;
  std::istringstream lines(text_of("/proc/" + std::to_string(pid) + "/fdinfo/" + std::to_string(number)));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("tfd:")) all.push_back(std::atoi(line.c_str() + 4));
  return all;
}

}  // namespace curfew::tool::dump
