"""XGBoost, LightGBM and CatBoost: their own file formats and their exact lowering."""
