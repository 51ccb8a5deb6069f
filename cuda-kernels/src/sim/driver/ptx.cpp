#include "ptx.h"

#include <cstdio>
#include <regex>

namespace sim {
namespace {

std::string without_comments(const std::string &text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      size_t end = text.find("*/", i);
      i = end == std::string::npos ? text.size() : end + 2;
    } else {
      result += text[i++];
    }
  }
  return result;
}

/** Bytes of a ".param" or ".shared" declaration such as ".align 4 .b8 name[12]" or ".u64 .ptr .align 1 name". */
unsigned bytes_of(const std::string &declaration) {
  static const std::regex type(R"(\.[busf](8|16|32|64)\b)"), array(R"(\[\s*(\d+)\s*\])");
  std::smatch match;
  if (!std::regex_search(declaration, match, type)) return 0;
  unsigned bytes = static_cast<unsigned>(std::stoul(match[1])) / 8;
  return std::regex_search(declaration, match, array) ? bytes * static_cast<unsigned>(std::stoul(match[1])) : bytes;
}

unsigned product(const std::string &numbers) {
  unsigned x = 1, y = 1, z = 1;
  sscanf(numbers.c_str(), "%u , %u , %u", &x, &y, &z);
  return x * y * z;
}

/** From behind ".entry" to the end of the body. */
PtxEntry parse_entry(const std::string &text, size_t start, size_t end) {
  PtxEntry entry;
  size_t open = text.find_first_of("({", start);
  size_t name = text.find_first_not_of(" \t\r\n", start);
  entry.name = text.substr(name, text.find_first_of(" \t\r\n({", name) - name);
  size_t body = text.find('{', open);
  if (text[open] == '(') {
    size_t close = text.find(')', open);
    for (size_t at = text.find(".param", open); at < close; at = text.find(".param", at + 1)) {
      entry.parameters.push_back(bytes_of(text.substr(at + 6, text.find_first_of(",)", at) - at - 6)));
    }
    std::string directives = text.substr(close, body - close);
    static const std::regex limit(R"(\.maxntid\s+([\d, \t]+))");
    std::smatch match;
    if (std::regex_search(directives, match, limit)) entry.max_threads = product(match[1]);
  }
  for (size_t at = text.find(".shared", body); at < end; at = text.find(".shared", at + 1)) {
    if (at && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n')) {  // not "ld.shared"
      entry.static_shared += bytes_of(text.substr(at + 7, text.find(';', at) - at - 7));
    }
  }
  return entry;
}

}  // namespace

bool parse_ptx(const std::string &commented, PtxText &result, std::string &error) {
  std::string text = without_comments(commented);
  int major = 0, minor = 0;
  size_t version = text.find(".version"), target = text.find(".target");
  if (version == std::string::npos || sscanf(text.c_str() + version, ".version %d.%d", &major, &minor) != 2) {
    error = "no .version";
    return false;
  }
  if (target == std::string::npos || sscanf(text.c_str() + target, ".target sm_%d", &result.target) != 1) {
    error = "no .target";
    return false;
  }
  result.version = 10 * major + minor;
  const std::string entry = ".entry";
  for (size_t at = text.find(entry); at != std::string::npos;) {
    size_t next = text.find(entry, at + entry.size());
    result.entries.push_back(parse_entry(text, at + entry.size(), std::min(next, text.size())));
    at = next;
  }
  return true;
}

}  // namespace sim
