#include "driver.h"

#include <cstdarg>
#include <cstdio>

namespace sim {

Driver &driver() {
  static Driver *instance = new Driver;  // never destroyed: workers may still run when the process ends
  return *instance;
}

std::vector<Context *> &context_stack() {
  static thread_local std::vector<Context *> stack;
  static thread_local unsigned long restarts = 0;
  if (restarts != driver().restarts) {
    stack.clear();
    restarts = driver().restarts;
  }
  return stack;
}

void Driver::configure(const char *changes) {
  settings = {};
  faults = {};
  configured = settings.read(changes) && faults.add(settings.faults);
}

bool Driver::alive(const Context *context) const {
  if (contexts.has(context)) return context->alive;
  for (const auto &device : devices) {
    if (&device->primary == context) return context->alive && context->retained > 0;
  }
  return false;
}

Device *Driver::owner(Address address) const {
  for (const auto &device : devices) {
    if (device->memory.owns(address)) return device.get();
  }
  return nullptr;
}

int Call::refuse(int code, const char *format, ...) {
  char text[300];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "simulated CUDA: %s: %s\n", function, text);
  return code;
}

int enter(Call &call) {
  int fault = driver().faults.count(call.function);
  if (fault && is_sticky(fault) && !context_stack().empty()) context_stack().back()->error = fault;
  return fault;
}

int enter_context(Call &call) {
  if (!driver().initialized) return NOT_INITIALIZED;
  if (int fault = enter(call)) return fault;
  if (context_stack().empty()) return INVALID_CONTEXT;
  call.context = context_stack().back();
  if (!driver().alive(call.context)) return CONTEXT_IS_DESTROYED;
  return call.context->error;
}

}  // namespace sim
