"""Every model element, imported, so that the binder knows them all."""

from modelport_pmml.reader.elements.anomaly import AnomalyDetectionModel
from modelport_pmml.reader.elements.baseline import BaselineModel
from modelport_pmml.reader.elements.bayes import NaiveBayesModel
from modelport_pmml.reader.elements.bayesian_network import BayesianNetworkModel
from modelport_pmml.reader.elements.clustering import ClusteringModel
from modelport_pmml.reader.elements.gaussian import GaussianProcessModel
from modelport_pmml.reader.elements.general_regression import GeneralRegressionModel
from modelport_pmml.reader.elements.mining import MiningModel
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.neighbours import NearestNeighborModel
from modelport_pmml.reader.elements.neural import NeuralNetwork
from modelport_pmml.reader.elements.refused import AssociationModel, SequenceModel, TextModel, TimeSeriesModel
from modelport_pmml.reader.elements.regression import RegressionModel
from modelport_pmml.reader.elements.rules import RuleSetModel
from modelport_pmml.reader.elements.scorecard import Scorecard
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.elements.vectors import SupportVectorMachineModel

MODELS: tuple[type[Model], ...] = (
    AnomalyDetectionModel, AssociationModel, BaselineModel, BayesianNetworkModel, ClusteringModel,
    GaussianProcessModel, GeneralRegressionModel, MiningModel, NaiveBayesModel, NearestNeighborModel, NeuralNetwork,
    RegressionModel, RuleSetModel, Scorecard, SequenceModel, SupportVectorMachineModel, TextModel, TimeSeriesModel,
    TreeModel,
)  # fmt: skip
