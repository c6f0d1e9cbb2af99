"""The PMML room: reader, compiler, engines and runtimes."""
