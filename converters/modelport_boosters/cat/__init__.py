"""CatBoost: its model files, read through the library, and the library as a runtime."""
