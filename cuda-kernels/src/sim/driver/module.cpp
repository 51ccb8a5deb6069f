// The interface's part on modules: the PTX that a GPU would run is checked against the kernels compiled for the host.
#include <cstring>

#include "ptx.h"
#include "stream.h"

namespace sim {
namespace {

/** The newest PTX that a driver of this version takes; CUDA 12.0 takes 7.8 and 8.0, each minor version one more. */
int newest_ptx(int driver) {
  int major = driver / 1000, minor = driver % 1000 / 10;
  if (major >= 13) return 90 + minor;
  return major == 12 ? 80 + minor : 70 + minor;
}

std::string difference(const PtxEntry &entry, const Kernel *kernel) {
  if (!kernel) return "kernel " + entry.name + " of the PTX is not in the simulation's build of the sources";
  if (entry.parameters.size() != kernel->parameters.size()) {
    return "kernel " + entry.name + " has " + std::to_string(entry.parameters.size()) + " parameters in the PTX and " +
           std::to_string(kernel->parameters.size()) + " in the sources";
  }
  for (size_t i = 0; i < entry.parameters.size(); i++) {
    if (entry.parameters[i] == kernel->parameters[i].bytes) continue;
    return "parameter " + std::to_string(i) + " of kernel " + entry.name + " has " +
           std::to_string(entry.parameters[i]) + " bytes in the PTX and " +
           std::to_string(kernel->parameters[i].bytes) + " in the sources";
  }
  return "";
}

std::unique_ptr<Function> link(const PtxEntry &entry, const Kernel &kernel, Context &context) {
  auto function = std::make_unique<Function>();
  function->name = entry.name;
  function->context = &context;
  function->kernel = &kernel;
  function->max_threads = std::min(1024u, entry.max_threads);
  function->static_shared = entry.static_shared;
  return function;
}

int load(Call &call, Module **result, const char *image, std::string &log) {
  if (int code = forbidden_while_capturing(call)) return code;
  const Settings &settings = driver().settings;
  PtxText ptx;
  if (!image || !parse_ptx(image, ptx, log)) return INVALID_IMAGE;
  if (ptx.version > newest_ptx(settings.driver)) {
    log = "PTX version " + std::to_string(ptx.version) + " is newer than the driver";
    return UNSUPPORTED_PTX_VERSION;
  }
  if (ptx.target > 10 * settings.major + settings.minor) {
    log = "PTX is for sm_" + std::to_string(ptx.target);
    return INVALID_PTX;
  }
  auto module = std::make_unique<Module>();
  module->context = call.context;
  for (const PtxEntry &entry : ptx.entries) {
    const Kernel *kernel = find_kernel(entry.name);
    log = difference(entry, kernel);
    if (!log.empty()) return INVALID_IMAGE;
    module->functions[entry.name] = link(entry, *kernel, *call.context);
  }
  for (const auto &[name, function] : module->functions) driver().functions.insert(function.get());
  *result = driver().modules.add(std::move(module));
  return SUCCESS;
}

void forget_functions(const Module &module) {
  for (const auto &[name, function] : module.functions) driver().functions.erase(function.get());
}

/** Writes the log where the options of cuModuleLoadDataEx say. */
void deliver(const std::string &log, unsigned count, const int *options, void **values) {
  constexpr int kErrorLog = 5, kErrorLogSize = 6;
  char *buffer = nullptr;
  size_t *size = nullptr;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == kErrorLog) buffer = static_cast<char *>(values[i]);
    if (options[i] == kErrorLogSize) size = reinterpret_cast<size_t *>(&values[i]);  // a number in place of a pointer
  }
  if (!buffer || !size || !*size) return;
  size_t length = std::min(log.size(), static_cast<size_t>(static_cast<unsigned>(*size)) - 1);
  memcpy(buffer, log.data(), length);
  buffer[length] = 0;
}

int load_reporting(Call &call, Module **module, const char *image, unsigned count, const int *options, void **values) {
  std::string log;
  int code = load(call, module, image, log);
  if (!log.empty()) call.refuse(code, "%s", log.c_str());
  deliver(log, count, options, values);
  return code;
}

}  // namespace

CUDA_API cuModuleLoadData(Module **module, const char *image) {
  return call_in_context(__func__,
                         [&](Call &call) { return load_reporting(call, module, image, 0, nullptr, nullptr); });
}

CUDA_API cuModuleLoadDataEx(Module **module, const char *image, unsigned count, int *options, void **values) {
  return call_in_context(__func__,
                         [&](Call &call) { return load_reporting(call, module, image, count, options, values); });
}

CUDA_API cuModuleUnload(Module *module) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (!driver().modules.has(module)) return INVALID_HANDLE;
    int code = drain(call, *module->context);
    forget_functions(*module);
    driver().modules.remove(module);
    return code;
  });
}

CUDA_API cuModuleGetFunction(Function **function, Module *module, const char *name) {
  return call_in_context(__func__, [&](Call &) -> int {
    if (!driver().modules.has(module)) return INVALID_HANDLE;
    auto found = module->functions.find(name);
    if (found == module->functions.end()) return NOT_FOUND;
    *function = found->second.get();
    return SUCCESS;
  });
}

}  // namespace sim
