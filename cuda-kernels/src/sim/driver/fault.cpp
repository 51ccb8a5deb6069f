#include "fault.h"

#include <cstdio>
#include <sstream>

namespace sim {

bool Faults::add(const std::string &list) {
  std::istringstream items(list);
  for (std::string item; std::getline(items, item, ',');) {
    char function[128], rest;
    long nth;
    int code;
    if (sscanf(item.c_str(), "%127[^:]:%ld:%d%c", function, &nth, &code, &rest) != 3 || nth < 1) {
      fprintf(stderr, "simulated CUDA: fault '%s' is not function:nth:code\n", item.c_str());
      return false;
    }
    faults_[function][calls(function) + nth] = code;
  }
  return true;
}

int Faults::count(const std::string &function) {
  long nth = ++calls_[function];
  auto found = faults_.find(function);
  if (found == faults_.end()) return 0;
  auto code = found->second.find(nth);
  return code == found->second.end() ? 0 : code->second;
}

long Faults::calls(const std::string &function) const {
  auto found = calls_.find(function);
  return found == calls_.end() ? 0 : found->second;
}

}  // namespace sim
