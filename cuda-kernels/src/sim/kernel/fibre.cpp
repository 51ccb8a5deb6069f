#include "fibre.h"

#include <sys/mman.h>

#include <new>

#ifndef __x86_64__
#error "the simulation switches stacks on x86-64 only, as do JCuda's native libraries"
#endif

extern "C" __attribute__((visibility("hidden"))) void ventral_sim_switch(void **from, void *to);

// Saves what the calling convention wants kept on the stack that is left, and restores it from the other.
asm(R"(
.text
.globl ventral_sim_switch
.hidden ventral_sim_switch
.type ventral_sim_switch, @function
ventral_sim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size ventral_sim_switch, .-ventral_sim_switch
)");

namespace sim {

Fibre::Fibre(void (*entry)()) {
  void *memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  stack_ = static_cast<char *>(memory);
  mprotect(stack_, kPage, PROT_NONE);  // an overflow must not reach another stack
  // Tops at the same offset of their pages would compete for the same few lines of the caches.
  static unsigned long made = 0;
  void **top = reinterpret_cast<void **>(stack_ + kBytes - made++ * 5 * 64 % kSpread);
  *--top = nullptr;  // where entry would return to; also makes the stack's alignment that of a function just called
  *--top = reinterpret_cast<void *>(entry);
  for (int saved = 0; saved < 6; saved++) *--top = nullptr;
  top_ = top;
}

Fibre::~Fibre() { munmap(stack_, kBytes); }

void Fibre::enter(void *&from) { ventral_sim_switch(&from, top_); }

void Fibre::leave(void *to) { ventral_sim_switch(&top_, to); }

void Fibre::pass(Fibre &next) { ventral_sim_switch(&top_, next.top_); }

}  // namespace sim
