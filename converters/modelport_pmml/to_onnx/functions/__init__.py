"""Built-in functions, one file a kind. https://dmg.org/pmml/v4-4-1/BuiltinFunctions.html"""
