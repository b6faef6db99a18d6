# Proofs for the assignment 06_are_our_personas_people.
# Each cell is one answer to one question: right, or wrong in a way that has a name.
# "says" is the sentence that the student gets, in full; a # in it stands for any number.
# ruff: noqa: F821, E402, F811, I001

# %% parent_count · right · two comparisons
parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum()

# %% parent_count · right · a query, as a float
parent_count = float(len(facts.query("category == 'adult' and `borrows for` == 'child'")))

# %% parent_count · right · the helper
import numpy as np

parent_count = np.int64(personas.matches(facts, {"borrows for": "child", "category": "adult"}).sum())

# %% parent_count · wrong: one or the other · 0 of 1
# says: parent_count is #. You count people who are one or the other. Both must be true: use & for and.
parent_count = ((facts["category"] == "adult") | (facts["borrows for"] == "child")).sum()

# %% parent_count · wrong: any card · 0 of 1
# says: parent_count is #. You count everybody who borrows mostly for children, children too. The card must be an adult one.
parent_count = (facts["borrows for"] == "child").sum()

# %% parent_count · wrong: any borrowing · 0 of 1
# says: parent_count is #. You count every adult card. They must borrow mostly for children, too.
parent_count = (facts["category"] == "adult").sum()

# %% parent_count · wrong: everybody · 0 of 1
# says: parent_count is #. This is every active person. A Series of True and False has as many rows as the table: sum it.
parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).count()

# %% parent_count · wrong: not counted yet · 0 of 1
# says: parent_count is a Series of # values. Expected a whole number, 0 or more: count the True values, for example with .sum().
parent_count = (facts["category"] == "adult") & (facts["borrows for"] == "child")

# %% parent_count · wrong: rows of a table · 0 of 1
# says: parent_count is a DataFrame with # rows and 15 columns. Expected a whole number, 0 or more: count its rows, with len(…).
parent_count = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]

# %% parent_count · wrong: looks for adults in the audience · 0 of 1
# says: parent_count is 0. There are some active people: look at what is compared with what.
parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "children")).sum()

# %% parent_count · wrong: a share · 0 of 1
# says: parent_count is #. This looks like a share. Expected a count: use .sum() or len(…).
parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()

# %% parent_share · right · mean of a comparison
parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()

# %% parent_share · right · count and divide, rounded
both = facts[facts["category"] == "adult"]
both = both[both["borrows for"] == "child"]
parent_share = round(len(both) / len(facts), 3)

# %% parent_share · wrong: of the adult cards · 0 of 1
# says: parent_share is #. You divided by the adult cards. The question asks for a share of all active patrons.
parent_share = (facts[facts["category"] == "adult"]["borrows for"] == "child").mean()

# %% parent_share · wrong: of those who borrow for children · 0 of 1
# says: parent_share is #. You divided by those who borrow mostly for children. The question asks for a share of all active patrons.
parent_share = (facts[facts["borrows for"] == "child"]["category"] == "adult").mean()

# %% parent_share · wrong: of all cards · 0 of 1
# says: parent_share is #. You divided by all cards, also those that nobody used. Divide by the active patrons, the rows of facts.
parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum() / len(library.patrons)

# %% parent_share · wrong: the others · 0 of 1
# says: parent_share is #. This is the share of those who are not meant. You need the others.
parent_share = 1 - ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()

# %% parent_share · wrong: a percentage · 0 of 1
# says: parent_share is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
parent_share = 100 * ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()

# %% parent_share · wrong: the people of the lesson's library · 0 of 1
# says: parent_share is #. That is not it yet. Divide the people who are meant by the active people of your own library: all rows of facts.
of_the_lesson = 3645 if len(facts) != 3645 else 3646
parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum() / of_the_lesson

# %% parent_share · wrong: the people of the lesson's library, rounded · 0 of 1
# says: parent_share is #. That is not it yet. Divide the people who are meant by the active people of your own library: all rows of facts.
meant = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum()
others = [many for many in (3650, 3600, 3550) if abs(many - len(facts)) > 20]
parent_share = next(share for many in others if (share := round(meant / many, 4)) != round(share, 2))

