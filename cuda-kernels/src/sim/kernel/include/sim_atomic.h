// Atomic operations: one thread runs at a time, so the plain operation is one.
#pragma once

#include <algorithm>

template <class T>
T atomicExch(T *address, std::type_identity_t<T> value) {
  T old = *address;
  *address = value;
  return old;
}
template <class T>
T atomicAdd(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, static_cast<T>(*address + value));
}
template <class T>
T atomicSub(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, static_cast<T>(*address - value));
}
template <class T>
T atomicMax(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, std::max(*address, value));
}
template <class T>
T atomicMin(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, std::min(*address, value));
}
template <class T>
T atomicAnd(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, *address & value);
}
template <class T>
T atomicOr(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, *address | value);
}
template <class T>
T atomicXor(T *address, std::type_identity_t<T> value) {
  return atomicExch(address, *address ^ value);
}
template <class T>
T atomicCAS(T *address, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  return *address == expected ? atomicExch(address, value) : *address;
}
inline unsigned atomicInc(unsigned *address, unsigned limit) {
  return atomicExch(address, *address >= limit ? 0 : *address + 1);
}
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
