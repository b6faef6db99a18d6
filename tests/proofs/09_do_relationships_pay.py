# Proofs for the assignment 09_do_relationships_pay.
# Each cell is one answer to one question: right, or wrong in a way that has a name.
# "says" is the sentence that the student gets, in full; a # in it stands for any number.
# ruff: noqa: F821, E402, F811, I001

# %% relational_share · right · mean of isin
relational_share = consultations["asked_by"].isin(["in passing", "scheduled"]).mean()

# %% relational_share · right · count and divide, by query
relational = consultations.query("asked_by == 'in passing' or asked_by == 'scheduled'")
relational_share = round(len(relational) / len(consultations), 3)

# %% relational_share · right · shares of the values, added
by_value = consultations["asked_by"].value_counts(normalize=True)
relational_share = by_value["in passing"] + by_value["scheduled"]

# %% relational_share · wrong: in passing only · 0 of 1
# says: relational_share is #. You count only what was asked in passing. A scheduled hour is a relational contact, too.
relational_share = (consultations["asked_by"] == "in passing").mean()

# %% relational_share · wrong: scheduled only · 0 of 1
# says: relational_share is #. You count only what was scheduled. What was asked in passing is a relational contact, too.
relational_share = (consultations["asked_by"] == "scheduled").mean()

# %% relational_share · wrong: e-mail is personal · 0 of 1
# says: relational_share is #. You count e-mails, too. By the rule of the lesson they are transactional.
relational_share = (consultations["asked_by"] != "phone").mean()

# %% relational_share · wrong: a count · 0 of 1
# says: relational_share is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
relational_share = consultations["asked_by"].isin(["in passing", "scheduled"]).sum()

# %% scoreboards · right · grouped means
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()

# %% scoreboards · right · other columns too, other order, texts for labels
scoreboards = consultations.assign(liaison=consultations["liaison"].astype(str))
scoreboards = scoreboards.groupby("liaison", as_index=False)[["minutes", "read_level", "new_kind_of_request", "resolved"]].mean()
scoreboards = scoreboards.sort_values("minutes", ascending=False)

# %% scoreboards · right · column by column
grouped = consultations.groupby("liaison", observed=True)
scoreboards = pd.DataFrame({name: grouped[name].mean() for name in ["resolved", "minutes", "new_kind_of_request"]})

# %% scoreboards · right · pivot table
scoreboards = consultations.pivot_table(
    index="liaison", values=["resolved", "minutes", "new_kind_of_request"], aggfunc="mean", observed=True
)

# %% scoreboards · right · rounded to two places, as the example shows it
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(2)

# %% scoreboards · wrong: sums · 0 of 2
# says: scoreboards: These are sums: who has more consultations has more of everything. Take the mean.
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].sum()

# %% scoreboards · wrong: medians · 0 of 2
# says: scoreboards: These are medians. Take the mean of each column.
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].median()

# %% scoreboards · wrong: the team's liaison · 0 of 2
# says: scoreboards: You go by the liaison who looks after the team. Now and then another one answers: use the column liaison of consultations.
theirs = consultations.drop(columns="liaison").merge(teams["liaison"].reset_index(), on="team_id")
scoreboards = theirs.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()

# %% scoreboards · wrong: the last ninety days left out · 0 of 2
# says: scoreboards: You leave out the last ninety days. Take all consultations.
in_time = consultations[consultations["date"] <= AS_OF - pd.Timedelta(days=90)]
scoreboards = in_time.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()

# %% scoreboards · wrong: rounded minutes · 0 of 2
# says: scoreboards: These are rounded to one place, which is too coarse for a share. Leave them as they are.
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(1)

# %% scoreboards · wrong: one column is missing · 0 of 2
# says: scoreboards has no column new_kind_of_request. It has: liaison, resolved, minutes.
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes"]].mean()

# %% scoreboards · wrong: not computed · 0 of 2
# says: scoreboards is of the type DataFrameGroupBy. Expected a DataFrame.
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]]

