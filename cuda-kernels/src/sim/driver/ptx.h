// What a PTX text says about its kernels.
#pragma once

#include <string>
#include <vector>

namespace sim {

struct PtxEntry {
  std::string name;
  std::vector<unsigned> parameters;  // bytes
  unsigned max_threads = 1024;
  unsigned static_shared = 0;  // bytes
};

struct PtxText {
  int version = 0;  // 78 for ISA 7.8
  int target = 0;   // 75 for sm_75
  std::vector<PtxEntry> entries;
};

/** False if it is no PTX; says why in `error`. */
bool parse_ptx(const std::string &text, PtxText &result, std::string &error);

}  // namespace sim
