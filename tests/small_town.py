"""A town so small that it can be counted by hand."""

import pandas as pd

AS_OF = pd.Timestamp("2025-08-31")
LATELY, LONG_AGO = pd.Timestamp("2025-03-01"), pd.Timestamp("2023-03-01")


def town(rows):
    """``rows``: for each patron, valid card, borrowed, program, computer: when, or None."""
    columns = ["valid", "borrowed", "program", "computer"]
    patrons = pd.DataFrame(rows, columns=columns)
    patrons["patron_id"] = range(1, len(rows) + 1)
    patrons["expires"] = patrons["valid"].map({True: AS_OF, False: AS_OF - pd.Timedelta(days=1)})
    patrons["last_use"] = patrons[columns[1:]].apply(pd.to_datetime).max(axis="columns")
    patrons["age_band"] = pd.Categorical(["child", "adult"] * len(rows))[: len(rows)]
    events = []
    for column in columns[1:]:
        came = patrons.loc[patrons[column].notna(), ["patron_id", column]].rename(columns={column: "date"})
        events.append(
            came.assign(date=pd.to_datetime(came["date"]), patron_id=came["patron_id"].astype("Int64"))
        )
    events[0]["transaction_type"] = "checkout"
    return patrons, *events


SMALL = [
    (True, LATELY, None, None),
    (True, None, LATELY, None),
    (False, None, None, LATELY),
    (True, LONG_AGO, None, None),
    (False, None, None, None),
    (False, LATELY, LATELY, None),
]