# %% before_by_group · right · a column of teams
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean()

# %% before_by_group · right · a dictionary
per_team = before["team_id"].value_counts() / 10
before_by_group = {True: per_team[teams["embedded"]].mean(), False: per_team[~teams["embedded"]].mean()}

# %% before_by_group · right · all of a group, by teams and months
group = before["team_id"].map(teams["embedded"])
before_by_group = group.value_counts() / teams["embedded"].value_counts() / 10

# %% before_by_group · right · rounded to two places
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean().round(2)

# %% before_by_group · right · a name that is taken, which costs nothing here
before = before.groupby("team_id").size() / 10
before_by_group = before.groupby(teams["embedded"]).mean()

# %% before_by_group · wrong: ten months · 0 of 1
# says: before_by_group: This is for all ten months. Divide by 10, to have it a month.
teams["before"] = before.groupby("team_id").size()
before_by_group = teams.groupby("embedded")["before"].mean()

# %% before_by_group · wrong: not by team · 0 of 1
# says: before_by_group: This is for all teams of a group together. The groups have 8 and 16 teams: take the mean over the teams.
before_by_group = before["team_id"].map(teams["embedded"]).value_counts() / 10

# %% before_by_group · wrong: afterwards · 0 of 1
# says: before_by_group: This is the later period. Use before.
teams["before"] = after.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean()

# %% before_by_group · wrong: who asked for it · 0 of 1
# says: before_by_group: You grouped by who asked for a librarian. Not all of them got one: group by embedded.
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby(teams["asked_for_it"] == "asked us")["before"].mean()

# %% before_by_group · wrong: every team · 0 of 1
# says: before_by_group holds # values. Expected one for each of: True, False. Is it grouped yet?
before_by_group = before.groupby("team_id").size() / 10

# %% naive · right · change by team
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].mean()

# %% naive · right · by rows
ours = teams.index[teams["embedded"]]
naive = (after["team_id"].isin(ours).sum() - before["team_id"].isin(ours).sum()) / 80

# %% naive · right · rounded, as a text of NumPy
teams["change"] = after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10
naive = np.float32(teams.query("embedded")["change"].mean())

# %% naive · wrong: all teams · 0 of 1
# says: naive is #. This is the mean over all 24 teams. Keep the embedded ones first.
naive = ((after.groupby("team_id").size() - before.groupby("team_id").size()) / 10).mean()

# %% naive · wrong: ten months · 0 of 1
# says: naive is #. This is for all ten months. Divide by 10, to have it a month.
change = after.groupby("team_id").size() - before.groupby("team_id").size()
naive = change[teams["embedded"]].mean()

# %% naive · wrong: all eight together · 0 of 1
# says: naive is #. This is for the eight teams together. Take the mean, to have it for a team.
ours = teams.index[teams["embedded"]]
naive = (after["team_id"].isin(ours).sum() - before["team_id"].isin(ours).sum()) / 10

# %% naive · wrong: a ratio · 0 of 1
# says: naive is #. This says how many times as much. The question asks how many more: take the difference.
ours = teams.index[teams["embedded"]]
naive = after["team_id"].isin(ours).sum() / before["team_id"].isin(ours).sum()

# %% naive · wrong: one for each team · 0 of 1
# says: naive is a Series of 8 values. Expected a number.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]]

# %% why_naive · right · small letter
why_naive = "b"

# %% why_naive · right · capital letter, and a space
why_naive = " B "

# %% why_naive · wrong: a gap that was always there · 0 of 1
# says: why_naive is 'a'. A gap that was always there stands in before and in after, and falls away. It would spoil a comparison of the two groups afterwards.
why_naive = "a"

# %% why_naive · wrong: few teams · 0 of 1
# says: why_naive is 'c'. Few teams make the figure uncertain, up or down. What pushes it up?
why_naive = "c"

# %% why_naive · wrong: harder questions · 0 of 1
# says: why_naive is 'd'. Harder questions are not counted as more questions. What else grew in two years?
why_naive = "d"

