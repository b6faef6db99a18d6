# Proofs for the assignment 01_who_is_our_customer.
# Each cell is one answer to one question: right, or wrong in a way that has a name.
# "says" is the sentence that the student gets, in full; a # in it stands for any number.
# ruff: noqa: F821, E402, F811, I001

# %% registered · right · length of the table
registered = len(patrons)

# %% registered · right · shape, as a NumPy integer
import numpy as np

registered = np.int64(patrons.shape[0])

# %% registered · right · each id once
registered = patrons["patron_id"].nunique()

# %% registered · wrong: cells, not rows · 0 of 1
# says: registered is #. This is the number of cells in the table: rows times columns. Count the rows only.
registered = patrons.size

# %% registered · wrong: households · 0 of 1
# says: registered is #. This is the number of households. Several people of one household may have a card: count the rows.
registered = patrons["household_id"].nunique()

# %% registered · wrong: valid cards · 0 of 1
# says: registered is #. This is the number of valid cards. Here every card counts, also one that has run out.
registered = (patrons["expires"] >= AS_OF).sum()

# %% registered · wrong: another name · 0 of 1
# says: registered is not there yet. You have Registered: did you mean that?
Registered = len(patrons)

# %% unexpired · right · sum of a comparison
unexpired = (patrons["expires"] >= AS_OF).sum()

# %% unexpired · right · length of a query
unexpired = len(patrons.query("expires >= @AS_OF"))

# %% unexpired · wrong: expired cards · 0 of 1
# says: unexpired is #. These are the cards that have run out. You need the others: turn the comparison round.
unexpired = (patrons["expires"] < AS_OF).sum()

# %% unexpired · wrong: every card · 0 of 1
# says: unexpired is #. This is the number of all rows. A comparison has as many rows as the table: sum it, so that only True counts.
unexpired = (patrons["expires"] >= AS_OF).count()

# %% unexpired · wrong: recent use · 0 of 1
# says: unexpired is #. These are the people who used the library lately. Whether a card is valid stands in the column expires.
unexpired = (patrons["last_use"] > since).sum()

# %% unexpired · wrong: expires within the year · 0 of 1
# says: unexpired is #. You also count cards that ran out during the last twelve months. Compare with AS_OF, not with since.
unexpired = (patrons["expires"] >= since).sum()

# %% unexpired · wrong: a comparison that was not counted · 0 of 1
# says: unexpired is a Series of # values. Expected a whole number, 0 or more: count the True values, for example with .sum().
unexpired = patrons["expires"] >= AS_OF

# %% active_share · right · mean of a comparison
active_share = (patrons["last_use"] > since).mean()

# %% active_share · right · count and divide
recent = patrons.query("last_use > @since")
active_share = len(recent) / len(patrons)

# %% active_share · right · rounded to three places
active_share = round(float((patrons["last_use"] > since).sum() / patrons.shape[0]), 3)

# %% active_share · wrong: valid cards · 0 of 2
# says: active_share is #. This is the share with a valid card. Active means that they used the library.
active_share = (patrons["expires"] >= AS_OF).mean()

# %% active_share · wrong: only those who ever came · 0 of 2
# says: active_share is #. You divided by the patrons who ever used their card. Divide by all who are registered.
active_share = (patrons["last_use"].dropna() > since).mean()

# %% active_share · wrong: only valid cards below · 0 of 2
# says: active_share is #. You divided by the valid cards. Divide by all who are registered.
active_share = (patrons["last_use"] > since).sum() / (patrons["expires"] >= AS_OF).sum()

# %% active_share · wrong: the inactive · 0 of 2
# says: active_share is #. This is the share of those who did not come. You need the others.
active_share = 1 - (patrons["last_use"] > since).mean()

# %% active_share · wrong: a percentage · 0 of 2
# says: active_share is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
active_share = (patrons["last_use"] > since).mean() * 100

# %% borrowers · right · each id once
borrowers = loans.loc[loans["date"] > since, "patron_id"].nunique()

# %% borrowers · right · patrons who are in the loans
borrowed_lately = loans[loans["date"] > since]["patron_id"]
borrowers = float(patrons["patron_id"].isin(borrowed_lately).sum())

# %% borrowers · right · grouped
borrowers = len(loans[loans.date > since].groupby("patron_id").size())

# %% borrowers · wrong: loans, not people · 0 of 2
# says: borrowers is #. There are not so many patrons. Ask yourself: one of these is one what?
borrowers = (loans["date"] > since).sum()