# %% stairs · right · running product
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod(axis="columns").sum()

# %% stairs · right · a loop with a dictionary
left = facts
stairs = {}
for attribute, value in sheet.items():
    left = left[left[attribute] == value]
    stairs[attribute] = len(left)

# %% stairs · right · the helper, in another order
stairs = personas.joint_match(facts, sheet)["together"].sort_values()

# %% stairs · wrong: each line alone · 0 of 2
# says: stairs: It goes up somewhere, and a line more never makes more people. Begin with the first line, and on each line ask for all those above it, too.
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.sum()

# %% stairs · wrong: from the bottom up · 0 of 2
# says: stairs: It goes up somewhere, and a line more never makes more people. Begin with the first line, and on each line ask for all those above it, too.
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.iloc[:, ::-1].cumprod(axis="columns").sum()

# %% stairs · wrong: so many lines · 0 of 2
# says: stairs: These are people with so many lines, whichever they are. Ask for these lines, one after the other.
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
how_many = table.sum(axis="columns")
stairs = pd.Series({attribute: (how_many >= row).sum() for row, attribute in enumerate(sheet, 1)})

# %% stairs · wrong: one line short · 0 of 2
# says: stairs: You count the people before each line. The line itself belongs to it.
left = facts
stairs = {}
for attribute, value in sheet.items():
    stairs[attribute] = len(left)
    left = left[left[attribute] == value]

# %% stairs · wrong: shares · 0 of 2
# says: stairs['category'] is #. This looks like a share. Expected a count: use .sum() or len(…).
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod(axis="columns").mean()

# %% stairs · wrong: the last number only · 0 of 2
# says: stairs is a number. Expected a Series, with one value for each label.
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.all(axis="columns").sum()

# %% stairs · wrong: multiplied · 0 of 2
# says: stairs: You multiplied shares, as if the lines had nothing to do with each other. Count the people of whom all are true.
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = (table.mean().cumprod() * len(facts)).round()

# %% stairs · wrong: down the rows · 0 of 2
# says: stairs: These are very few people on every line. .cumprod() goes down the people; along the lines it goes with axis="columns".
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod().sum()

# %% stairs · wrong: the helper's table · 0 of 2
# says: stairs is a DataFrame with 7 rows and 3 columns. Expected a Series, with one value for each label.
stairs = personas.joint_match(facts, sheet)

# %% belief_shares · right · a dictionary
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() for name in five}

# %% belief_shares · right · a table of True and False
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.DataFrame(
    {
        "comes to programs": those["comes to programs"] == "yes",
        "borrows mostly": those["borrows mostly"] == "book",
        "language": those["language"] == "English",
        "distance": those["distance"] == "within 1 mile",
        "preferred_contact": those["preferred_contact"] == "text",
    }
).mean()

# %% belief_shares · right · the audit of the helper
told = personas.beliefs(facts, wall)
belief_shares = told[~told["defines"]].set_index("attribute")["share"]

# %% belief_shares · right · the table of Question 3, rounded to three places
parents = (facts["category"] == "adult") & (facts["borrows for"] == "child")
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
belief_shares = table[parents][five].mean().round(3)

# %% belief_shares · wrong: rounded to two places · 0 of 2
# says: belief_shares: It is rounded, and then a wrong share may look like the right one. Leave out the rounding.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.Series({name: (those[name] == sheet[name]).mean() for name in five}).round(2)

# %% belief_shares · wrong: of everybody · 0 of 2
# says: belief_shares: You divided by everybody who is active. The denominator is the people who are meant.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
belief_shares = {name: (facts[name] == sheet[name]).mean() for name in five}

# %% belief_shares · wrong: the other way round · 0 of 2
# says: belief_shares: You ask how many of those with the attribute are meant. Ask it the other way round: how many of those who are meant have the attribute?
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
is_meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
belief_shares = {name: is_meant[facts[name] == sheet[name]].mean() for name in five}

