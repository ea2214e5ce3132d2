"""Reading: twice the same, and pages that make up the whole."""

from __future__ import annotations

from hypothesis import strategies as st

from contracts.model.machine import Rules, one_of, rows_of, step

listed = st.integers(0, 63)


class Reads(Rules):
    """What every listing does."""

    @step(pick=listed)
    def read_twice(self, pick: int) -> None:
        listing = one_of(self.all_listings(), pick)
        _, _, first = self.play.read(listing.who, listing.operation, **listing.query)
        line, answer, second = self.play.read(listing.who, listing.operation, **listing.query)
        if first != second:
            self.play.fail(listing.operation, line, "the same query, asked again, is answered otherwise", answer)

    @step(pick=listed, size=st.integers(1, 4))
    def read_pages(self, pick: int, size: int) -> None:
        """Page by page nothing repeats and nothing is lost."""
        listing = one_of([one for one in self.all_listings() if one.pages], pick)
        _, _, whole = self.play.read(listing.who, listing.operation, **listing.query)
        rows = []
        for offset in range(0, len(listing.expected) + 1, size):
            query = {**listing.fields, "offset": offset, "limit": size}
            line, answer, body = self.play.read(listing.who, listing.operation, **query)
            rows += rows_of(body, listing.rows)
        if rows != rows_of(whole, listing.rows):
            self.play.fail(listing.operation, line, f"pages of {size} do not make up the whole list", answer)
