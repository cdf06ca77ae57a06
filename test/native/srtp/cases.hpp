#pragma once

#include <functional>
#include <map>
#include <string>

using Cases = std::map<std::string, std::function<void()>>;

extern const Cases Vectors;
extern const Cases ByItself;
extern const Cases BesideLibsrtp;
