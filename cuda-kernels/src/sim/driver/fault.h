// Faults injected by function and count.
#pragma once

#include <map>
#include <string>

namespace sim {

class Faults {
 public:
  /** Adds "function:nth:code,…"; nth counts from the calls made so far. False if it cannot be read. */
  bool add(const std::string &list);
  /** Counts a call; the code it is to fail with, or 0. */
  int count(const std::string &function);
  /** The calls counted so far. */
  long calls(const std::string &function) const;

 private:
  std::map<std::string, long> calls_;
  std::map<std::string, std::map<long, int>> faults_;
};

}  // namespace sim
