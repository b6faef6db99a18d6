# Proofs for the assignment 04_core_customers.
# Each cell is one answer to one question: right, or wrong in a way that has a name.
# "says" is the sentence that the student gets, in full; a # in it stands for any number.
# ruff: noqa: F821, E402, F811, I001

# %% not_a_use · right · sum of a comparison
not_a_use = (recent_checkouts["transaction_type"] != "checkout").sum()

# %% not_a_use · right · both renewals
not_a_use = int(recent_checkouts["transaction_type"].isin(["renewal", "automatic renewal"]).sum())

# %% not_a_use · right · total less uses, as a float
counts = recent_checkouts["transaction_type"].value_counts()
not_a_use = float(len(recent_checkouts) - counts["checkout"])

# %% not_a_use · wrong: the uses · 0 of 1
# says: not_a_use is #. These are the rows that count. You need the others.
not_a_use = (recent_checkouts["transaction_type"] == "checkout").sum()

# %% not_a_use · wrong: automatic only · 0 of 1
# says: not_a_use is #. You count what the computer renewed. A renewal that somebody asked for is no use either.
not_a_use = len(recent_checkouts.query("transaction_type == 'automatic renewal'"))

# %% not_a_use · wrong: asked for only · 0 of 1
# says: not_a_use is #. You count the renewals that somebody asked for. Those of the computer are no uses either.
not_a_use = (recent_checkouts["transaction_type"] == "renewal").sum()

# %% not_a_use · wrong: every row · 0 of 1
# says: not_a_use is #. This is every row. A Series of True and False has as many rows as the table: sum it.
not_a_use = len(recent_checkouts["transaction_type"] != "checkout")

# %% not_a_use · wrong: all three years · 0 of 1
# says: not_a_use is #. These are the renewals of all three years. Look in recent_checkouts.
not_a_use = (checkouts["transaction_type"] != "checkout").sum()

# %% not_a_use · wrong: people · 0 of 1
# says: not_a_use is #. This is the number of people with a renewal. The question asks for rows.
not_a_use = recent_checkouts.loc[recent_checkouts["transaction_type"] != "checkout", "patron_id"].nunique()

# %% not_a_use · wrong: a share · 0 of 1
# says: not_a_use is #. This looks like a share. Expected a count: use .sum() or len(…).
not_a_use = (recent_checkouts["transaction_type"] != "checkout").mean()

# %% by_way · right · grouped
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / recent["patron_id"].nunique()

# %% by_way · right · a loop, with the way as a column, in another order
rows = []
for way in ["program", "digital", "computer", "physical"]:
    part = recent[recent["way"] == way]
    rows.append({"share_of_users": len(set(part["patron_id"])) / len(set(recent["patron_id"])), "way": way})
    rows[-1].update(uses=len(part), users=len(set(part["patron_id"])), share_of_uses=len(part) / len(recent))
by_way = pd.DataFrame(rows)

# %% by_way · right · people from their own table
by_way = recent.groupby("way").agg(uses=("date", "size"), users=("patron_id", "nunique")).reset_index()
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(4)
by_way["share_of_users"] = (by_way["users"] / (people["f"] > 0).sum()).round(4)

# %% by_way · right · rounded to two digits
by_way = recent.groupby("way")["patron_id"].agg(uses="count", users="nunique")
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(2)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(2)

# %% by_way · wrong: shares of users that add up to 1 · 0 of 2
# says: by_way: Your shares of users add up to 1. One person may use the library in several ways: divide by the number of different people in recent.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / by_way["users"].sum()

# %% by_way · wrong: of all cards · 0 of 2
# says: by_way: You divided the users by all cards. Divide by the different people in recent.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / len(patrons)

# %% by_way · wrong: rows, not people · 0 of 2
# says: by_way: Your users are as many as the uses. Count each patron_id once in each way.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.count()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / len(recent)

# %% by_way · wrong: percentages · 0 of 2
# says: by_way: A share lies between 0 and 1. If yours are percentages, leave out the 100.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = 100 * by_way["uses"] / len(recent)
by_way["share_of_users"] = 100 * by_way["users"] / recent["patron_id"].nunique()