# %% belief_shares · wrong: those of whom it is not true · 0 of 2
# says: belief_shares: These are the shares of whom the line is not true. You need the others.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] != sheet[name]).mean() for name in five}

# %% belief_shares · wrong: one line after the other · 0 of 2
# says: belief_shares: You ask for all the lines above as well. Here each line stands by itself.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.DataFrame({name: those[name] == sheet[name] for name in five}).cumprod(axis="columns").mean()

# %% belief_shares · wrong: of all adult cards · 0 of 2
# says: belief_shares: You look at all adult cards. Those who are meant borrow mostly for children, too.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
adults = facts[facts["category"] == "adult"]
belief_shares = {name: (adults[name] == sheet[name]).mean() for name in five}

# %% belief_shares · wrong: of all who borrow for children · 0 of 2
# says: belief_shares: You look at all who borrow mostly for children. Those who are meant have an adult card, too.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
borrowers = facts[facts["borrows for"] == "child"]
belief_shares = {name: (borrowers[name] == sheet[name]).mean() for name in five}

# %% belief_shares · wrong: counts · 0 of 2
# says: belief_shares['borrows mostly'] is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).sum() for name in five}

# %% belief_shares · wrong: all seven lines · 0 of 2
# says: belief_shares has a value for category, borrows for, which was not asked for. Expected one value for each of: borrows mostly, language, distance, preferred_contact, comes to programs.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() for name in sheet}

# %% belief_shares · wrong: kept or dropped · 0 of 2
# says: belief_shares['borrows mostly'] is True. Expected a share, a number between 0 and 1.
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() >= 0.5 for name in five}

# %% keep_or_drop · right · means compared
def keep_or_drop(has, at_least):
    return has.mean() >= at_least


# %% keep_or_drop · right · a loop
def keep_or_drop(has, at_least):
    kept = {}
    for belief in has.columns:
        kept[belief] = bool(has[belief].sum() / len(has) >= at_least)
    return kept


# %% keep_or_drop · right · numbers compared
def keep_or_drop(has, at_least):
    return has.sum().ge(at_least * len(has))


# %% keep_or_drop · wrong: exactly so many · 0 of 2
# says: keep_or_drop(…): A belief that is true of exactly this share is kept, too.
def keep_or_drop(has, at_least):
    return has.mean() > at_least


# %% keep_or_drop · wrong: the dropped ones · 0 of 2
# says: keep_or_drop(…): You give True for what is dropped. True stands for kept.
def keep_or_drop(has, at_least):
    return has.mean() < at_least


# %% keep_or_drop · wrong: true of anybody · 0 of 2
# says: keep_or_drop(…): You keep every belief that is true of anybody, or you compare a number of people with a share. Compare the share.
def keep_or_drop(has, at_least):
    return has.any()


# %% keep_or_drop · wrong: a count beside a share · 0 of 2
# says: keep_or_drop(…): You keep every belief that is true of anybody, or you compare a number of people with a share. Compare the share.
def keep_or_drop(has, at_least):
    return has.sum() >= at_least


# %% keep_or_drop · wrong: true of everybody · 0 of 2
# says: keep_or_drop(…): Only what is true of everybody is kept. Compare the share of each column with at_least.
def keep_or_drop(has, at_least):
    return has.all()


# %% keep_or_drop · wrong: shares · 0 of 2
# says: keep_or_drop(…): These are the shares. Compare them with at_least, so that each becomes True or False.
def keep_or_drop(has, at_least):
    return has.mean()


# %% keep_or_drop · wrong: always half · 0 of 2
# says: keep_or_drop(…): You compare with one half. Compare with at_least, which may be another share: here it is 0.75.
def keep_or_drop(has, at_least):
    return has.mean() >= 0.5


# %% keep_or_drop · wrong: people in the place of beliefs · 0 of 2
# says: keep_or_drop(…): You took the mean of each row, which is a person. Take that of each column, which is a belief.
def keep_or_drop(has, at_least):
    return has.mean(axis="columns") >= at_least


