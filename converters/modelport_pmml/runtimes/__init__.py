"""Evaluators of PMML as runtimes: JPMML-Evaluator and PMML4S, in one Java virtual machine inside this process."""