# %% by_way · wrong: all three years · 0 of 2
# says: by_way: This is the use of all three years. Look in recent.
groups = uses.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(uses)
by_way["share_of_users"] = by_way["users"] / uses["patron_id"].nunique()

# %% by_way · wrong: a row of totals · 0 of 2
# says: by_way: There are four ways of use. Your table has another number of rows.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way.loc["all"] = by_way.sum()
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / recent["patron_id"].nunique()

# %% by_way · wrong: a column forgotten · 0 of 2
# says: by_way has no column share_of_users. It has: way, uses, users, share_of_uses.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)

# %% by_way · wrong: rounded to one digit · 0 of 2
# says: by_way: The shares are rounded too much. Keep two digits after the point, or more.
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(1)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(1)

# %% recency · right · latest date of each
def recency(uses, as_of):
    last = uses.groupby("patron_id")["date"].max()
    return (as_of - last).dt.days


# %% recency · right · sorted, and the last row kept
def recency(uses, as_of):
    last = uses.sort_values("date").drop_duplicates("patron_id", keep="last").set_index("patron_id")
    return (as_of - last["date"]).dt.days


# %% recency · right · the smallest number of days
def recency(uses, as_of):
    ago = uses.assign(ago=(as_of - uses["date"]).dt.days)
    return ago.groupby("patron_id")["ago"].min().astype(float).to_dict()


# %% recency · wrong: the first use · 0 of 2
# says: recency(…): You look at the first use of each patron. The last one counts.
def recency(uses, as_of):
    return (as_of - uses.groupby("patron_id")["date"].min()).dt.days


# %% recency · wrong: negative · 0 of 2
# says: recency(…): Your days are negative: take the earlier day away from the later one.
def recency(uses, as_of):
    return (uses.groupby("patron_id")["date"].max() - as_of).dt.days


# %% recency · wrong: dates · 0 of 2
# says: recency(…): These are the days of the last use. Take them away from as_of.
def recency(uses, as_of):
    return uses.groupby("patron_id")["date"].max()


# %% recency · wrong: a stretch of time · 0 of 2
# says: recency(…): This is a stretch of time. Make a number of days of it, with .dt.days.
def recency(uses, as_of):
    return as_of - uses.groupby("patron_id")["date"].max()


# %% recency · wrong: the column of the lesson · 0 of 2
# says: recency(…) holds # values. Expected one for each of: 7, 8, 9. Use what the function is given, and no table of the notebook; and group it, if it is not grouped yet.
def recency(uses, as_of):
    return people["r"]


# %% recency · wrong: one row each use · 0 of 2
# says: recency(…) has more than one value for '7'. Expected one for each label.
def recency(uses, as_of):
    return (as_of - uses.set_index("patron_id")["date"]).dt.days


# %% recency · wrong: always the day of the course · 0 of 2
# says: recency(…): You count the days to AS_OF. Count them to as_of, the day that the function is given.
def recency(uses, as_of):
    return (AS_OF - uses.groupby("patron_id")["date"].max()).dt.days


# %% recency · wrong: brackets forgotten · 0 of 2
# says: recency stopped with AttributeError ('DatetimeProperties' object has no attribute 'days'). A date is no number of days. Take one day away from the other first, in round brackets, and then .dt.days.
def recency(uses, as_of):
    return as_of - uses.groupby("patron_id")["date"].max().dt.days


# %% frequency · right · each day once
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates(["patron_id", "date"]).groupby("patron_id").size()


# %% frequency · right · different dates
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(years=1)]
    return late.groupby("patron_id")["date"].nunique()


# %% frequency · right · a loop over sets
def frequency(uses, as_of):
    days = {}
    for patron, date in zip(uses["patron_id"], uses["date"], strict=True):
        if date > as_of - pd.DateOffset(months=12):
            days.setdefault(patron, set()).add(date)
    return pd.Series({patron: len(dates) for patron, dates in days.items()})


# %% frequency · wrong: rows, not days · 0 of 2
# says: frequency(…): You count rows. Two uses on one day are one day.
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id").size()


# %% frequency · wrong: days of all years · 0 of 2
# says: frequency(…): You count days of all years. Keep the rows of the twelve months first.
def frequency(uses, as_of):
    return uses.groupby("patron_id")["date"].nunique()


