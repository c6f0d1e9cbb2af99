"""XGBoost: its model files, read without the library, and the library as a runtime."""
