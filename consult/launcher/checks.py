def lint(arguments): return 0