# %% why_naive · wrong: a sentence · 0 of 1
# says: why_naive is 'growth'. Choose one of: a, b, c, d.
why_naive = "growth"

# %% did · right · change, and two means
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].mean() - change[~embedded].mean()


# %% did · right · four means
def did(earlier, later, embedded):
    ours = later[embedded].mean() - earlier[embedded].mean()
    others = later[~embedded].mean() - earlier[~embedded].mean()
    return ours - others


# %% did · right · a table, grouped
def did(earlier, later, embedded):
    table = pd.DataFrame({"change": later - earlier, "embedded": embedded})
    means = table.groupby("embedded")["change"].mean()
    return float(means[True] - means[False])


# %% did · right · the kit's function
def did(earlier, later, embedded):
    return relationships.difference_in_differences(earlier, later, embedded)["estimate"]


# %% did · wrong: the embedded only · 0 of 2
# says: did(…) is 3.5. This is how much the embedded teams changed. Take away what the others changed.
def did(earlier, later, embedded):
    return (later - earlier)[embedded].mean()


# %% did · wrong: the other way round · 0 of 2
# says: did(…) is -2.5. This is the others less the embedded. Turn it round.
def did(earlier, later, embedded):
    change = later - earlier
    return change[~embedded].mean() - change[embedded].mean()


# %% did · wrong: afterwards · 0 of 2
# says: did(…) is 4.167. You compare the groups afterwards only. Their gap before must be taken away.
def did(earlier, later, embedded):
    return later[embedded].mean() - later[~embedded].mean()


# %% did · wrong: sums · 0 of 2
# says: did(…) is 4. You add up the changes. The groups have different numbers of teams: take the mean of each.
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].sum() - change[~embedded].sum()


# %% did · wrong: in percent · 0 of 2
# says: did(…) is #. That is not it yet. The mean change of the embedded teams, less the mean change of the others: from earlier, later and embedded alone.
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean()


# %% did · wrong: added · 0 of 2
# says: did(…) is 4.5. You add the two changes. Take the second away from the first.
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].mean() + change[~embedded].mean()


# %% did · right · a table of the notebook is written into, and what it says is not used
def did(earlier, later, embedded):
    teams["change"] = later - earlier
    change = later - earlier
    return change[embedded].mean() - change[~embedded].mean()


# %% did · wrong: the lines of the lesson · 0 of 2
# says: did gives the same, whatever it is given. It looks at a table of the notebook: use earlier, later, embedded in its place.
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def did(earlier, later, embedded):
    change = teams.groupby("embedded")["change"].mean()
    return change[True] - change[False]


# %% did · wrong: a column of teams · 0 of 2
# says: did(…) is #. You look at the table teams. A function uses what it is given: here earlier, later and embedded.
def did(earlier, later, embedded):
    teams["change"] = later - earlier
    change = teams.groupby("embedded")["change"].mean()
    return change[True] - change[False]


# %% did · wrong: the groups of teams · 0 of 2
# says: did(…) is #. You look at the table teams. A function uses what it is given: here earlier, later and embedded.
def did(earlier, later, embedded):
    means = (later - earlier).groupby(teams["embedded"]).mean()
    return means[True] - means[False]


# %% did · wrong: in quotation marks · 0 of 2
# says: did stopped with KeyError ('embedded'). A Series has no columns, so none is called 'embedded'. If you mean what the function is given, leave out the quotation marks.
def did(earlier, later, embedded):
    change = later - earlier
    return change["embedded"].mean()


# %% did · wrong: forgot return · 0 of 2
# says: did gives back nothing. Did you forget return?
def did(earlier, later, embedded):
    change = later - earlier
    estimate = change[embedded].mean() - change[~embedded].mean()


# %% interval · right · step by step
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    middle = ours.mean() - others.mean()
    error = np.sqrt(ours.var() / len(ours) + others.var() / len(others))
    return [middle - times * error, middle + times * error]


