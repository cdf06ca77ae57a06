// Runs the case that the first argument names. Exit code 0: all that it expects holds; 1: not, as it then says.
#include "cases.hpp"
#include <cstdio>

int main(int argc, char** argv)
{
	for (const auto* cases : { &Vectors, &ByItself, &BesideLibsrtp })
	{
		const auto found = argc > 1 ? cases->find(argv[1]) : cases->end();

		if (found == cases->end())
		{
			continue;
		}

		try
		{
			found->second();

			return 0;
		}
		catch (const std::exception& error)
		{
			std::fprintf(stderr, "%s\n", error.what());

			return 1;
		}
	}

	std::fprintf(stderr, "expected the name of a case\n");

	return 2;
}