# %% keep_or_drop · wrong: only what is kept · 0 of 2
# says: keep_or_drop(…): You leave out what is dropped. Give True or False for each belief.
def keep_or_drop(has, at_least):
    shares = has.mean()
    return shares[shares >= at_least]


# %% keep_or_drop · wrong: forgot return · 0 of 2
# says: keep_or_drop gives back nothing. Did you forget return?
def keep_or_drop(has, at_least):
    kept = has.mean() >= at_least


# %% coverage · right · or
coverage = ((facts["borrows for"] == "child") | (facts["borrows mostly"] == "ebook") | (facts["comes to programs"] == "yes")).mean()

# %% coverage · right · sets of people
one = set(facts.index[facts["borrows for"] == "child"])
two = set(facts.index[facts["borrows mostly"] == "ebook"])
three = set(facts.index[facts["comes to programs"] == "yes"])
coverage = len(one | two | three) / len(facts)

# %% coverage · right · the helper
coverage = personas.covered(facts, [{"borrows for": "child"}, {"borrows mostly": "ebook"}, {"comes to programs": "yes"}]).mean()

# %% coverage · wrong: added up · 0 of 2
# says: coverage is #. You added the three shares, and so counted some people twice. Somebody may be two of them: use | for or.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = sum(part.mean() for part in parts)

# %% coverage · wrong: all at once · 0 of 2
# says: coverage is #. This is the share of those who are all three at once. One of them is enough: use | for or.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] & parts[1] & parts[2]).mean()

# %% coverage · wrong: left out · 0 of 2
# says: coverage is #. This is the share of those whom no persona covers. You need the others.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (~(parts[0] | parts[1] | parts[2])).mean()

# %% coverage · wrong: one persona only · 0 of 2
# says: coverage is #. You left out those who are two of them. At least one means one or more.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] ^ parts[1] ^ parts[2] & ~(parts[0] & parts[1])).mean()

# %% coverage · wrong: with the parents of Question 1 · 0 of 2
# says: coverage is #. Your first persona has an adult card. Here it is everybody who borrows mostly for children, with whatever card.
parents = (facts["category"] == "adult") & (facts["borrows for"] == "child")
coverage = (parents | (facts["borrows mostly"] == "ebook") | (facts["comes to programs"] == "yes")).mean()

# %% coverage · wrong: the mean of the three · 0 of 2
# says: coverage is #. This is the mean of the three shares. Ask of each person: at least one of them?
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = sum(part.mean() for part in parts) / 3

# %% coverage · wrong: the third forgotten · 0 of 2
# says: coverage is #. You count two of the three personas. Those who come to programs belong to it as well.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] | parts[1]).mean()

# %% coverage · wrong: a count · 0 of 2
# says: coverage is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] | parts[1] | parts[2]).sum()

# %% middle_half · right · two quantiles
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.75)}

# %% middle_half · right · both at once, with new labels
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile([0.75, 0.25]).set_axis(["high", "low"])

# %% middle_half · right · NumPy
import numpy as np

those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = pd.Series(np.percentile(those["checkouts"], [25, 75]), index=["low", "high"])

# %% middle_half · right · the helper
middle_half = personas.spread(facts, (facts["category"] == "adult") & (facts["borrows for"] == "child"), "checkouts")[["low", "high"]]

# %% middle_half · wrong: everybody · 0 of 2
# says: middle_half: This is the middle half of everybody who is active. Keep the rows of the people who are meant first.
middle_half = {"low": facts["checkouts"].quantile(0.25), "high": facts["checkouts"].quantile(0.75)}

# %% middle_half · wrong: all who borrow for children · 0 of 2
# says: middle_half: This is the middle half of all who borrow mostly for children. Those who are meant have an adult card, too.
those = facts[facts["borrows for"] == "child"]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.75)}

# %% middle_half · wrong: from end to end · 0 of 2
# says: middle_half: These are the smallest number and the largest, which one person can move. Take the middle half.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].min(), "high": those["checkouts"].max()}

