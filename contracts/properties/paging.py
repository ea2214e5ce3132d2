"""Paging: all pages together are the whole list, whatever their size, in the documented order, each row once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from hypothesis import strategies as st

from contracts.properties.drawing import smallest
from contracts.properties.fields import Asked
from contracts.properties.filters import candidates
from contracts.properties.lists import Listing, Row, at, disorder, filters_of, has_list, listing_of
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import PAGES, scenes, whole
from contracts.requests_read import inside

FAR = 1000
"""Rows beyond the end at which a page is surely empty."""


@holds("paging", applies=has_list)
def paging(probe: Probe) -> Iterator[Wrong]:
    """Of each call that sees something: order, count, and pages."""
    listing = listing_of(probe.view)
    assert listing is not None, "it applies to lists only"
    found = scenes(probe)
    if not found:
        probe.nothing("no call of the list is answered")
    for told in found:
        rows = whole(probe, told)
        yield from _of_order(probe, listing, told, rows)
        if len(rows) < 2:
            probe.nothing("the list has less than two rows")
        elif listing.is_paged:
            yield from _of_pages(probe, listing, told, rows)
        elif listing.marker is not None:
            yield from _of_markers(probe, listing, told, rows)
        if listing.is_paged:
            yield from _beyond_the_end(probe, listing, told, rows)


def _of_order(probe: Probe, listing: Listing, told: Told, found: list[Row]) -> Iterator[Wrong]:
    """The order of the rows; a list that is asked for by ids answers in their order."""
    for name, schema in listing.lists.items():
        rows = found if len(listing.lists) == 1 else told.body.get(name) or []
        probe.saw(len(rows) > 1)
        yield from (Wrong(one, told) for one in disorder(schema, rows))
        if "x-as-asked" in schema and not _is_in_turn(schema["x-as-asked"], told.asked, rows):
            yield Wrong("the rows do not come as they were asked for", told)


def _is_in_turn(rule: dict[str, str], asked: Asked, rows: list[Row]) -> bool:
    """Whether the rows' values stand in the request in this order."""
    wanted = iter(str(one) for one in inside(asked.body, tuple(rule["asked"].split("."))))
    return all(str(one) in wanted for row in rows for one in at(row, rule["field"]))


def _of_pages(probe: Probe, listing: Listing, told: Told, rows: list[Row]) -> Iterator[Wrong]:
    """Each window of the list has just its rows, and the count of all."""
    count = len(rows)

    def wrong(window: tuple[int, int]) -> Wrong | None:
        page = _page(probe, listing, told.asked, *window)
        return _mistake(listing, page, rows[window[0] : sum(window)], count)

    for size in sorted({1, 2, (count + 1) // 2, count}):
        starts = range(0, count, size) if count // size <= PAGES else ()
        probe.saw(len(starts))
        mistakes = filter(None, map(wrong, ((start, size) for start in starts)))
        yield from islice(mistakes, 1)
    windows = st.tuples(st.integers(0, count), st.integers(1, min(listing.most, count + 1)))
    probe.saw(probe.draws)
    if (mistake := smallest(windows, wrong, probe.run.seed, probe.draws)) is not None:
        yield mistake


def _page(probe: Probe, listing: Listing, asked: Asked, offset: int, limit: int) -> Told:
    assert listing.offset is not None and listing.limit is not None, "asked of paged lists"
    return probe.ask(asked.put(listing.offset, offset).put(listing.limit, limit))


def _mistake(listing: Listing, page: Told, expected: list[Row], count: int) -> Wrong | None:
    """What is wrong with a page that should have these rows of so many."""
    if not page.ok:
        return Wrong("a page of an answered list is refused", page) if page.answer else None
    if listing.total and page.body.get(listing.total) != count:
        return Wrong(f"{listing.total} does not count all rows: {page.body.get(listing.total)} of {count}", page)
    if listing.rows(page.body) != expected:
        return Wrong("a page has not the rows of its place in the list", page)
    return None


def _beyond_the_end(probe: Probe, listing: Listing, told: Told, rows: list[Row]) -> Iterator[Wrong]:
    """A page behind the last row is empty, and counts all the same."""
    assert listing.offset is not None
    most = int(listing.offset.schema.get("maximum", FAR))
    for offset in (len(rows), len(rows) + FAR, most):
        if offset <= most:
            probe.saw()
            if (mistake := _mistake(listing, _page(probe, listing, told.asked, offset, 1), [], len(rows))) is not None:
                yield mistake


def _of_markers(probe: Probe, listing: Listing, told: Told, rows: list[Row]) -> Iterator[Wrong]:
    """Going on from marker to marker in smaller pages brings the same rows."""
    assert listing.marker is not None and listing.limit is not None
    page, found = told, listing.rows(told.body)
    size = min(listing.most, max(1, (len(rows) - len(found)) // 3))
    for _ in range(PAGES):
        if not (page.ok and (following := listing.following(page.body))):
            break
        page = probe.ask(told.asked.put(listing.marker, following).put(listing.limit, size))
        found = found + listing.rows(page.body)
    else:
        yield Wrong("there is a marker behind the last page", page)
    probe.saw()
    if not (first := listing.following(told.body)):
        probe.nothing("the list has one page only")
    elif listing.marker.schema.get("x-one-query"):
        yield from _of_another_query(probe, listing, told, rows, first)
    if found != rows:
        yield Wrong("from marker to marker other rows come", page)
    for schema in listing.lists.values():
        yield from (Wrong(one, page) for one in disorder(schema, found))


def _of_another_query(probe: Probe, listing: Listing, told: Told, rows: list[Row], marker: str) -> Iterator[Wrong]:
    """A marker beside a filter that the query of its answer had not."""
    assert listing.marker is not None and listing.limit is not None
    going_on = told.asked.put(listing.marker, marker).put(listing.limit, listing.most)
    for one in filters_of(probe.view):
        for value in candidates(one, rows, 1)[:1] if told.asked.get(one) is None else ():
            page = probe.ask(going_on.put(one, value))
            probe.saw()
            if not page.is_called_invalid:
                yield Wrong("a marker of another query is not refused", page)