# %% borrowers · wrong: every patron · 0 of 2
# says: borrowers is #. This is every patron. A Series of True and False has as many rows as the table: sum it.
borrowers = len(patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"]))

# %% borrowers · wrong: a table in the place of its column · 0 of 2
# says: borrowers is 0. There are some patrons: look at what is compared with what.
borrowers = patrons["patron_id"].isin(loans[loans["date"] > since]).sum()

# %% borrowers · wrong: rows of a table · 0 of 2
# says: borrowers is a DataFrame with # rows and # columns. Expected a whole number, 0 or more: count its rows, with len(…).
borrowers = loans[loans["date"] > since].drop_duplicates("patron_id")

# %% borrowers · wrong: all three years · 0 of 2
# says: borrowers is #. These are the borrowers of all three years. Keep the rows after since first.
borrowers = loans["patron_id"].nunique()

# %% borrowers · wrong: automatic renewals · 0 of 2
# says: borrowers is #. You also count people for whom only the computer renewed something. Use loans, not checkouts.
borrowers = checkouts.loc[checkouts["date"] > since, "patron_id"].nunique()

# %% borrowers · wrong: all active · 0 of 2
# says: borrowers is #. These are all active patrons. Some of them never borrow: look in loans.
borrowers = (patrons["last_use"] > since).sum()

# %% borrowers · wrong: a list of people · 0 of 2
# says: borrowers is a ndarray of # values. Expected a whole number, 0 or more.
borrowers = loans.loc[loans["date"] > since, "patron_id"].unique()

# %% other_users · right · isin, or, not
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(recent_ids)).sum()

# %% other_users · right · sets
visitors = set(attendance[attendance["date"] > since]["patron_id"])
visitors |= set(computer_sessions[computer_sessions["date"] > since]["patron_id"].dropna())
other_users = len(visitors - set(loans[loans["date"] > since]["patron_id"]))

# %% other_users · right · active, and not a borrower
lately = patrons[patrons["last_use"] > since]
other_users = int((~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])).sum())

# %% other_users · wrong: guests · 0 of 2
# says: other_users is #. One of your people is nobody: sessions of guests have no patron_id. Leave them out, for example with .dropna().
visitors = set(attendance[attendance["date"] > since]["patron_id"])
visitors |= set(computer_sessions[computer_sessions["date"] > since]["patron_id"].unique())
other_users = len(visitors - set(loans[loans["date"] > since]["patron_id"]))

# %% other_users · wrong: not, of a number · 0 of 2
# says: other_users is #. You also count people who borrow. Leave out every borrower, with a Series of True and False: ~ does not work on a number.
how_many = patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"]).sum()
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = int((is_here & bool(~how_many)).sum())

# %% other_users · wrong: borrowers too · 0 of 2
# says: other_users is #. You also count people who borrow. Leave out every borrower, with a Series of True and False: ~ does not work on a number.
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)).sum()

# %% other_users · wrong: both at once · 0 of 2
# says: other_users is #. You count those who did both. One of the two is enough: use | for or.
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) & patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(recent_ids)).sum()

# %% other_users · wrong: never borrowed · 0 of 2
# says: other_users is #. You leave out everybody who ever borrowed. Only a loan after since makes a borrower here.
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(loans["patron_id"])).sum()

# %% other_users · wrong: programs only · 0 of 2
# says: other_users is #. You count one group only. Those who came to a program and those who used a computer both belong here.
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(program_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()

# %% other_users · wrong: computers only · 0 of 2
# says: other_users is #. You count one group only. Those who came to a program and those who used a computer both belong here.
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(computer_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()

# %% turned_away · right · mean among the active
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] < AS_OF).mean()

# %% turned_away · right · count and divide
n_active = (patrons["last_use"] > since).sum()
n_expired = len(patrons.query("last_use > @since and expires < @AS_OF"))
turned_away = n_expired / n_active

# %% turned_away · wrong: of all cards · 0 of 2
# says: turned_away is #. You divided by all cards. The question asks for a share of the active patrons.
turned_away = ((patrons["last_use"] > since) & (patrons["expires"] < AS_OF)).mean()

# %% turned_away · wrong: of the expired · 0 of 2
# says: turned_away is #. This is the share of the expired cards that are still in use. The question asks for a share of the active patrons.
ran_out = patrons[patrons["expires"] < AS_OF]
turned_away = (ran_out["last_use"] > since).mean()

# %% turned_away · wrong: the valid ones · 0 of 2
# says: turned_away is #. This is the share with a valid card. Those with an expired card would be turned away.
turned_away = (patrons[patrons["last_use"] > since]["expires"] >= AS_OF).mean()

# %% turned_away · wrong: everybody expired · 0 of 2
# says: turned_away is #. This is the share of expired cards among all cards. Look at the active patrons only.
turned_away = (patrons["expires"] < AS_OF).mean()

# %% turned_away · wrong: a count · 0 of 2
# says: turned_away is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
turned_away = ((patrons["last_use"] > since) & (patrons["expires"] < AS_OF)).sum()

