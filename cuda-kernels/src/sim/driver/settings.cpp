#include "settings.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace sim {

bool Settings::set(const std::string &name, const std::string &value) {
  char rest;
  if (name == "devices") return sscanf(value.c_str(), "%d%c", &devices, &rest) == 1 && devices >= 0 && devices <= 16;
  if (name == "memory") {
    size_t mebibytes;
    if (sscanf(value.c_str(), "%zu%c", &mebibytes, &rest) != 1) return false;
    memory = mebibytes << 20;
    return true;
  }
  if (name == "driver") return sscanf(value.c_str(), "%d%c", &driver, &rest) == 1;
  if (name == "capability") return sscanf(value.c_str(), "%d.%d%c", &major, &minor, &rest) == 2;
  if (name == "streams") {
    lazy = value == "lazy";
    return lazy || value == "eager";
  }
  if (name == "order") {
    order = value == "backward" ? ThreadOrder::BACKWARD : ThreadOrder::FORWARD;
    return value == "forward" || value == "backward";
  }
  if (name == "faults") {
    faults = value;
    return true;
  }
  return false;
}

bool Settings::read(const char *changes) {
  bool good = true;
  auto apply = [&](const std::string &name, const std::string &value) {
    if (set(name, value)) return;
    fprintf(stderr, "simulated CUDA: setting %s=%s makes no sense\n", name.c_str(), value.c_str());
    good = false;
  };
  const char *names[][2] = {{"VENTRAL_SIM_DEVICES", "devices"},       {"VENTRAL_SIM_MEMORY", "memory"},
                            {"VENTRAL_SIM_DRIVER", "driver"},         {"VENTRAL_SIM_STREAMS", "streams"},
                            {"VENTRAL_SIM_CAPABILITY", "capability"}, {"VENTRAL_SIM_ORDER", "order"},
                            {"VENTRAL_SIM_FAULTS", "faults"}};
  for (auto &[variable, name] : names) {
    if (const char *value = getenv(variable)) apply(name, value);
  }
  std::istringstream words(changes ? changes : "");
  for (std::string word; words >> word;) {
    size_t equals = word.find('=');
    apply(word.substr(0, equals), equals == std::string::npos ? "" : word.substr(equals + 1));
  }
  return good;
}

}  // namespace sim