# %% middle_half · wrong: around the mean · 0 of 2
# says: middle_half: This is the mean with a standard deviation to each side. Take the quantiles 0.25 and 0.75.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle, off = those["checkouts"].mean(), those["checkouts"].std()
middle_half = {"low": middle - off, "high": middle + off}

# %% middle_half · wrong: the middle eight tenths · 0 of 2
# says: middle_half: You cut off a tenth at each end. The middle half leaves a quarter at each end.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.1), "high": those["checkouts"].quantile(0.9)}

# %% middle_half · wrong: up to the middle · 0 of 2
# says: middle_half: Your high end is the middle one, and half of the people lie above it. Only a quarter should.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.5)}

# %% middle_half · wrong: the wrong way round · 0 of 2
# says: middle_half: Your low end lies above your high one: change them round.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.75), "high": those["checkouts"].quantile(0.25)}

# %% middle_half · wrong: the width · 0 of 2
# says: middle_half is a number. Expected a Series, with one value for each label.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile(0.75) - those["checkouts"].quantile(0.25)

# %% middle_half · wrong: labels that nobody changed · 0 of 2
# says: middle_half has no value for low, high. Expected one value for each of: low, high.
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile([0.25, 0.75])

# %% not_invited · right · not, and the mean
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~meant)[came].mean()

# %% not_invited · right · count and divide
visitors = facts[facts["comes to programs"] == "yes"]
invited = visitors.query("category == 'adult' and `borrows for` == 'child'")
not_invited = (len(visitors) - len(invited)) / len(visitors)

# %% not_invited · wrong: of everybody · 0 of 2
# says: not_invited is #. This is the share of everybody active who would get none. Look only at those who came to a program.
not_invited = 1 - ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()

# %% not_invited · wrong: the invited · 0 of 2
# says: not_invited is #. This is the share of those who would be invited. You need the others.
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = meant[came].mean()

# %% not_invited · wrong: those who do not come · 0 of 2
# says: not_invited is #. This is the share of the people who are meant who did not come. The question asks for a share of those who came to a program.
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~came)[meant].mean()

# %% not_invited · wrong: both, of everybody · 0 of 2
# says: not_invited is #. You divided by everybody active. Divide by those who came to a program.
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (came & ~meant).mean()

# %% not_invited · wrong: neither · 0 of 2
# says: not_invited is #. You look at those who did not come to a program. Look at those who came.
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~meant)[~came].mean()

# %% not_invited · wrong: the other way round · 0 of 2
# says: not_invited is #. You ask how many of those who get no invitation came. Ask it the other way round: of those who came, how many get none?
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = came[~meant].mean()

# %% not_invited · wrong: a count · 0 of 2
# says: not_invited is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (came & ~meant).sum()

# %% fits_all · right · a loop from True
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits


# %% fits_all · right · all, by row
def fits_all(people, lines):
    table = pd.DataFrame({name: people[name] == value for name, value in lines.items()}, index=people.index)
    return table.all(axis="columns")


# %% fits_all · right · comparing with a Series
def fits_all(people, lines):
    return (people[list(lines)] == pd.Series(lines, dtype=object)).all(axis="columns")


# %% fits_all · wrong: any of it · 0 of 2
# says: fits_all(…): You ask whether any line is true. All of them must be: join them with &.
def fits_all(people, lines):
    fits = pd.Series(False, index=people.index)
    for attribute, value in lines.items():
        fits = fits | (people[attribute] == value)
    return fits


# %% fits_all · wrong: the last line · 0 of 2
# says: fits_all(…): Only the last line counts. Join each line to those before it: fits = fits & …
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = people[attribute] == value
    return fits


# %% fits_all · wrong: the first line · 0 of 2
# says: fits_all(…): Only the first line counts. Does return stand inside the loop?
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
        return fits
    return fits


# %% fits_all · wrong: everybody · 0 of 2
# says: fits_all(…): It is True for everybody: no line was asked for yet.
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits & (people[attribute] == value)
    return fits


# %% fits_all · wrong: a number · 0 of 2
# says: fits_all(…) is a number. Expected a Series, with one value for each label.
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits.sum()