# %% frequency · wrong: rows of all years · 0 of 2
# says: frequency(…): You count all rows. Keep the recent ones, and each day once.
def frequency(uses, as_of):
    return uses["patron_id"].value_counts()


# %% frequency · wrong: the day itself · 0 of 2
# says: frequency(…): A use exactly twelve months before as_of is too old: use >, not >=.
def frequency(uses, as_of):
    late = uses[uses["date"] >= as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id")["date"].nunique()


# %% frequency · wrong: a day in each way · 0 of 2
# says: frequency(…): You count a day twice if it has two ways of use. Look at patron_id and date only.
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates().groupby("patron_id").size()


# %% frequency · wrong: 365 days · 0 of 2
# says: frequency(…): Twelve months are not always 365 days: these twelve have a 29 February. Use pd.DateOffset(months=12).
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.Timedelta(days=365)]
    return late.groupby("patron_id")["date"].nunique()


# %% frequency · wrong: the setup's own day · 0 of 2
# says: frequency(…): Your twelve months do not end with as_of. Use the day that the function is given, and not since.
def frequency(uses, as_of):
    return uses[uses["date"] > since].groupby("patron_id")["date"].nunique()


# %% frequency · wrong: the table of the notebook · 0 of 2
# says: frequency(…) holds # values. Expected one for each of: 7, 9. Use what the function is given, and no table of the notebook; and group it, if it is not grouped yet.
def frequency(uses, as_of):
    return people["f"]


# %% one_way_share · right · mean of a comparison
one_way_share = (recent.groupby("patron_id")["way"].nunique() == 1).mean()

# %% one_way_share · right · from the people
one_way_share = (people["m"] == 1).sum() / (people["m"] > 0).sum()

# %% one_way_share · right · rounded to two digits
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = round(len(breadth[breadth == 1]) / len(breadth), 2)

# %% one_way_share · wrong: of all cards · 0 of 1
# says: one_way_share is #. You divided by all cards. The question asks for a share of the people in recent.
one_way_share = (people["m"] == 1).mean()

# %% one_way_share · wrong: two ways or more · 0 of 1
# says: one_way_share is #. This is the share with two ways or more. You need the others.
one_way_share = (recent.groupby("patron_id")["way"].nunique() > 1).mean()

# %% one_way_share · wrong: one use only · 0 of 1
# says: one_way_share is #. This is the share of people with a single use. Count their different ways, with .nunique().
one_way_share = (recent.groupby("patron_id")["way"].count() == 1).mean()

# %% one_way_share · wrong: all three years · 0 of 1
# says: one_way_share is #. You look at all three years. Look in recent.
one_way_share = (uses.groupby("patron_id")["way"].nunique() == 1).mean()

# %% one_way_share · wrong: a count · 0 of 1
# says: one_way_share is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
one_way_share = (recent.groupby("patron_id")["way"].nunique() == 1).sum()

# %% f_score · right · added up
def f_score(f):
    return 1 + (f >= 4).astype(int) + (f >= 14)


# %% f_score · right · cut
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=[1, 2, 3])


# %% f_score · right · chosen, with labels put back
def f_score(f):
    return pd.Series(np.select([f > 13, f > 3], [3.0, 2.0], default=1.0), index=f.index)


# %% f_score · wrong: begun with 1 · 0 of 2
# says: f_score(…): 1 day has no score: a part of pd.cut does not hold its lower end. Begin with 0.
def f_score(f):
    return pd.cut(f, [1, 3, 13, 366], labels=[1, 2, 3])


# %% f_score · wrong: ended too early · 0 of 2
# says: f_score(…): 366 days have no score: end with 366.
def f_score(f):
    return pd.cut(f, [0, 3, 13, 365], labels=[1, 2, 3])


# %% f_score · wrong: words · 0 of 2
# says: f_score(…): Your scores are texts, not numbers: leave out the quotation marks.
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=["1", "2", "3"])


# %% f_score · wrong: one question for all · 0 of 2
# says: f_score stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in round brackets: (a <= b) & (b <= c).
def f_score(f):
    return 3 if f >= 14 else 2 if f >= 4 else 1


