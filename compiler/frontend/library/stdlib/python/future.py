"""__future__: all of its features are part of the language."""
annotations = division = absolute_import = print_function = unicode_literals = generators = nested_scopes = with_statement = generator_stop = None