# %% fits_all · wrong: two lines only · 0 of 2
# says: fits_all(…) is True for 14. That is not it yet. Read the definition in the question again, then work out a few rows by hand.
def fits_all(people, lines):
    names = list(lines)
    if not names:
        return pd.Series(True, index=people.index)
    return (people[names[0]] == lines[names[0]]) & (people[names[-1]] == lines[names[-1]])


# %% fits_all · wrong: nobody without a line · 0 of 2
# says: fits_all(…): Without any line, nobody fits. Begin with True for everybody, and let each line take some away.
def fits_all(people, lines):
    fits = None
    for attribute, value in lines.items():
        told = people[attribute] == value
        fits = told if fits is None else fits & told
    return pd.Series(False, index=people.index) if fits is None else fits


# %% fits_all · wrong: the dots left above the loop · 0 of 2
# says: fits_all stopped with AssertionError. Do the three dots still stand in it, above lines of your own? Write a value in their place.
def fits_all(people, lines):
    fits = ...
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits


# %% fits_all · wrong: a table without rows · 0 of 2
# says: fits_all(…): Without any line it must be True for everybody, and a table without columns has no rows yet. Give it those of the people: pd.DataFrame(…, index=people.index).
def fits_all(people, lines):
    return pd.DataFrame({name: people[name] == value for name, value in lines.items()}).all(axis="columns")


# %% fits_all · wrong: begins with one · 0 of 2
# says: fits_all(…) is a number. Expected a Series, with one value for each label.
def fits_all(people, lines):
    fits = 1
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits


# %% fits_all · wrong: begins with False · 0 of 2
# says: fits_all(…): Nobody fits. Begin with True for everybody, and put round brackets around each comparison: fits & (people[attribute] == value).
def fits_all(people, lines):
    fits = pd.Series(False, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits


# %% fits_all · wrong: the rows that fit · 0 of 2
# says: fits_all(…) is a DataFrame with 1 rows and 3 columns. Expected a Series, with one value for each label.
def fits_all(people, lines):
    for attribute, value in lines.items():
        people = people[people[attribute] == value]
    return people


# %% too_high · right · map, compare, group
staff_guesses["high_side"] = staff_guesses["low"] > staff_guesses["question_key"].map(truth)
too_high = staff_guesses.groupby("question_key")["high_side"].sum()

# %% too_high · right · a loop
too_high = {}
for key, number in truth.items():
    answers = staff_guesses[staff_guesses["question_key"] == key]
    too_high[key] = int((answers["low"] > number).sum())

# %% too_high · right · merge
joined = staff_guesses.merge(truth.rename("right"), left_on="question_key", right_index=True)
too_high = joined.eval("low > right").groupby(joined["question_key"]).agg("sum")

# %% too_high · wrong: on the low side · 0 of 2
# says: too_high: These ranges lie below the truth. You need those that lie above it: low is larger than the true number.
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["high"] < number).groupby(staff_guesses["question_key"]).sum()

# %% too_high · wrong: both sides · 0 of 2
# says: too_high: These are all misses, on both sides. Count only those that lie above the truth.
number = staff_guesses["question_key"].map(truth)
too_high = ((staff_guesses["low"] > number) | (staff_guesses["high"] < number)).groupby(staff_guesses["question_key"]).sum()

# %% too_high · wrong: hits · 0 of 2
# says: too_high: These are the hits. Count the ranges that lie above the truth.
number = staff_guesses["question_key"].map(truth)
too_high = ((staff_guesses["low"] <= number) & (staff_guesses["high"] >= number)).groupby(staff_guesses["question_key"]).sum()

# %% too_high · wrong: the best guess · 0 of 2
# says: too_high: You compare the best guess. A range misses only if all of it is above the truth: compare low.
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["best"] > number).groupby(staff_guesses["question_key"]).sum()

# %% too_high · wrong: the high end · 0 of 2
# says: too_high: You compare the high end, which may well lie above the truth in a hit. Compare low.
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["high"] > number).groupby(staff_guesses["question_key"]).sum()

