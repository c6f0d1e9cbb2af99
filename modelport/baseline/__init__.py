"""Baselines: differences that somebody has looked at and accepts, written down so that a new one does not hide."""

from modelport.baseline.entries import Baseline as Baseline
from modelport.baseline.entries import Entry as Entry
from modelport.baseline.judging import About as About
from modelport.baseline.judging import judge as judge
from modelport.baseline.updating import judged as judged
from modelport.baseline.updating import update_with as update_with