# %% f_score · wrong: upside down · 0 of 2
# says: f_score(…): Your scores are upside down: the most days get a 3.
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=[3, 2, 1])


# %% f_score · wrong: cuts one too high · 0 of 2
# says: f_score(…): Whoever reaches a cut gets the higher score: 4 days are a 2, and 14 days are a 3.
def f_score(f):
    return pd.cut(f, [0, 4, 14, 366], labels=[1, 2, 3])


# %% f_score · wrong: the cut of the lesson · 0 of 2
# says: f_score(…): You cut as the lesson does. Here the cuts are at 4 and at 14 days.
def f_score(f):
    return pd.cut(f, [0, 3, 17, 366], labels=[1, 2, 3])


# %% f_score · wrong: equal parts · 0 of 2
# says: f_score(…) is # for w. That is not it yet. The cuts do not depend on who else is in the Series.
def f_score(f):
    if len(f) > 4:
        return pd.cut(f, [0, 3, 13, 366], labels=[1, 2, 3])
    return f.rank(method="first").clip(upper=3)


# %% f_score · wrong: thirds · 0 of 2
# says: f_score(…) is # for #. That is not it yet. Read the definition in the question again, then work out a few rows by hand.
def f_score(f):
    return pd.qcut(f.rank(method="first"), 3, labels=[1, 2, 3])


# %% f_score · wrong: an array without labels · 0 of 2
# says: f_score(…) is a ndarray of 6 values. Expected a Series, with one value for each label.
def f_score(f):
    return np.select([f > 13, f > 3], [3, 2], default=1)


# %% core_of · right · select
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · right · from the last rule to the first
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] < 90] = "new"
    return segment.astype("category")


# %% core_of · right · row by row
def core_of(table):
    found = {}
    for row in table.itertuples():
        if row.card_age < 90:
            found[row.Index] = "new"
        elif row.days_used < 1:
            found[row.Index] = "away"
        elif row.last_seen > 56:
            found[row.Index] = "not lately"
        elif row.days_used >= 14:
            found[row.Index] = "regular"
        else:
            found[row.Index] = "now and then"
    return found


# %% core_of · wrong: labels of its own · 0 of 3
# says: core_of(…): The names are right, and their labels are 0 to 9. Give them those of the table, with index=table.index.
def core_of(table):
    questions = [table["card_age"] < 90, table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    return pd.Series(np.select(questions, ["new", "away", "not lately", "regular"], default="now and then"))


# %% core_of · wrong: away means never · 0 of 3
# says: core_of(…): Somebody without a day of use in twelve months is away, even with a last use long ago: ask about days_used.
def core_of(table):
    questions = [table["card_age"] < 90, table["last_seen"].isna(), table["last_seen"] > 56, table["days_used"] >= 14]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: every cut one off · 0 of 3
# says: core_of(…): Your questions treat 90, 56 and 14 wrongly: less than 90, more than 56, and 14 or more.
def core_of(table):
    questions = [table["card_age"] <= 90, table["days_used"] == 0, table["last_seen"] >= 56, table["days_used"] > 14]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: new forgotten · 0 of 3
# says: core_of(…): You have nobody who is new. That rule comes first, whatever its owner did with the card.
def core_of(table):
    questions = [table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    names = ["away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: away before new · 0 of 3
# says: core_of(…): A new card without use is new, not away: the first rule that fits counts.
def core_of(table):
    questions = [
        table["days_used"] == 0,
        table["card_age"] < 90,
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["away", "new", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: regular before not lately · 0 of 3
# says: core_of(…): Somebody who came often, and not for more than 56 days, is not lately: that rule comes before regular.
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["days_used"] >= 14,
        table["last_seen"] > 56,
    ]
    names = ["new", "away", "regular", "not lately"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: cuts of the lesson · 0 of 3
# says: core_of(…): You cut as the lesson does. Here lately is within 56 days, and often is on 14 days.
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 63,
        table["days_used"] >= 18,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: often, and one more · 0 of 3
# says: core_of(…): Whoever reaches 14 days is regular: use >=.
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 56,
        table["days_used"] > 14,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)


# %% core_of · wrong: 90 days are new · 0 of 3
# says: core_of(…): A card that is 90 days old is no longer new: use <.
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] <= 90] = "new"
    return segment


# %% core_of · wrong: 56 days are too long · 0 of 3
# says: core_of(…): A last use 56 days ago is still lately: use >.
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] >= 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] < 90] = "new"
    return segment