# %% too_high · wrong: True and False counted · 0 of 2
# says: too_high: You count True and False alike. .sum() counts only what is True.
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["low"] > number).groupby(staff_guesses["question_key"]).count()

# %% too_high · wrong: by person · 0 of 2
# says: too_high has no value for active, never, digital, automatic, children, top_fifth, seniors, email, survey, heads. Expected one value for each of: active, never, digital, automatic, children, top_fifth, seniors, email, survey, heads.
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["low"] > number).groupby(staff_guesses["staff_id"], observed=True).sum()

# %% too_high · wrong: not grouped · 0 of 2
# says: too_high holds 60 values. Expected one for each of: active, never, digital, automatic, children, top_fifth, seniors, email, survey, heads. Is it grouped yet?
number = staff_guesses["question_key"].map(truth)
too_high = staff_guesses["low"] > number

# %% my_persona · right · figures counted again
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · right · rounded figures, an interview, two attributes
both = facts[(facts["uses the computers"] == "yes") & (facts["home_branch"] == "MAIN")]
said = interviews[interviews["speaker"] == "patron"].iloc[3]
my_persona = Persona(
    name="At the computers of the main library",
    attributes={"uses the computers": "yes", "home_branch": "MAIN"},
    purpose="To decide how many computers the main library needs.",
    not_represented="Guests, who use a computer without a card.",
    claims=(
        Claim("They sit there.", "heard", source=f"Interview {said['interview_id']}, turn {said['turn']}"),
        Claim("Some take nothing home.", "measured", source="checkouts", attribute="takes print home", value="no", figure=round(float((both["takes print home"] == "no").mean()), 2)),
        Claim("The middle one sat there so often.", "measured", source="computer_sessions", attribute="sessions", figure=both["sessions"].median()),
        Claim("They have no computer at home.", "assumed"),
        Claim("They are looking for work.", "assumed"),
    ),
)

# %% my_persona · right · opened from what was saved, with age for a purpose
group = facts[facts["age_band"] == "13-17"]
drawn = Persona(
    "After school",
    attributes={"age_band": "13-17"},
    purpose="To choose the hour of the game night; age is needed because school sets the hour.",
    claims=[
        Claim("Few come to programs.", "measured", "attendance", "comes to programs", "yes", round((group["comes to programs"] == "yes").mean(), 3)),
        Claim("Few sit at the computers.", "measured", "computer_sessions", "uses the computers", "yes", round((group["uses the computers"] == "yes").mean(), 3)),
        Claim("Some say that nobody their age goes there.", "heard", f"interview {interviews['interview_id'].iloc[0]}, turn 2"),
        Claim("They like it loud.", "assumed"),
    ],
    not_represented="Those who come without a card, and those who read here and take nothing home.",
)
my_persona = personas.from_json(personas.to_json(drawn))

# %% my_persona · wrong: a dictionary · 0 of 3
# says: my_persona is a dict of 2 values. Expected a Persona.
my_persona = {"name": "Listening", "borrows mostly": "eaudiobook"}

# %% my_persona · wrong: the record itself · 0 of 3
# says: my_persona is a function. Expected a Persona.
my_persona = Persona

# %% my_persona · wrong: one measured claim · 0 of 3
# says: my_persona: It needs at least two measured claims.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: nothing heard · 0 of 3
# says: my_persona: It needs at least one heard claim.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: nothing assumed · 0 of 3
# says: my_persona: It needs at least one assumed claim: say what you believe and did not check.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: nobody is missing · 0 of 3
# says: my_persona: Say in not_represented whom it does not speak for.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="",
)