# %% erased_by_age · right · grouped mean
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()

# %% erased_by_age · right · counts divided, in another order
lately = patrons[patrons["last_use"] > since]
loans = loans[loans["date"] > since]
gone = lately[~lately["patron_id"].isin(loans["patron_id"])]
erased_by_age = (gone["age_band"].value_counts() / lately["age_band"].value_counts()).sort_values()

# %% erased_by_age · right · a dictionary, by a loop
loans = set(loans[loans["date"] > since]["patron_id"])
erased_by_age = {}
for band, people in patrons[patrons["last_use"] > since].groupby("age_band", observed=True):
    erased_by_age[band] = 1 - people["patron_id"].isin(loans).mean()

# %% erased_by_age · wrong: share of the erased · 0 of 2
# says: erased_by_age: These shares add up to 1: they say how the erased are spread over the ages. Divide by the active patrons of each age band instead.
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts(normalize=True)

# %% erased_by_age · wrong: of all cards · 0 of 2
# says: erased_by_age: You divided by all cards of each age band. Divide by its active patrons.
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts() / patrons["age_band"].value_counts()

# %% erased_by_age · wrong: those who stay · 0 of 2
# says: erased_by_age: These are the shares that are kept. The erased are the others.
lately = patrons[patrons["last_use"] > since]
has_loan = lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = has_loan.groupby(lately["age_band"], observed=True).mean()

# %% erased_by_age · wrong: everybody who does not borrow · 0 of 2
# says: erased_by_age: You look at all cards. Only active patrons can be erased: keep their rows first.
no_loan = ~patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(patrons["age_band"], observed=True).mean()

# %% erased_by_age · wrong: one share for all · 0 of 2
# says: erased_by_age is a number. Expected a Series, with one value for each label.
lately = patrons[patrons["last_use"] > since]
erased_by_age = (~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])).mean()

# %% hit_share · right · two comparisons
def hit_share(low, high, truth):
    return ((low <= truth) & (truth <= high)).mean()


# %% hit_share · right · between
def hit_share(low, high, truth):
    return truth.between(low, high).sum() / len(truth)


# %% hit_share · right · a loop
def hit_share(low, high, truth):
    hits = 0
    for label in truth.index:
        if low[label] <= truth[label] and truth[label] <= high[label]:
            hits = hits + 1
    return hits / len(truth)


# %% hit_share · wrong: a count · 0 of 2
# says: hit_share(…) is 4. This is the number of hits. Divide it by the number of ranges.
def hit_share(low, high, truth):
    return ((low <= truth) & (truth <= high)).sum()


# %% hit_share · wrong: a percentage · 0 of 2
# says: hit_share(…) is #. This is a percentage. Leave it as a share, between 0 and 1.
def hit_share(low, high, truth):
    return 100 * ((low <= truth) & (truth <= high)).mean()


# %% hit_share · wrong: comparisons without brackets · 0 of 2
# says: hit_share stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in round brackets: (a <= b) & (b <= c).
def hit_share(low, high, truth):
    return (low <= truth & truth <= high).mean()


# %% hit_share · wrong: ends left out · 0 of 2
# says: hit_share(…) is 0.2857. Your ranges leave out their ends. A range holds its ends: use <= on both sides.
def hit_share(low, high, truth):
    return ((low < truth) & (truth < high)).mean()


# %% hit_share · wrong: the low end only · 0 of 2
# says: hit_share(…) is 0.8571. You compare with the low end only. The high end counts, too.
def hit_share(low, high, truth):
    return (low <= truth).mean()


# %% hit_share · wrong: the high end only · 0 of 2
# says: hit_share(…) is 0.7143. You compare with the high end only. The low end counts, too.
def hit_share(low, high, truth):
    return (truth <= high).mean()


# %% hit_share · wrong: misses · 0 of 2
# says: hit_share(…) is 0.4286. This is the share of misses. You need the hits.
def hit_share(low, high, truth):
    return ((truth < low) | (truth > high)).mean()


# %% hit_share · wrong: the number of the example · 0 of 2
# says: hit_share(…) is 0.5714. That is not it yet. Read the definition in the question again, then work out a few rows by hand.
def hit_share(low, high, truth):
    return 4 / 7


# %% hit_share · wrong: forgot return · 0 of 2
# says: hit_share gives back nothing. Did you forget return?
def hit_share(low, high, truth):
    share = ((low <= truth) & (truth <= high)).mean()


# %% hit_share · wrong: an error in the function · 0 of 2
# says: hit_share stopped with NameError (name 'count_hits' is not defined). That name was not made here, or only in the lesson: make it in your function first.
def hit_share(low, high, truth):
    return count_hits(low, high, truth) / len(truth)