# %% interval · right · grouped, as a tuple
def interval(change, embedded, times):
    groups = change.groupby(embedded)
    error = (groups.var() / groups.size()).sum() ** 0.5
    middle = groups.mean()[True] - groups.mean()[False]
    return middle - times * error, middle + times * error


# %% interval · right · standard errors of each mean, as an array
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return change[embedded].mean() - change[~embedded].mean() + np.array([-1, 1]) * times * error


# %% interval · wrong: no square root · 0 of 2
# says: interval(…): You forgot the square root at the end.
def interval(change, embedded, times):
    groups = change.groupby(embedded)
    error = (groups.var() / groups.size()).sum()
    middle = groups.mean()[True] - groups.mean()[False]
    return [middle - times * error, middle + times * error]


# %% interval · wrong: not divided · 0 of 2
# says: interval(…): Divide each spread by the number of teams in its group.
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: the other spread · 0 of 2
# says: interval(…): You divide .std() by the number of teams. Divide its square, which is .var().
def interval(change, embedded, times):
    middle = change[embedded].mean() - change[~embedded].mean()
    error = (change[embedded].std() / embedded.sum() + change[~embedded].std() / (~embedded).sum()) ** 0.5
    return [middle - times * error, middle + times * error]


# %% interval · wrong: errors added · 0 of 2
# says: interval(…): You add two errors. Add their squares first, and take the root of the sum.
def interval(change, embedded, times):
    error = change[embedded].sem() + change[~embedded].sem()
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: only one error · 0 of 2
# says: interval(…): You go one standard error to each side. Go as many as times says.
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - error, middle + error]


# %% interval · wrong: divided by n · 0 of 2
# says: interval(…): This is the spread divided by the number of teams, not by one less. The method .var() of a Series does it as the question means it.
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = (np.var(ours.to_numpy()) / len(ours) + np.var(others.to_numpy()) / len(others)) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]


# %% interval · wrong: upper end first · 0 of 2
# says: interval(…): The lower end comes first.
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle + times * error, middle - times * error]


# %% interval · wrong: without the middle · 0 of 2
# says: interval(…): This is how far to go to each side. Add the difference of the two means.
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [-times * error, times * error]


# %% interval · wrong: one group's number · 0 of 2
# says: interval(…): You divide both spreads by the number of embedded teams. Each group has its own: len(change[~embedded]) is that of the others.
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / embedded.sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: everybody's number · 0 of 2
# says: interval(…): You divide by the number of all teams. Divide each spread by the number of teams in its own group.
def interval(change, embedded, times):
    error = (change[embedded].var() / len(embedded) + change[~embedded].var() / len(embedded)) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: brackets left out · 0 of 2
# says: interval(…): ~embedded.sum() is not the number of the others: it turns the sum round. Use (~embedded).sum(), or len(change[~embedded]).
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / ~embedded.sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: the lines of the lesson · 0 of 2
# says: interval gives the same, whatever it is given. It looks at a table of the notebook: use change, embedded, times in its place.
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def interval(change, embedded, times):
    spread = teams.groupby("embedded")["change"].var() / teams.groupby("embedded")["change"].size()
    means = teams.groupby("embedded")["change"].mean()
    middle, error = means[True] - means[False], spread.sum() ** 0.5
    return [middle - times * error, middle + times * error]


# %% interval · wrong: a column of teams · 0 of 2
# says: interval(…): You look at the table teams. A function uses what it is given: here change, embedded and times.
def interval(change, embedded, times):
    teams["change"] = change
    groups = teams.groupby("embedded")["change"]
    middle, error = groups.mean()[True] - groups.mean()[False], (groups.var() / groups.count()).sum() ** 0.5
    return [middle - times * error, middle + times * error]


