"""Recency, frequency, breadth and segments: by hand, for any town at all, and beside two other ways to compute them."""

import sqlite3

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import load, segments
from course_utils.tables import AS_OF


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def town(enrolled: list, events: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Patrons 1, 2, … with the day of their card, and uses as (patron, date, way)."""
    patrons = pd.DataFrame(
        {"patron_id": range(1, len(enrolled) + 1), "enrolled": pd.to_datetime(enrolled).as_unit("ns")}
    )
    uses = pd.DataFrame(events, columns=["patron_id", "date", "way"]).astype(
        {"patron_id": "int64", "date": "datetime64[ns]"}
    )
    return patrons, uses


PATRONS, USES = town(
    ["2020-01-01", "2025-08-20", "2019-05-05", "2018-01-01"],
    [
        (1, "2025-08-21", "physical"),
        (1, "2025-08-21", "physical"),
        (1, "2025-08-21", "program"),
        (1, "2024-09-01", "computer"),
        (1, "2024-08-31", "digital"),
        (3, "2023-01-01", "physical"),
        (9, "2025-01-01", "physical"),
    ],
)


def counted(patrons=PATRONS, uses=USES):
    return segments.rfm(patrons, uses, as_of=AS_OF)


# ---- by hand -----------------------------------------------------------------------------------------------


def test_recency_frequency_and_breadth_counted_by_hand():
    table = counted()
    assert table.index.tolist() == [1, 2, 3, 4]
    assert table.loc[1].to_dict() == {"card_days": 2069, "r": 10, "f": 2, "pace": 2, "m": 3}
    assert table["f"].tolist() == [2, 0, 0, 0]
    assert table["r"].isna().tolist() == [False, True, False, True]
    assert table.loc[3, "r"] == 973


def test_uses_leave_out_renewals_and_guests():
    checkouts = pd.DataFrame(
        {
            "patron_id": [1, 1, 2],
            "date": [AS_OF] * 3,
            "usage_class": pd.Categorical(["physical", "physical", "digital"]),
            "transaction_type": ["checkout", "renewal", "automatic renewal"],
        }
    )
    attendance = pd.DataFrame({"patron_id": [3], "date": [AS_OF]})
    sessions = pd.DataFrame({"patron_id": pd.array([4, None], dtype="Int64"), "date": [AS_OF] * 2})
    found = segments.uses(checkouts, attendance, sessions)
    assert list(zip(found["patron_id"], found["way"], strict=True)) == [
        (1, "physical"),
        (3, "program"),
        (4, "computer"),
    ]
    assert len(segments.uses(checkouts, attendance, sessions, renewals=True)) == 5


@pytest.mark.parametrize(
    ("card_days", "r", "f", "segment"),
    [
        (89, None, 0, "new"),
        (89, 1, 300, "new"),
        (90, None, 0, "away"),
        (900, 400, 0, "away"),
        (900, 64, 50, "not lately"),
        (900, 63, 18, "regular"),
        (900, 63, 17, "now and then"),
        (900, 0, 1, "now and then"),
    ],
)
def test_the_first_rule_that_fits(card_days, r, f, segment):
    table = pd.DataFrame({"card_days": [card_days], "r": [r], "f": [f], "pace": [f]}).astype({"r": float})
    assert segments.core_segments(table).tolist() == [segment]


def test_pace_counted_by_hand():
    """90 days are a quarter of 360: five days of use in them are twenty in the whole of it."""
    pace = segments.pace(pd.Series([5, 5, 5, 0, 2]), pd.Series([90, 360, 4000, 0, 0]), period=360)
    assert pace.tolist() == [20, 5, 5, 0, 720]


def test_a_young_card_is_regular_by_its_pace():
    """Somebody who came every three weeks since they got the card, and somebody who came so all year."""
    patrons, uses = town(
        ["2025-05-01", "2019-01-01", "2025-05-01"],
        [(1, day("2025-05-02") + pd.Timedelta(days=20 * step), "program") for step in range(7)]
        + [(2, day("2024-09-02") + pd.Timedelta(days=20 * step), "program") for step in range(19)]
        + [(3, "2025-08-01", "program")],
    )
    table = counted(patrons, uses)
    assert table["f"].tolist() == [7, 19, 1]
    assert segments.core_segments(table).tolist() == ["regular", "regular", "now and then"]


def test_nobody_in_port_ellery_is_kept_from_being_regular_by_a_young_card(port_ellery):
    """By days counted, no card of 90 to 182 days can be regular; by pace, about as many are as of the old ones."""
    table = port_ellery[2]
    users = table[table["f"] > 0]
    young = users[users["card_days"].between(90, 182)]
    old = users[users["card_days"] >= 365]
    assert len(young) > 100
    assert (young["f"] >= 18).sum() == 0
    assert (young["pace"] >= 18).mean() == pytest.approx((old["pace"] >= 18).mean(), abs=0.03)
    assert (old["pace"] == old["f"]).all()


def test_sizes_of_nobody_have_no_share():
    table = counted().head(0)
    sizes = segments.sizes(segments.core_segments(table), table)
    assert sizes["patrons"].tolist() == [0] * 5
    assert sizes["share_of_use"].isna().all()


def test_sizes_counted_by_hand():
    table = pd.DataFrame({"card_days": 900, "r": [1.0, 1.0, 200.0, None], "f": [30, 6, 4, 0]})
    table["pace"] = table["f"]
    sizes = segments.sizes(segments.core_segments(table), table)
    assert sizes["patrons"].tolist() == [1, 1, 1, 0, 1]
    assert sizes["share_of_patrons"].tolist() == [0.25, 0.25, 0.25, 0, 0.25]
    assert sizes["share_of_use"].tolist() == [0.75, 0.15, 0.1, 0, 0]


def test_who_moves_when_a_cut_moves():
    table = pd.DataFrame({"card_days": 900, "r": [1.0, 2.0, 3.0], "f": [16, 17, 18], "m": 1}, index=[7, 8, 9])
    table["pace"] = table["f"]
    before, after = segments.core_segments(table), segments.core_segments(table, often=16)
    moved = segments.moved(before, after, table)
    assert moved.index.tolist() == [8, 7]
    assert moved.iloc[0].to_dict() == {
        "before": "now and then",
        "after": "regular",
        "r": 2,
        "f": 17,
        "pace": 17,
        "m": 1,
        "card_days": 900,
    }


def test_cells_of_the_map():
    table = pd.DataFrame({"card_days": 900, "r": [0.0, 7.0, 8.0, 14.0, 64.0, None], "f": [1, 1, 1, 1, 2, 0]})
    table["pace"] = table["f"] + 0.5 * (table["f"] == 2)
    cells = segments.cells(table, segments.core_segments(table))
    rows = cells[["from_days", "to_days", "days", "segment", "patrons"]].to_numpy().tolist()
    assert rows == [
        [0, 7, 1, "now and then", 2],
        [8, 14, 1, "now and then", 2],
        [64, 70, 2, "not lately", 1],
    ]


def test_what_cannot_be_counted_says_so():
    with pytest.raises(ValueError, match="a patron_id comes twice"):
        counted(pd.concat([PATRONS, PATRONS]))
    with pytest.raises(ValueError, match="it must be above 0"):
        segments.rfm(PATRONS, USES, as_of=AS_OF, months=0)
    for cut in ({"lately": -1}, {"often": 0}, {"new_days": -1}):
        with pytest.raises(ValueError, match="or more"):
            segments.core_segments(counted(), **cut)


# ---- for any town ------------------------------------------------------------------------------------------

for_any_town = settings(deadline=None, max_examples=50)  # a busy machine is no fault of the function

dates = st.dates(day("2023-06-01").date(), AS_OF.date()).map(pd.Timestamp)
events = st.lists(st.tuples(st.integers(1, 8), dates, st.sampled_from(segments.WAYS)), max_size=60)
towns = st.builds(town, st.lists(dates, min_size=8, max_size=8), events)
cuts = st.fixed_dictionaries(
    {"lately": st.integers(0, 400), "often": st.integers(1, 20), "new_days": st.integers(0, 200)}
)


@for_any_town
@given(towns, cuts)
def test_shares_sum_to_one_and_everybody_has_one_segment(town, cuts):
    table = counted(*town)
    segment = segments.core_segments(table, **cuts)
    sizes = segments.sizes(segment, table)
    assert segment.notna().all()
    assert sizes["patrons"].sum() == len(table)
    assert sizes["share_of_patrons"].sum() == pytest.approx(1)
    assert sizes["days_of_use"].sum() == table["f"].sum()
    if table["f"].sum():
        assert sizes["share_of_use"].sum() == pytest.approx(1)
    cells = segments.cells(table, segment)
    assert cells["patrons"].sum() == segment.isin(segments.CORE).sum()


@for_any_town
@given(towns, st.randoms())
def test_the_order_of_rows_does_not_matter(town, random):
    patrons, uses = town
    mixed_patrons, mixed_uses = (frame.sample(frac=1, random_state=random.randrange(2**32)) for frame in town)
    right, mixed = counted(patrons, uses), counted(mixed_patrons, mixed_uses)
    pd.testing.assert_frame_equal(mixed.loc[right.index], right)


@for_any_town
@given(towns, cuts)
def test_an_inactive_patron_changes_nobody_elses(town, cuts):
    patrons, uses = town
    more = pd.concat([patrons, pd.DataFrame({"patron_id": [99], "enrolled": [day("2001-01-01")]})])
    before, after = counted(patrons, uses), counted(more, uses)
    pd.testing.assert_frame_equal(after.drop(index=99), before)
    assert segments.core_segments(after, **cuts)[99] == "away"
    pd.testing.assert_series_equal(
        segments.core_segments(after, **cuts).drop(99), segments.core_segments(before, **cuts)
    )


@for_any_town
@given(towns, st.tuples(st.integers(1, 8), dates, st.sampled_from(segments.WAYS)))
def test_one_more_use_never_makes_anybody_come_less(town, event):
    patrons, uses = town
    one = pd.DataFrame([event], columns=uses.columns).astype(uses.dtypes)
    before, after = counted(patrons, uses), counted(patrons, pd.concat([uses, one]))
    assert (after["f"] >= before["f"]).all()
    assert (after["f"] - before["f"]).sum() <= 1
    assert (after["pace"] >= before["pace"]).all()
    assert (after["m"] >= before["m"]).all()
    assert not (after["r"] > before["r"]).any()
    twice = counted(patrons, pd.concat([uses, one, one]))
    pd.testing.assert_frame_equal(twice, after)


@for_any_town
@given(towns, cuts, st.integers(1, 5))
def test_a_cut_moves_people_one_way_only(town, cuts, step):
    table = counted(*town)
    before = segments.core_segments(table, **cuts)
    harder = segments.core_segments(table, **cuts | {"often": cuts["often"] + step})
    moved = segments.moved(before, harder, table)
    assert set(zip(moved["before"], moved["after"], strict=True)) <= {("regular", "now and then")}
    assert ((moved["pace"] >= cuts["often"]) & (moved["pace"] < cuts["often"] + step)).all()
    longer = segments.core_segments(table, **cuts | {"lately": cuts["lately"] + step})
    assert set(segments.moved(before, longer, table)["before"]) <= {"not lately"}
    nobody = segments.core_segments(table, **cuts | {"new_days": 0})
    assert set(segments.moved(before, nobody, table)["before"]) <= {"new"}


@for_any_town
@given(towns, cuts, cuts)
def test_who_does_not_move_stays(town, one, other):
    table = counted(*town)
    before, after = segments.core_segments(table, **one), segments.core_segments(table, **other)
    moved = segments.moved(before, after, table)
    back = segments.moved(after, before, table)
    assert set(moved.index) == set(back.index)
    assert (before.astype(str) == after.astype(str)).sum() == len(table) - len(moved)
    assert segments.moved(before, before, table).empty


# ---- beside others -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port_ellery():
    patrons = load("patrons")
    uses = segments.uses(load("checkouts"), load("attendance"), load("computer_sessions"))
    return patrons, uses, segments.rfm(patrons, uses, as_of=AS_OF)


def test_the_same_in_sql(port_ellery):
    """An implementation that shares no line with ours: SQLite."""
    patrons, uses, table = port_ellery
    base = sqlite3.connect(":memory:")
    text = {"date": uses["date"].dt.strftime("%Y-%m-%d")}
    uses.assign(**text).to_sql("uses", base, index=False)
    enrolled = {"enrolled": patrons["enrolled"].dt.strftime("%Y-%m-%d")}
    patrons[["patron_id"]].assign(**enrolled).to_sql("patrons", base, index=False)
    answer = pd.read_sql(
        """
        SELECT p.patron_id,
               julianday('2025-08-31') - julianday(max(u.date)) AS r,
               count(DISTINCT CASE WHEN u.date > '2024-08-31' THEN u.date END) AS f,
               count(DISTINCT CASE WHEN u.date > '2024-08-31' THEN u.date END) * 365.0
                   / max(1, min(365, julianday('2025-08-31') - julianday(p.enrolled))) AS pace,
               count(DISTINCT CASE WHEN u.date > '2024-08-31' THEN u.way END) AS m
        FROM patrons p LEFT JOIN uses u USING (patron_id) GROUP BY p.patron_id
        """,
        base,
        index_col="patron_id",
    )
    pd.testing.assert_frame_equal(answer.loc[table.index], table[["r", "f", "pace", "m"]], check_dtype=False)


def test_the_librarys_own_table_of_the_year_agrees(port_ellery):
    patrons, uses, table = port_ellery
    year = load("yearly_use").query("year == 2025").set_index("patron_id").loc[table.index]
    recent = uses[uses["date"] > AS_OF - pd.DateOffset(months=12)]
    counts = pd.crosstab(recent["patron_id"], recent["way"]).reindex(table.index, fill_value=0)
    theirs = {
        "physical": "checkouts",
        "digital": "digital_checkouts",
        "program": "programs",
        "computer": "computer_sessions",
    }
    for way, column in theirs.items():
        assert (counts[way] == year[column]).all(), way
    assert (table["m"] == (year[list(theirs.values())] > 0).sum(axis=1)).all()
    # A renewal that somebody asked for is a month of use there, and no use here.
    assert (year.loc[table["f"] > 0, "months_active"] > 0).all()
    only_renewed = (table["f"] == 0) & (year["months_active"] > 0)
    assert (year.loc[only_renewed, "renewals"] > 0).all()
    segment = segments.core_segments(table)
    assert ((segment == "new") == (year["segment_by_rule"] == "new")).all()
    assert (year.loc[(segment == "away") & ~only_renewed, "segment_by_rule"] == "inactive").all()