# %% core_of · wrong: the columns of the lesson · 0 of 3
# says: core_of stopped with KeyError ('r'). What the function is given has no column 'r'. It has: card_age, last_seen, days_used.
def core_of(table):
    questions = [table["card_age"] < 90, table["r"] > 56]
    return pd.Series(np.select(questions, ["new", "not lately"], default="now and then"), index=table.index)


# %% core_of · wrong: and, in words · 0 of 3
# says: core_of stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in round brackets: (a <= b) & (b <= c).
def core_of(table):
    if table["card_age"] < 90:
        return "new"
    return "now and then"


# %% core_of · wrong: no labels · 0 of 3
# says: core_of(…) is a ndarray of 10 values. Expected a Series, with one value for each label.
def core_of(table):
    questions = [table["card_age"] < 90, table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    return np.select(questions, ["new", "away", "not lately", "regular"], default="now and then")


# %% sizes · right · grouped
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / sizes["patrons"].sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()

# %% sizes · right · counts of values, in another order
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = people["segment"].value_counts(normalize=True)
sizes["days_of_use"] = people.groupby("segment")["f"].sum().astype(float)
sizes["share_of_use"] = (sizes["days_of_use"] / people["f"].sum()).round(4)

# %% sizes · right · a loop
rows = []
for name in ["new", "away", "not lately", "regular", "now and then"]:
    some = people.loc[people["segment"] == name, "f"]
    rows.append([name, len(some), len(some) / len(people), some.sum(), some.sum() / people["f"].sum()])
sizes = pd.DataFrame(rows, columns=["segment", "patrons", "share_of_patrons", "days_of_use", "share_of_use"])

# %% sizes · right · rounded to two digits
sizes = people.groupby("segment").agg(patrons=("f", "count"), days_of_use=("f", "sum"))
for count, share in (("patrons", "share_of_patrons"), ("days_of_use", "share_of_use")):
    sizes[share] = (sizes[count] / sizes[count].sum()).round(2)

# %% sizes · wrong: of the users · 0 of 2
# says: sizes: The five shares in share_of_patrons add up to #. Shares of one whole add up to 1: divide by the whole, and leave out a 100.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / (people["f"] > 0).sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()

# %% sizes · wrong: use per patron · 0 of 2
# says: sizes: You took the mean of the days. Add them up.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.mean()})
sizes["share_of_patrons"] = sizes["patrons"] / sizes["patrons"].sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()

# %% sizes · wrong: days by patrons · 0 of 2
# says: sizes: The five shares in share_of_use add up to #. Shares of one whole add up to 1: divide by the whole, and leave out a 100.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / len(people)

# %% sizes · wrong: patrons twice · 0 of 2
# says: sizes: Your days of use are the number of patrons. Add up their f.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.count()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()

# %% sizes · wrong: uses, not days · 0 of 2
# says: sizes: You count uses, not days of use. The column f of people has the days.
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["days_of_use"] = recent["patron_id"].map(people["segment"]).value_counts()
sizes["days_of_use"] = sizes["days_of_use"].fillna(0)
sizes["share_of_use"] = sizes["days_of_use"] / len(recent)

# %% sizes · wrong: percentages · 0 of 2
# says: sizes: The five shares in share_of_patrons add up to #. Shares of one whole add up to 1: divide by the whole, and leave out a 100.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = 100 * sizes["patrons"] / len(people)
sizes["share_of_use"] = 100 * sizes["days_of_use"] / people["f"].sum()

# %% sizes · wrong: use of rows · 0 of 2
# says: sizes: The five shares in share_of_use add up to #. Shares of one whole add up to 1: divide by the whole, and leave out a 100.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / len(recent)

# %% sizes · wrong: percent of patrons · 0 of 2
# says: sizes: The five shares in share_of_patrons add up to #. Shares of one whole add up to 1: divide by the whole, and leave out a 100.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = 100 * sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / people["f"].sum()

# %% sizes · wrong: rounded to one digit · 0 of 2
# says: sizes: The shares are rounded too much. Keep two digits after the point, or more.
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = (sizes["patrons"] / len(people)).round(1)
sizes["share_of_use"] = (sizes["days_of_use"] / people["f"].sum()).round(1)

# %% sizes · wrong: written into people · 0 of 2
# says: sizes: A share is missing. Is f still in people as it was? Run the set-up cell again, then your cell.
nobody = people.assign(f=0).groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": nobody.size(), "days_of_use": nobody.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()

# %% sizes · wrong: the core only · 0 of 2
# says: sizes: There are five segments. Your table has another number of rows.
core = people[people["segment"].isin(["regular", "now and then", "not lately"])]
groups = core.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / people["f"].sum()

# %% stayed · right · compared in one order
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).mean()