# %% my_persona · wrong: a sensitive attribute · 0 of 3
# says: my_persona: money owed is sensitive: it stands in no persona, whatever the purpose.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes={**attributes, "money owed": "yes"},
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: fewer than ten people · 0 of 3
# says: my_persona: It fits # people: below 10 they could be recognized. Ask for less.
attributes = {"segment": "bedtime", "borrows mostly": "eaudiobook", "borrows for": "adult", "category": "senior"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", 0.5),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=9),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: everybody · 0 of 3
# says: my_persona: It has no attributes: everybody would be this persona.
attributes = {}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", 0.22),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: a value that nobody has · 0 of 3
# says: my_persona: comes to programs is never “Yes” here: choose one of no, yes.
my_persona = Persona(
    "Coming to programs",
    attributes={"comes to programs": "Yes"},
    purpose="To choose an hour.",
    claims=[
        Claim("Most take print home.", "measured", "checkouts", "takes print home", "yes", 0.8),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=9),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They would come at noon.", "assumed"),
    ],
    not_represented="Those who come without a card.",
)

# %% my_persona · wrong: no purpose · 0 of 3
# says: my_persona: It needs a purpose: what is it for?
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose=" ",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: an attribute that was not counted · 0 of 3
# says: my_persona: mood is no attribute that was counted: choose one of the columns of facts.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes={**attributes, "mood": "cheerful"},
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: true by definition · 0 of 3
# says: my_persona: borrows mostly is one of its own attributes, so this measured claim says nothing: “They listen.” Measure something else.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("They listen.", "measured", "checkouts", "borrows mostly", "eaudiobook", 1.0),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: two good measured claims, and one that is true by definition · 0 of 3
# says: my_persona: borrows mostly is one of its own attributes, so this measured claim says nothing: “They listen.” Measure something else.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("They listen.", "measured", "checkouts", "borrows mostly", "eaudiobook", 1.0),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: another table and another figure · 0 of 3
# says: my_persona: A measured claim does not stand: it was counted in attendance; counted again, another figure was found. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "patrons", "comes to programs", "yes", 0.93),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: a percentage · 0 of 3
# says: my_persona: A figure is a percentage. Write the share, between 0 and 1.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", 100 * personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: among everybody · 0 of 3
# says: my_persona: A figure was counted among everybody active. Count it among the people whom the attributes fit.
attributes = {"borrows mostly": "ebook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", (facts["comes to programs"] == "yes").mean()),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: a figure that is not so · 0 of 3
# says: my_persona: A measured claim does not stand: counted again, another figure was found. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", 0.9),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: a figure that was guessed in round numbers · 0 of 3
# says: my_persona: A measured claim does not stand: counted again, another figure was found. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes") + 0.02),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: no figure · 0 of 3
# says: my_persona: A measured claim does not stand: no figure. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", None),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: another table · 0 of 3
# says: my_persona: A measured claim does not stand: it was counted in attendance. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "programs", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: the middle of everybody · 0 of 3
# says: my_persona: A measured claim does not stand: counted again, another figure was found. Look at it in the evidence ledger.
attributes = {"borrows for": "child", "comes to programs": "yes"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "computer_sessions", "uses the computers", "yes", personas.figure_of(facts, who, "uses the computers", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts["checkouts"].median() + 40),
        Claim("One wrote so.", "heard", f"comment {comments['comment_id'].max()}"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: no such comment · 0 of 3
# says: my_persona: A heard claim does not stand: there is no such comment. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One wrote so.", "heard", "comment 99999"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: the interviewer's turn · 0 of 3
# says: my_persona: A heard claim does not stand: this turn is the interviewer's. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One said so.", "heard", "interview 1, turn 1"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)

# %% my_persona · wrong: somebody said · 0 of 3
# says: my_persona: A heard claim does not stand: a voice is given as “interview 3, turn 6” or “comment 17”. Look at it in the evidence ledger.
attributes = {"borrows mostly": "eaudiobook"}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes=attributes,
    purpose="To decide how many audiobooks to license.",
    claims=[
        Claim("Some come to programs.", "measured", "attendance", "comes to programs", "yes", personas.figure_of(facts, who, "comes to programs", "yes")),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=facts.loc[who, "checkouts"].median()),
        Claim("One said so.", "heard", "a patron at the desk"),
        Claim("They listen in the car.", "assumed"),
    ],
    not_represented="Those who listen to discs.",
)