# %% interval · wrong: the spread of teams · 0 of 2
# says: interval(…) is #, #. That is not it yet. Halfway between the two ends is the right number. How far they lie from it is not right yet: times standard errors, from change and embedded alone.
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def interval(change, embedded, times):
    groups = teams.groupby("embedded")["change"]
    error = (groups.var() / groups.size()).sum() ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: ends made of every change · 0 of 2
# says: interval(…) does not hold the right members yet. Each end is one number. Begin with the difference of the two means: change has a number for each team.
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [change - times * error, change + times * error]


# %% interval · wrong: the others alone in the middle · 0 of 2
# says: interval(…) is #, #. That is not it yet. Halfway between the two ends must lie the mean of the embedded teams, less the mean of the others.
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [change[~embedded].mean() - times * error, change[~embedded].mean() + times * error]


# %% interval · wrong: the root of the second alone · 0 of 2
# says: interval(…): You take the root of the second square alone. Put the sum of both into round brackets, before ** 0.5.
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = ours.var() / len(ours) + (others.var() / len(others)) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]


# %% interval · wrong: the root of a number of teams · 0 of 2
# says: interval(…): Your root reaches only the last number of teams. Put the sum of both squares into round brackets, before ** 0.5.
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = ours.var() / len(ours) + others.var() / len(others) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]


# %% interval · wrong: eight and sixteen · 0 of 2
# says: interval(…): You divide by 8 and 16. A function does not know these: count the teams that it is given.
def interval(change, embedded, times):
    error = (change[embedded].var() / 8 + change[~embedded].var() / 16) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]


# %% interval · wrong: the number of the lesson · 0 of 2
# says: interval(…): You go 2.36 standard errors to each side. Go as many as times says.
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - 2.36 * error, middle + 2.36 * error]


# %% interval · wrong: the mean of all · 0 of 2
# says: interval(…): Your middle is the mean of all teams together. Take the mean of the embedded, less the mean of the others.
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change.mean()
    return [middle - times * error, middle + times * error]


# %% pre_trend · right · step by step
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
drift = late - early
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · right · the kit's functions, as a dictionary
months = before.groupby(["team_id", before["date"].dt.to_period("M")]).size().unstack(fill_value=0)
drift = months.iloc[:, 5:].mean(axis=1) - months.iloc[:, :5].mean(axis=1)
found = relationships.difference(drift, teams["embedded"])
pre_trend = {"high": found["high"], "low": found["low"], "estimate": found["estimate"]}

# %% pre_trend · wrong: five months together · 0 of 2
# says: pre_trend: This is for five months together. Divide by 5, to have it a month.
drift = before[before["date"] >= "2023-02-01"].groupby("team_id").size() - before[before["date"] < "2023-02-01"].groupby("team_id").size()
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · wrong: ten months · 0 of 2
# says: pre_trend: You divide by ten months. Each of the two periods has five.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 10
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 10
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · wrong: two errors · 0 of 2
# says: pre_trend: With eight teams, go 2.36 standard errors to each side.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2 * error, "high": middle + 2 * error})

# %% pre_trend · wrong: 1.96 errors · 0 of 2
# says: pre_trend: With eight teams, go 2.36 standard errors to each side, not 1.96.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 1.96 * error, "high": middle + 1.96 * error})

# %% pre_trend · wrong: a slip in interval · 0 of 2
# says: pre_trend is # for low. That is not it yet. The estimate is right, and the ends are what your interval gives, so question 7 is not right yet. Mend interval, and run this cell again.
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return middle - times * error, middle + times * error


early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
change = late - early
low, high = interval(change, teams["embedded"], 2.36)
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
pre_trend = pd.Series({"estimate": estimate, "low": low, "high": high})

# %% pre_trend · wrong: a slip in did · 0 of 2
# says: pre_trend is # for estimate. That is not it yet. It is what your did gives, so question 6 is not right yet. Mend did, and run this cell again.
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean() + 9