# %% stayed · right · a table of both
def stayed(before, after):
    both = pd.DataFrame({"before": before, "after": after})
    same = both[both["before"] == both["after"]]
    return (same["before"].value_counts() / both["before"].value_counts()).fillna(0)


# %% stayed · right · a cross table
def stayed(before, after):
    table = pd.crosstab(before, after.reindex(before.index), normalize="index")
    return {name: table.loc[name].get(name, 0.0) for name in table.index}


# %% stayed · right · rounded to two digits
def stayed(before, after):
    same = before.eq(after.reindex(before.index))
    return same.groupby(before).mean().round(2)


# %% stayed · wrong: grouped by after · 0 of 2
# says: stayed(…): You grouped by after, so you divide by its segments. Of the people of a segment before, how many are in it still?
def stayed(before, after):
    after = after.loc[before.index]
    return (before == after).groupby(after).mean()


# %% stayed · wrong: not grouped · 0 of 2
# says: stayed(…): You have True or False for each patron. Group that by before, and take the mean.
def stayed(before, after):
    return before == after.loc[before.index]


# %% stayed · wrong: nobody is missing · 0 of 2
# says: stayed(…): Where nobody stays, the share is 0, not missing.
def stayed(before, after):
    same = before[before == after.loc[before.index]]
    return same.value_counts().reindex(before.unique()) / before.value_counts()


# %% stayed · wrong: order ignored · 0 of 2
# says: stayed(…): You compare row by row. The rows of after may stand in another order: bring them into that of before.
def stayed(before, after):
    return (before == after.values).groupby(before).mean()


# %% stayed · wrong: those who move · 0 of 2
# says: stayed(…): These are the shares of those who move. You need those who stay.
def stayed(before, after):
    return (before != after.loc[before.index]).groupby(before).mean()


# %% stayed · wrong: counts · 0 of 2
# says: stayed(…): These are counts. Divide by the size of each segment of before.
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).sum()


# %% stayed · wrong: of everybody · 0 of 2
# says: stayed(…): You divided by everybody. Divide by the size of each segment of before.
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).sum() / len(before)


# %% stayed · wrong: one share for all · 0 of 2
# says: stayed(…) is a number. Expected a Series, with one value for each label.
def stayed(before, after):
    return (before == after.loc[before.index]).mean()


# %% stayed · wrong: rows of unlike labels · 0 of 2
# says: stayed stopped with ValueError (Can only compare identically-labeled Series objects). The rows of the two stand in another order, or have other labels. Bring one into the order of the other first: a.loc[b.index].
def stayed(before, after):
    return (before == after).groupby(before).mean()


# %% stayed · wrong: a name in quotation marks · 0 of 2
# says: stayed stopped with KeyError ('before'). A Series has no columns, so none is called 'before'. If you mean what the function is given, leave out the quotation marks.
def stayed(before, after):
    return (before == after.loc[before.index]).groupby("before").mean()


# %% stayed · wrong: not compared · 0 of 2
# says: stayed stopped with TypeError (dtype 'str' does not support operation 'mean'). Texts have no mean. Compare first: True and False have one.
def stayed(before, after):
    return after.loc[before.index].groupby(before).mean()


# %% stayed · wrong: nobody is left out · 0 of 2
# says: stayed(…): A segment of which nobody stays is left out. Its share is 0.
def stayed(before, after):
    same = before[before == after.loc[before.index]]
    return {name: len(same[same == name]) / len(before[before == name]) for name in same.unique()}


