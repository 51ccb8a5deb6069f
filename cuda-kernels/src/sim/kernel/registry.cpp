#include "registry.h"

#include <map>

namespace sim {
namespace {

std::map<std::string, Kernel> &kernels() {
  static auto *all = new std::map<std::string, Kernel>;  // never destroyed: a worker may run when the process ends
  return *all;
}

}  // namespace

const Kernel *find_kernel(const std::string &name) {
  auto found = kernels().find(name);
  return found == kernels().end() ? nullptr : &found->second;
}

void register_kernel(Kernel kernel) { kernels().insert_or_assign(kernel.name, kernel); }

}  // namespace sim