early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
drift = late - early
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
error = (ours.var() / 8 + others.var() / 16) ** 0.5
middle = ours.mean() - others.mean()
estimate = did(early, late, teams["embedded"])
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · wrong: the ends of before and after · 0 of 2
# says: pre_trend: The estimate is right. The ends are those of the change from before to after: give interval the change within before.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
estimate = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · wrong: interval got one of the periods · 0 of 2
# says: pre_trend is # for low. That is not it yet. The estimate is right, and the ends are not. Give interval one change for each team, a month, from the first five months to the last five, and 2.36.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
estimate = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()
ours, others = late[teams["embedded"]], late[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% pre_trend · wrong: the estimate alone · 0 of 2
# says: pre_trend is a number. Expected a Series, with one value for each label.
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
pre_trend = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()

# %% effect · right · step by step
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · right · the kit's function, and 2.365
change = after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10
effect = relationships.difference(change.sort_index(), teams["embedded"]).drop("error").round(3)

# %% effect · right · a table of one column
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
groups = teams.groupby("embedded")["change"]
middle = groups.mean()[True] - groups.mean()[False]
half = 2.36 * (groups.var() / groups.size()).sum() ** 0.5
effect = pd.DataFrame({"value": [middle - half, middle, middle + half]}, index=["low", "estimate", "high"])

# %% effect · wrong: a slip in interval · 0 of 2
# says: effect is # for low. That is not it yet. The estimate is right, and the ends are what your interval gives, so question 7 is not right yet. Mend interval, and run this cell again.
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return middle - times * error, middle + times * error


change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
low, high = interval(change, teams["embedded"], 2.36)
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
effect = pd.Series({"estimate": estimate, "low": low, "high": high})

# %% effect · wrong: a slip in did · 0 of 2
# says: effect is # for estimate. That is not it yet. It is what your did gives, so question 6 is not right yet. Mend did, and run this cell again.
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean() + 30


a_month_before = before.groupby("team_id").size() / 10
a_month_after = after.groupby("team_id").size() / 10
change = a_month_after - a_month_before
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
estimate = did(a_month_before, a_month_after, teams["embedded"])
effect = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · wrong: the ends of the pre-trend · 0 of 2
# says: effect: The estimate is right. The ends are those of question 8: give interval the change from before to after.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · wrong: naive for an estimate · 0 of 2
# says: effect: The ends are right. The estimate is naive: take away what the others gained.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": ours.mean(), "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · wrong: before and after · 0 of 2
# says: effect: The middle is the before/after figure of the embedded teams. Take away what the others gained.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": ours.mean(), "low": ours.mean() - 2.36 * error, "high": ours.mean() + 2.36 * error})

# %% effect · wrong: ten months together · 0 of 2
# says: effect: This is for ten months together. Divide by 10, to have it a month.
change = after.groupby("team_id").size() - before.groupby("team_id").size()
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · wrong: two errors · 0 of 2
# says: effect: With eight teams, go 2.36 standard errors to each side.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2 * error, "high": middle + 2 * error})

# %% effect · wrong: months as the unit · 0 of 2
# says: effect: Your range is far too narrow: you took each month of each team for a fact of its own. The unit is the team: one change for each.
parts = []
for period in (before, after):
    for group in (True, False):
        rows = period[period["team_id"].map(teams["embedded"]) == group]
        parts.append(rows.groupby(["team_id", rows["date"].dt.to_period("M")]).size().unstack(fill_value=0).stack())
middle = (parts[2].mean() - parts[0].mean()) - (parts[3].mean() - parts[1].mean())
error = sum(part.var() / len(part) for part in parts) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})

# %% effect · wrong: other labels · 0 of 2
# says: effect has no value for estimate, high. Expected one value for each of: estimate, low, high.
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
effect = {"mean": change.mean(), "low": change.min()}

# %% hard_change · right · grouped by the group of the team
hard_before = (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_after = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = hard_after - hard_before
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · right · four shares, as a dictionary
ours = teams.index[teams["embedded"]]
shares = []
for rows in (before, after):
    is_ours = rows["team_id"].isin(ours)
    shares.append(rows[is_ours]["read_level"].gt(3).mean())
    shares.append(rows[~is_ours]["read_level"].gt(3).mean())
hard_change = {"difference": shares[2] - shares[0] - shares[3] + shares[1], "embedded": shares[2] - shares[0], "others": shares[3] - shares[1]}

# %% hard_change · right · rounded to two places
change = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]}).round(2)

