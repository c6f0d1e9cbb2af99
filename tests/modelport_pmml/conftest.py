"""Small documents, written out by hand."""

import pytest

from modelport_pmml.document import PmmlDocument, document

HEAD = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
<Header><Application name="a person" version="1"/></Header>"""

TREE = f"""<?xml version="1.0"?>
{HEAD}
<DataDictionary>
  <DataField name="age" optype="continuous" dataType="double"/>
  <DataField name="island" optype="categorical" dataType="string"><Value value="Biscoe"/><Value value="Dream"/>
    <Value value="?" property="missing"/></DataField>
  <DataField name="sure" optype="categorical" dataType="boolean"/>
  <DataField name="kind" optype="categorical" dataType="string"><Value value="yes"/><Value value="no"/></DataField>
</DataDictionary>
<TreeModel functionName="classification" missingValueStrategy="defaultChild">
  <MiningSchema>
    <MiningField name="kind" usageType="target"/>
    <MiningField name="island" invalidValueTreatment="returnInvalid"/>
    <MiningField name="age"/>
    <MiningField name="sure" usageType="supplementary"/>
  </MiningSchema>
  <Node id="0" defaultChild="2"><True/>
    <Node id="1" score="yes"><SimplePredicate field="age" operator="lessOrEqual" value="2.5"/>
      <ScoreDistribution value="yes" recordCount="3"/><ScoreDistribution value="no" recordCount="1"/></Node>
    <Node id="2" score="no"><SimplePredicate field="age" operator="greaterThan" value="2.5"/>
      <ScoreDistribution value="yes" recordCount="1"/><ScoreDistribution value="no" recordCount="9"/></Node>
  </Node>
</TreeModel></PMML>"""

REGRESSION = f"""<?xml version="1.0"?>
{HEAD}
<DataDictionary>
  <DataField name="a" optype="continuous" dataType="double"/>
  <DataField name="n" optype="continuous" dataType="integer"/>
  <DataField name="y" optype="continuous" dataType="double"/>
</DataDictionary>
<RegressionModel functionName="regression">
  <MiningSchema><MiningField name="y" usageType="target"/><MiningField name="a"/>
    <MiningField name="n" missingValueReplacement="7" missingValueTreatment="asValue"/></MiningSchema>
  <RegressionTable intercept="0.5">
    <NumericPredictor name="a" coefficient="2"/><NumericPredictor name="n" coefficient="-1"/>
  </RegressionTable>
</RegressionModel></PMML>"""


@pytest.fixture
def tree() -> PmmlDocument:
    """A classifier: `age <= 2.5` is yes (3 of 4), else, or missing, no (9 of 10)."""
    return document(TREE.encode())


@pytest.fixture
def regression() -> PmmlDocument:
    """0.5 + 2a - n, a missing n counting as 7."""
    return document(REGRESSION.encode())
