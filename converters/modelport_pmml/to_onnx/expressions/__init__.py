"""One file a transformation. https://dmg.org/pmml/v4-4-1/Transformations.html"""