# %% hard_change · wrong: READ 3, too · 0 of 2
# says: hard_change: You count READ 3 as hard. Hard begins at 4.
change = (after["read_level"] >= 3).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] >= 3).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · wrong: above 4 · 0 of 2
# says: hard_change: You leave out READ 4. Hard is 4 or above: use >=.
change = (after["read_level"] > 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] > 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · wrong: means of the teams' shares · 0 of 2
# says: hard_change: You take a share for each team, and then their mean. Here throw the consultations of all teams of a group together, and take one share.
change = (after["read_level"] >= 4).groupby(after["team_id"]).mean() - (before["read_level"] >= 4).groupby(before["team_id"]).mean()
change = change.groupby(teams["embedded"]).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · wrong: counts · 0 of 2
# says: hard_change: These are changes in the number of hard questions. Embedded teams ask more of everything: take the share.
change = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).sum()
change = change - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).sum()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · wrong: afterwards only · 0 of 2
# says: hard_change: These are the shares afterwards. Take away those before.
now = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": now[True], "others": now[False], "difference": now[True] - now[False]})

# %% hard_change · wrong: the other way round · 0 of 2
# says: hard_change: This is before less after. Turn it round.
change = (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
change = change - (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% hard_change · wrong: the levels themselves · 0 of 2
# says: hard_change: This is the mean READ level. Ask of each consultation whether it is at 4 or above, and take the share.
change = after.groupby(after["team_id"].map(teams["embedded"]))["read_level"].mean()
change = change - before.groupby(before["team_id"].map(teams["embedded"]))["read_level"].mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})

# %% toothbrush · right · a list of shuffles
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = {"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)}

# %% toothbrush · right · a loop with another seed, rounded
mine = np.random.default_rng(2024)
total, highest = 0, 0
for number in range(SHUFFLES):
    share = relationships.followed(relationships.shuffled(greetings, mine), consultations)
    total, highest = total + share, max(highest, share)
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"ratio": seen / total * SHUFFLES, "highest": highest, "as_it_was": seen, "by_chance": total / SHUFFLES})
toothbrush = toothbrush.round(2)

# %% toothbrush · right · the kit's function
found = relationships.against_shuffles(greetings, consultations, times=SHUFFLES, seed=77)
toothbrush = found.set_axis(["as_it_was", "by_chance", "highest", "ratio"])

# %% toothbrush · wrong: upside down · 0 of 2
# says: toothbrush: Your ratio is chance, divided by what was. Turn it round.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": np.mean(shares) / seen})

# %% toothbrush · wrong: a difference · 0 of 2
# says: toothbrush: Your ratio is a difference. The question asks how many times as often: divide.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen - np.mean(shares)})

# %% toothbrush · wrong: the two shares for each other · 0 of 2
# says: toothbrush: You took the two shares for each other: as_it_was is without a shuffle.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": np.mean(shares), "by_chance": seen, "highest": max(shares), "ratio": np.mean(shares) / seen})

# %% toothbrush · wrong: a single shuffle · 0 of 2
# says: toothbrush: highest and by_chance are the same, so all shares come from a single shuffle. Shuffle inside the square brackets, once for each share.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": np.mean(shares), "ratio": seen / np.mean(shares)})

# %% toothbrush · wrong: one shuffle, again and again · 0 of 2
# says: toothbrush: highest and by_chance are the same, so all shares come from a single shuffle. Shuffle inside the square brackets, once for each share.
once = relationships.shuffled(greetings, rng)
shares = [relationships.followed(once, consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)})

