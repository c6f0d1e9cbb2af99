"""One file a model element. https://dmg.org/pmml/v4-4-1/GeneralStructure.html"""