# %% made_regular · right · both tables, each day once
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()

# %% made_regular · right · different dates of those who are now and then
some = people.index[people["segment"] == "now and then"]
both = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
made_regular = len([1 for count in both[both["patron_id"].isin(some)].groupby("patron_id")["date"].nunique() if count > 13])

# %% made_regular · right · with the helper of the set-up
every = segments.uses(checkouts, library.attendance, library.computer_sessions, renewals=True)
f_all = segments.rfm(patrons, every, as_of=AS_OF)["f"]
made_regular = float(((f_all >= 14) & (people["segment"] == "now and then")).sum())

# %% made_regular · wrong: rows, not days · 0 of 2
# says: made_regular is #. You count rows. Take each day of each patron once, with .drop_duplicates() on patron_id and date.
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()

# %% made_regular · wrong: rows that are alike throughout · 0 of 2
# says: made_regular is #. You leave out a row only if every column is the same. Give .drop_duplicates() the two columns: patron_id and date.
report = pd.concat([recent_checkouts, recent]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()

# %% made_regular · wrong: everybody with 14 days · 0 of 2
# says: made_regular is #. You count everybody with 14 days in the report. Keep those who are now and then in people.
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
made_regular = (report.groupby("patron_id").size() >= 14).sum()

# %% made_regular · wrong: regulars of the report less ours · 0 of 2
# says: made_regular is #. You took one total away from another. Not all of the difference is now and then: ask each patron both questions.
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
made_regular = (report.groupby("patron_id").size() >= 14).sum() - (people["segment"] == "regular").sum()

# %% made_regular · wrong: checkouts only · 0 of 2
# says: made_regular is #. Two slips lead here. Either a table is missing: the report has programs and computers, too. Or > stands where >= should: 14 days are enough.
days = recent_checkouts.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()

# %% made_regular · wrong: more than 14 · 0 of 2
# says: made_regular is #. Two slips lead here. Either a table is missing: the report has programs and computers, too. Or > stands where >= should: 14 days are enough.
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days > 14) & (people["segment"] == "now and then")).sum()

# %% made_regular · wrong: the cut of the lesson · 0 of 2
# says: made_regular is #. You cut at 18 days, as the lesson does. Here often is 14 days or more.
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 18) & (people["segment"] == "now and then")).sum()

# %% made_regular · wrong: the uses alone · 0 of 2
# says: made_regular is 0. There are some patrons: look at what is compared with what.
days = recent.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()

# %% erased · right · one number less another
erased = recent["patron_id"].nunique() - recent.loc[recent["way"] == "physical", "patron_id"].nunique()

# %% erased · right · sets
erased = len(set(recent["patron_id"]) - set(recent.query("way == 'physical'")["patron_id"]))

# %% erased · right · asked of each patron
seen = people.index.isin(recent.loc[recent["way"] == "physical", "patron_id"])
erased = np.int64(((people["f"] > 0) & ~seen).sum())

# %% erased · wrong: people with another way · 0 of 1
# says: erased is #. These people did something else as well. Some of them also checked out a physical item, and are seen.
erased = recent.loc[recent["way"] != "physical", "patron_id"].nunique()

# %% erased · wrong: uses, not people · 0 of 1
# says: erased is #. There are not so many patrons. Ask yourself: one of these is one what?
erased = (recent["way"] != "physical").sum()

# %% erased · wrong: those who are seen · 0 of 1
# says: erased is #. These are the people whom the rule sees. You need the others.
erased = recent.loc[recent["way"] == "physical", "patron_id"].nunique()

# %% erased · wrong: of all cards · 0 of 1
# says: erased is #. You count everybody with a card. Only people in recent can be erased.
erased = len(people) - recent.loc[recent["way"] == "physical", "patron_id"].nunique()

# %% erased · wrong: digital readers kept · 0 of 1
# says: erased is #. You leave out those who borrow digitally only. The rule asks for a physical item: it does not see them either.
erased = recent["patron_id"].nunique() - recent.loc[recent["way"].isin(["physical", "digital"]), "patron_id"].nunique()
