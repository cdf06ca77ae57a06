// Stands before the C library (`-Wl,--wrap`), counts what is sent, and answers in place of the kernel where a case says so.
#pragma once

#include <functional>
#include <sys/socket.h>
#include <vector>

/** Of each call that sent something: the pieces of each message. */
extern std::vector<std::vector<size_t>> calls;
/** The error for a message; 0: the kernel has it. */
extern std::function<int(const struct mmsghdr& message)> answer;
/** Whether the kernel cuts what is sent as one. */
extern bool isCuttingKnown;