# %% toothbrush · wrong: the lowest · 0 of 2
# says: toothbrush: The highest share must lie above their mean: make a list of SHUFFLES shares, each from a shuffle of its own, and take its mean and its highest.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": min(shares), "ratio": seen / np.mean(shares)})

# %% toothbrush · wrong: no shuffle · 0 of 2
# says: toothbrush: The ratio is 1: you compare the greetings with themselves. Shuffle them first.
shares = [relationships.followed(greetings, consultations) for _ in range(3)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)})

# %% toothbrush · wrong: the ratio alone · 0 of 2
# says: toothbrush is a number. Expected a Series, with one value for each label.
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(3)]
toothbrush = relationships.followed(greetings, consultations) / np.mean(shares)

# %% still_away · right · as in the lesson
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]


# %% still_away · right · a loop over the days
def still_away(days, back, limit):
    share = 1
    for day in sorted(days.unique()):
        if day <= limit:
            share = share * (1 - (back & (days == day)).sum() / (days >= day).sum())
    return share


# %% still_away · right · the kit's functions
def still_away(days, back, limit):
    return relationships.still_away(relationships.survival(days, back), limit)


# %% still_away · wrong: limit taken for one of the days · 0 of 2
# says: still_away stopped with KeyError (25). Square brackets look up a label, and this one is not there.
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[limit]


# %% still_away · wrong: without the others · 0 of 2
# says: still_away(…) is 0.25. You drop those who were not seen to come back, so people look quicker than they are. Each counts for as long as they were watched.
def still_away(days, back, limit):
    return (days[back] > limit).mean()


# %% still_away · wrong: away for good · 0 of 2
# says: still_away(…) is 0.5714. You take everybody who was not seen to come back for somebody who stays away. Each counts only for as long as they were watched.
def still_away(days, back, limit):
    return (~back | (days > limit)).mean()


# %% still_away · wrong: those who are back · 0 of 2
# says: still_away(…) is 0.4643. This is the share who are back. You need those who are still away.
def still_away(days, back, limit):
    return 1 - relationships.still_away(relationships.survival(days, back), limit)


# %% still_away · wrong: gone before · 0 of 2
# says: still_away(…) is 0.5143. On a day on which somebody comes back, you no longer count the one who is last watched on that day. Both count as watched.
def still_away(days, back, limit):
    share = 1
    for day in sorted(days[back].unique()):
        if day <= limit:
            watched = ((days > day) | (back & (days == day))).sum()
            share = share * (1 - (back & (days == day)).sum() / watched)
    return share


# %% still_away · wrong: in the evening · 0 of 2
# says: still_away(…) is 0.4167. You divide by those who are left in the evening. Count those who were watched that morning: shift the sum of the sizes down by one day.
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum()
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]


# %% still_away · wrong: the last day only · 0 of 2
# says: still_away(…) is 0.75. This is for the last day alone. Multiply over all days up to it.
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).loc[:limit].iloc[-1]


# %% still_away · wrong: before the limit · 0 of 2
# says: still_away(…) is 0.7143. You stop on the day before limit. The day itself counts: with limit 20, take the days up to 20, and 20 too.
def still_away(days, back, limit):
    curve = relationships.survival(days, back)
    return curve[curve.index < limit].iloc[-1]


# %% still_away · wrong: the first day is lost · 0 of 2
# says: still_away(…) is 0.625. The first day is lost, because shift leaves nothing there. Fill it: .shift(fill_value=0).
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift()
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]


# %% still_away · wrong: ninety days, always · 0 of 2
# says: still_away(…) is 0.2679. You go up to day 90, whatever limit says. Use limit.
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]


# %% still_away · wrong: your own library · 0 of 2
# says: still_away(…) is #. You look at the table returns. A function uses what it is given: here days, back and limit.
def still_away(days, back, limit):
    by_day = returns.groupby("days")["back"].agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]


# %% still_away · wrong: as many as in your library · 0 of 2
# says: still_away(…) is #. You begin with as many people as returns has. Begin with those that the function is given: len(days).
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
