"""The smallest disagreement of a race: which one is reduced, and how a single row is judged."""

from collections.abc import Mapping
from typing import Any

from modelport.parity.lanes import Dead
from modelport.parity.pieces import Witness
from modelport.parity.race import Race, compare_answers
from modelport.parity.shrink import Smallest, one_row, shrink, unusual, usual_row
from modelport.parity.sources import Sources
from modelport.parity.tally import Tally

_ORDER = ("data", "random", "boundary", "special")


def smallest_of(race: Race, sources: Sources) -> Smallest | None:
    """Reduces the first disagreement with the reference, on the user's rows if there is one; None if all agree."""
    for stratum in _ORDER:
        for index in race.alive[1:]:
            tally = race.tallies.get(((0, index), stratum))
            witnesses = tally.report().witnesses if tally else ()
            if tally and witnesses and 0 in race.alive:
                return _Judge(race, sources, index, tally).reduce(witnesses[0])
    return None


class _Judge:
    """Decides whether a single row shows the disagreement that a witness shows."""

    def __init__(self, race: Race, sources: Sources, index: int, tally: Tally) -> None:
        self.race, self.sources, self.index, self.tally = race, sources, index, tally

    def reduce(self, witness: Witness) -> Smallest:
        usual = usual_row(self.sources)
        wanted = set(witness.columns)

        def disagrees(row: Mapping[str, Any]) -> bool:
            found = self.look(row)
            return found is not None and bool(wanted & set(found.columns) if wanted else found.columns)

        row = shrink(witness.inputs, usual, disagrees, self.race.settings.seed)
        found = self.look(row) or witness
        name = self.race.lanes[self.index].name
        return Smallest(name, self.tally.stratum, found, unusual(row, usual))

    def look(self, row: Mapping[str, Any]) -> Witness | None:
        """The row as a witness, if the two subjects disagree on it."""
        batch = one_row(row, self.sources)
        reference, candidate = self.race.lanes[0], self.race.lanes[self.index]
        tally = Tally(self.tally.stratum, self.tally.columns, 1)
        try:
            answers = reference.answer(batch), candidate.answer(batch)
            compare_answers(tally, batch, *answers, 0, self.race.excuse(0))
        except Dead:
            return None
        return tally.witnesses[0] if tally.witnesses else None
