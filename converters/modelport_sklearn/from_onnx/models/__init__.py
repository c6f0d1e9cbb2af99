"""Recognisers of predictors, one file a family."""
