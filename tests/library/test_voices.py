"""What patrons say: who is asked, what is written, and how it fits what the other tables say."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from course_utils.library import Library
from course_utils.library import comments as model
from course_utils.library.survey import CLOSED
from course_utils.library.voices_text import months_of, normal, remarks, spoken, tagged
from course_utils.tables import AS_OF, FIRST_DAY, SCHEMAS, validate
from course_utils.tables.staff import PERSONAS, ROLES
from course_utils.tables.voices import ATTRIBUTES, THEMES, TONES

NAMES = (
    "survey_invitations",
    "survey_answers",
    "comments",
    "comment_codes",
    "interviewees",
    "interviews",
    "messages",
    "staff_guesses",
    "staff_personas",
)
NEEDED = ("patrons", "branches")
A_YEAR_AGO = AS_OF - pd.DateOffset(months=12)


def keep_the_rules(library):
    frames = {name: library[name] for name in (*NAMES, *NEEDED)}
    for name in NAMES:
        validate(frames[name], name, frames)
    return frames


# All of it ------------------------------------------------------------------------------------------------


def test_every_table_keeps_its_rules(library):
    keep_the_rules(library)


@pytest.mark.parametrize(("size", "name"), [(500, "Baie-des-Érables"), (20_000, "Port Ellery")])
def test_other_sizes(size, name):
    library = Library(3, patrons=size, name=name)
    frames = keep_the_rules(library)
    answers = len(frames["survey_answers"])
    assert answers > (25 if size == 500 else 500)
    assert len(frames["comments"]) == 420
    said = frames["comments"]["text"].str.cat(sep=" ") + frames["interviews"]["text"].str.cat(sep=" ")
    assert name in said
    assert name == "Port Ellery" or "Port Ellery" not in said


def test_the_truth_has_what_it_says(library):
    for name in ("survey", "drivers", "comments", "coders", "interviews", "messages", "guesses", "personas"):
        frame = library.truth[name]
        assert frame.columns.tolist() == library.truth.describe(name).index.tolist()
        assert not frame.isna().any().any(), name
    hidden = {"framing", "probability", "ironic", "about_children", "leading", "weight", "segment"}
    assert not hidden & {column for name in NAMES for column in SCHEMAS[name].names}


# The survey -----------------------------------------------------------------------------------------------


def test_the_invited_are_a_random_sample_of_the_grown_people_on_file(library):
    invited = library.survey_invitations.merge(library.patrons, on="patron_id")
    assert len(invited) == 2400
    assert (invited["enrolled"] <= invited["invited"]).all()
    assert not invited["age_band"].isin(["0-5", "6-12"]).any()
    assert (invited["channel"].eq("email") == invited["has_email"]).all()
    patrons = library.patrons
    grown = patrons[
        (patrons["enrolled"] <= invited["invited"].iloc[0])
        & ~patrons["age_band"].isin(["0-5", "6-12", "13-17"])
    ]
    active = (invited["last_use"] > A_YEAR_AGO).mean()
    assert active == pytest.approx((grown["last_use"] > A_YEAR_AGO).mean(), abs=0.04)
    assert abs(invited["letter"].eq("A").mean() - 0.5) < 0.001


def test_answers_come_in_order(library):
    invited = library.survey_invitations
    answered = invited[invited["answered"]]
    assert (answered["answered_on"] >= answered["invited"]).all()
    assert answered["answered_on"].max() <= AS_OF
    assert invited.loc[~invited["answered"], "answered_on"].isna().all()
    assert invited.loc[~invited["answered"], "reminded"].notna().all()
    early = answered["reminded"].isna()
    # Nobody is reminded who has answered.
    assert (answered["answered_on"] >= answered["reminded"])[~early].all()
    assert early.mean() == pytest.approx(0.56, abs=0.1)
    by_mail = invited["channel"] == "mail"
    assert invited.loc[by_mail, "reminded"].min() > invited.loc[~by_mail, "reminded"].max()
    assert library.survey_answers["invitation_id"].tolist() == answered["invitation_id"].tolist()
    assert 230 <= len(answered) <= 350


def test_every_answer_is_given_by_some_and_none_by_nearly_all(library):
    answers = library.survey_answers
    for name in ("goal", "wish"):
        share = answers[name].value_counts(normalize=True)
        assert share.min() > 0, name
        assert share.max() < 0.5, name
    for name in ATTRIBUTES:
        assert answers[f"importance_{name}"].nunique() >= 4
        assert answers[f"performance_{name}"].nunique() >= 4
    assert set(answers["satisfaction"]) >= {2, 3, 4, 5}


def test_goals_fit_use(library):
    answers = library.survey_answers.merge(library.survey_invitations, on="invitation_id")
    answers = answers.merge(library.truth.patrons, on="patron_id")
    reads = answers["segment"].isin(["page turner", "all channels"])
    prints = answers["goal"] == "borrow books and films"
    assert prints[reads].mean() > 2 * prints[~reads].mean()
    children = answers["goal"] == "things for my children"
    assert children[answers["segment"] == "bedtime"].mean() > 0.4


def test_visits_as_told_heap_at_round_numbers(library):
    told = library.survey_answers["visits_last_year"]
    near = told.isin([11, 13, 23, 25, 51, 53]).sum()
    assert told.isin([12, 24, 52]).sum() > 2 * max(near, 3)


def test_who_is_satisfied_answers_more_often_even_among_equals(library):
    truth = library.truth.survey.merge(library.survey_invitations, on="invitation_id", suffixes=("", "_"))
    assert (truth["answered"] == truth["answered_"]).all()
    tier = pd.cut(truth["days_of_use"], [-1, 0, 5, 400], labels=False)
    odds = np.log(truth["probability"] / (1 - truth["probability"]))
    for number in range(3):
        here = tier == number
        slope = np.polyfit(truth.loc[here, "satisfaction"], odds[here], 1)[0]
        assert 0.02 < slope < 0.35
    mean = truth.groupby(tier)["probability"].mean()
    assert mean[0] < 0.07 < mean[1] < mean[2] < 0.35


def test_the_truth_of_those_who_answered_is_their_answer(library):
    both = library.survey_answers.merge(library.truth.survey, on="invitation_id")
    assert (both["satisfaction_x"] == both["satisfaction_y"]).all()
    assert (both["recommend_x"] == both["recommend_y"]).all()


# The words ------------------------------------------------------------------------------------------------


def test_there_are_forty_remarks_and_more_per_theme():
    count = Counter(THEMES[one.theme] for one in remarks())
    assert min(count.values()) >= 40
    assert set(count) == set(THEMES)
    assert len({one.text for one in remarks()}) == len(remarks())
    by_tone = Counter((one.theme, one.tone) for one in remarks())
    assert len(by_tone) == len(THEMES) * len(TONES)
    assert sum(one.ironic for one in remarks()) >= model.IRONIC


def test_no_remark_uses_an_unknown_tag_or_slot():
    known = {"MAIN", "NORTH", "HARBOR", "BOOKM", "teen", "es", "formal", "parent", "kids", "bare"}
    slots = set(spoken("comments")["slot"]) | {"here", "place", "town", "day", "weekday", "month"}
    slots |= {"now", "season", "storyday"}
    for one in remarks():
        for tag in one.tags - known:
            assert months_of((tag,)) or re.fullmatch(r"since-20\d\d-\d\d", tag), (tag, one.text)
        assert set(re.findall(r"\{(\w+)\}", one.text)) <= slots, one.text
        assert one.text.count("<") == one.text.count(">") == len(re.findall(r"<[^<>|]*\|[^<>]*>", one.text))


@pytest.mark.parametrize(
    ("tags", "months"),
    [(("m6-8",), (6, 7, 8)), (("m11-2", "es"), (11, 12, 1, 2)), (("m1",), (1,)), (("es",), ())],
)
def test_months_of_a_tag(tags, months):
    assert months_of(tags) == months


def test_no_two_comments_are_alike(library):
    texts = library.comments["text"]
    assert texts.map(normal).is_unique
    assert texts.str.len().between(7, 420).all()
    assert not texts.str.contains(r"[{}<>|]|::|  | ,| \.(?!\.)", regex=True).any()
    sentences = texts.map(lambda text: len(re.findall(r"[.?!](?: |$)", text)))
    assert sentences.max() <= 6
    assert (sentences <= 4).mean() > 0.93
    assert (sentences <= 1).mean() > 0.15


def test_no_remark_comes_up_twice_and_no_frame_often(library):
    rng = library._stream("comments")
    chosen = Counter(one.text for one in model._chosen(rng))
    assert sum(chosen.values()) == 420
    assert max(chosen.values()) == 1
    texts = library.comments["text"]
    for part in ("opening", "ending"):
        for entries in spoken("comments")[part].values():
            for entry in entries:
                said = tagged(entry)[1]
                if "{" in said or len(said) < 12:
                    continue
                where = texts.str.startswith(said) if part == "opening" else texts.str.endswith(said)
                assert where.sum() <= 6, said


def test_voices_differ(library):
    texts = library.comments["text"]
    assert (texts == texts.str.lower()).sum() > 15
    assert texts.str.match(r"(Dear|To ) ?").sum() > 3
    assert texts.str.endswith("!").sum() >= 5
    assert (~texts.str.contains(r"[.!?]['”)]?$", regex=True)).sum() > 10
    assert texts.str.len().quantile(0.1) < 62 < 120 < texts.str.len().quantile(0.9)


def test_comments_are_written_where_and_when_they_can_be(library):
    comments = library.comments
    assert comments["date"].is_monotonic_increasing
    assert comments["date"].between(FIRST_DAY, AS_OF).all()
    box = comments[comments["source"] == "comment box"]
    assert box["branch"].notna().all()
    gates = set(zip(library.gate_counts["branch"], library.gate_counts["date"], strict=True))
    assert set(zip(box["branch"], box["date"], strict=True)) <= gates
    survey = comments[comments["source"] == "survey"]
    # The day of an answer would lead to a card.
    assert set(survey["date"]) == {pd.Timestamp(CLOSED, unit="D")}
    assert library.survey_invitations["answered_on"].max() <= survey["date"].iloc[0]
    assert 60 <= len(survey) <= 110
    automatic = comments["text"].str.contains("automatic renewal|renew by themselves", case=False)
    assert automatic.any()
    assert (comments.loc[automatic, "date"] >= "2024-02-01").all()
    snow = comments["text"].str.contains("plowed|dug the car out", case=False)
    assert comments.loc[snow, "date"].dt.month.isin([12, 1, 2, 3]).all()
    northgate = comments["text"].str.contains("at northgate", case=False) & comments["branch"].notna()
    assert (comments.loc[northgate, "branch"] == "NORTH").all()
    bus = comments["text"].str.contains("The bookmobile driver|on the bookmobile since", regex=True)
    assert comments.loc[bus, "branch"].isin(["BOOKM", np.nan]).all()


def test_programs_in_comments_were_held(library):
    comments, programs = library.comments, library.programs
    for title in spoken("comments")["slot"]["kidsprogram"]:
        told = comments[
            comments["text"].str.contains(title) & comments["branch"].isin(["MAIN", "NORTH", "HARBOR"])
        ]
        for one in told.itertuples():
            held = programs[(programs["title"] == title) & (programs["date"] <= one.date)]
            assert len(held) or one.date < FIRST_DAY + pd.Timedelta(days=150), one.text


def test_no_comment_names_a_day_or_an_hour_that_the_tables_show_to_be_otherwise(library):
    programs, branches = library.programs, library.branches.set_index("branch")
    story = set(programs.loc[programs["title"].str.contains("Storytime|Lapsit"), "date"].dt.day_name())
    for one in library.comments["text"]:
        found = re.search(r"\b(?:on|every) (\w+day)\b", one, re.I)
        if found and re.search(r"children's corner|little ones|story ?time|lapsit", one, re.I):
            assert found[1].capitalize() in story, one
    # What the remarks say of opening hours.
    hours = branches.filter(like="hours_")
    assert (hours.loc["MAIN", ["hours_mon", "hours_tue", "hours_wed", "hours_thu"]] == 10).all()
    assert (hours.loc["MAIN", ["hours_fri", "hours_sun"]] == [8, 4]).all()
    assert (hours.loc["NORTH", ["hours_mon", "hours_sun", "hours_fri"]] == [0, 0, 6]).all()
    assert (hours.loc["HARBOR", ["hours_mon", "hours_tue", "hours_wed", "hours_sat"]] == [6, 8, 6, 5]).all()
    early = [one for one in remarks() if re.search(r"close at six|closed at four|gets in at 6:52", one.text)]
    assert len(early) == 3
    assert all(one.branches and 0 not in one.branches for one in early)


def test_every_theme_and_tone_is_there(library):
    truth = library.truth.comments
    assert truth["theme"].value_counts().min() >= 18
    assert truth["tone"].value_counts(normalize=True)["negative"] == pytest.approx(0.58, abs=0.08)
    assert truth["ironic"].sum() == model.IRONIC
    assert (truth.loc[truth["ironic"], "tone"] == "negative").all()
    assert 10 <= truth["about_children"].sum() <= 45
    assert (truth.loc[truth["about_children"], "theme"] == "space and noise").all()


def test_nothing_sensitive_is_said(library):
    words = (
        r"\b(?:church|mosque|synagogue|pray|jesus|republican|democrat|president|election|vote|race\b|racist|cancer|"
        r"dementia|depress|diagnos|disab|illness|medication|immigra|police|drunk|idiot|stupid|homeless)"
    )
    for name in ("comments", "interviews", "messages"):
        said = library[name]["text"]
        assert not said.str.contains(words, case=False).any(), said[
            said.str.contains(words, case=False)
        ].tolist()


# The coders -----------------------------------------------------------------------------------------------


def test_the_ways_of_reading_are_odds(library):
    coders = library.truth.coders
    total = coders.groupby(["coder", "code", "comment", "true"], observed=True)["probability"].sum()
    assert np.allclose(total, 1)
    assert library.comment_codes.groupby("coder", observed=True).size().tolist() == [420, 420]


def test_two_people_agree_as_people_do():
    kappas = []
    for seed in range(6):
        library = Library(seed)
        codes = library.comment_codes.pivot(index="comment_id", columns="coder", values="theme")
        table = pd.crosstab(codes["A"], codes["B"], normalize=True).to_numpy()
        chance = table.sum(axis=1) @ table.sum(axis=0)
        kappas.append((np.trace(table) - chance) / (1 - chance))
    assert 0.65 < np.mean(kappas) < 0.75
    assert min(kappas) > 0.6


# The interviews -------------------------------------------------------------------------------------------


def test_twelve_people_talk_in_turns(library):
    talks, turns = library.interviewees, library.interviews
    assert len(talks) == 12
    assert set(turns["interview_id"]) == set(talks["interview_id"])
    for _, one in turns.groupby("interview_id"):
        assert 12 <= len(one) <= 18
        assert one["turn"].tolist() == list(range(1, len(one) + 1))
        assert one["speaker"].tolist() == (["interviewer", "patron"] * 9)[: len(one)]
    assert not turns["text"].str.contains(r"[{}<>|]|::|  ", regex=True).any()
    assert not talks["uses"].str.contains(r"[{}<>|]", regex=True).any()
    patron = turns[turns["speaker"] == "patron"]["text"].str.len().mean()
    assert patron > 1.5 * turns[turns["speaker"] == "interviewer"]["text"].str.len().mean()


def test_interviews_take_place_where_and_when_it_is_open(library):
    talks = library.interviewees
    here = talks[talks["branch"].notna()]
    gates = set(zip(library.gate_counts["branch"], library.gate_counts["date"], strict=True))
    assert set(zip(here["branch"], here["date"], strict=True)) <= gates
    assert (talks["date"].dt.day_of_week < 5).all()
    assert (talks["branch"].isna() == ~talks["how_recruited"].isin(["desk", "program"])).all()


def test_some_say_one_thing_and_their_record_another(library):
    talks = library.interviewees.merge(
        library.truth.interviews[["interview_id", "person"]].drop_duplicates(), on="interview_id"
    )
    card = talks.set_index("person")["patron_id"]
    assert card.isna().sum() == 3  # one without a card, two who would rather not
    assert card.dropna().is_unique
    patrons = library.patrons.set_index("patron_id")
    shown = talks.dropna(subset=["patron_id"])
    assert (
        patrons.loc[shown["patron_id"], "age_band"].astype(str) == shown["age_band"].astype(str).to_numpy()
    ).all()
    checkouts = library.checkouts
    lent = checkouts[(checkouts["transaction_type"] == "checkout") & (checkouts["date"] > A_YEAR_AGO)]

    def loans(person, kind):
        return lent[(lent["patron_id"] == card[person]) & (lent["usage_class"] == kind)]

    assert 5 <= loans("father", "physical")["date"].nunique() <= 30  # “every single Saturday”
    assert (loans("father", "physical")["audience"] == "adult").any()  # “since they were born”
    assert len(loans("night shift", "digital")) >= 20  # “nothing”
    assert len(loans("night shift", "physical")) == 0
    ever = checkouts[checkouts["patron_id"] == card["comes to programs"]]
    assert len(ever) == 0  # “a great reader”
    came = library.attendance[library.attendance["patron_id"] == card["comes to programs"]]
    assert 1 <= (came["date"] > A_YEAR_AGO).sum() <= 25  # “every Tuesday”
    at = library.programs.set_index("program_id").loc[came["program_id"], "branch"].astype(str)
    assert (
        talks.set_index("person").loc["comes to programs", "branch"]
        in at.value_counts()[lambda n: n == n.max()]
    )
    # Nothing on the card for three years: all is on the mother's.
    assert not (checkouts["patron_id"] == card["caregiver"]).any()
    assert patrons.loc[card["caregiver"], "last_use"] < FIRST_DAY
    # The bags are full of children's books.
    for person in ("father", "Spanish at home"):
        mine = lent[lent["patron_id"] == card[person]]
        assert len(mine) >= 10
        assert (mine["audience"] == "child").mean() >= 0.7, person
    assert len(checkouts[checkouts["patron_id"] == card["looks for work"]]) == 0  # “never taken out a book”
    # Every line that a record contradicts is in the truth.
    noted = library.truth.interviews.query("note == 'not what the record shows'")
    assert {"father", "night shift", "comes to programs", "caregiver", "small business"} <= set(
        noted["person"]
    )
    turns = library.interviews.query("speaker == 'patron'")
    turns = turns[turns["text"].str.contains("every Tuesday|every Saturday|in there every week")]
    assert len(turns.merge(library.truth.interviews, on=["interview_id", "turn"])) == len(turns) >= 3
    sessions = library.computer_sessions
    mine = sessions[sessions["patron_id"] == card["looks for work"]]
    assert (AS_OF - mine["date"].min()).days > 500  # “a few weeks”
    assert patrons.loc[card["lost trust"], "last_use"] < A_YEAR_AGO
    assert patrons.loc[card["Spanish at home"], "language"] == "Spanish"


def test_the_notes_on_the_interviews_point_at_the_right_speaker(library):
    noted = library.truth.interviews.merge(library.interviews, on=["interview_id", "turn"])
    leading = noted["note"] == "leading question"
    assert (noted.loc[leading, "speaker"] == "interviewer").all()
    assert (noted.loc[~leading, "speaker"] == "patron").all()
    per_talk = noted[leading].groupby("interview_id").size()
    assert len(per_talk) == 12
    assert per_talk.max() <= 2
    assert (noted["note"] == "not what the record shows").sum() >= 5


# Messages -------------------------------------------------------------------------------------------------


def test_messages_are_of_three_kinds_and_do_not_repeat(library):
    messages, framing = library.messages, library.truth.messages["framing"]
    assert len(messages) == 60
    assert messages["text"].is_unique
    assert framing.value_counts().min() >= 10
    assert messages["date"].is_monotonic_increasing
    assert not messages["text"].str.contains(r"[{}<>|]|::", regex=True).any()
    assert messages["channel"].value_counts().min() >= 3
    taxes = messages["text"].str.contains("shoebox")
    assert messages.loc[taxes, "date"].dt.month.isin([2, 3, 4]).all()


def test_what_messages_count_is_what_the_tables_hold(library):
    branches, items, programs = library.branches, library.items, library.programs
    digits = (
        r"(?:lists at least ([\d,]+) programs)|(?:We have (\d+) public)|(?:added at least ([\d,]+) new DVDs)"
    )
    told = library.messages.assign(said=library.messages["text"].str.extract(digits).bfill(axis=1)[0])
    told = told.dropna(subset=["said"])
    assert len(told) >= 2
    for one in told.itertuples():
        said = int(one.said.replace(",", ""))
        if "programs" in one.text:
            fall = programs[
                (programs["date"].dt.year == one.date.year) & programs["date"].dt.month.between(9, 11)
            ]
            assert 0 < said <= len(fall) < said + 10
            assert fall["branch"].nunique() == 3
        elif "public" in one.text:
            assert said == branches.set_index("branch")["computers"]["MAIN"]
        else:
            lately = items["added"].between(one.date - pd.DateOffset(months=12), one.date, inclusive="right")
            assert 0 < said <= ((items["material_type"] == "dvd") & lately).sum() < said + 10


# What staff believe ---------------------------------------------------------------------------------------


def test_guesses_are_ranges_around_a_best_guess(library):
    guesses = library.staff_guesses
    assert len(guesses) == 60
    assert set(guesses["staff_id"]) == set(ROLES)
    assert (guesses["low"] <= guesses["best"]).all()
    assert (guesses["best"] <= guesses["high"]).all()
    of_100 = guesses["question"].str.startswith("Of 100")
    assert (guesses.loc[of_100, "high"] <= 100).all()
    assert guesses.groupby("question_key")["question"].nunique().eq(1).all()


def test_the_answers_to_the_guesses_are_counted_in_the_tables(library):
    true = library.truth.guesses.set_index("question_key")["value"]
    patrons, checkouts, programs = library.patrons, library.checkouts, library.programs
    lately = checkouts[checkouts["date"] > A_YEAR_AGO]
    active = patrons["last_use"] > A_YEAR_AGO
    assert true["active"] == pytest.approx(100 * active.mean(), abs=0.01)
    assert true["digital"] == pytest.approx(100 * (lately["usage_class"] == "digital").mean(), abs=0.01)
    first = lately[lately["transaction_type"] == "checkout"]
    loans = patrons.loc[active, "patron_id"].map(first["patron_id"].value_counts()).fillna(0)
    top = loans.sort_values(ascending=False).head(round(len(loans) / 5)).sum() / loans.sum()
    assert true["top_fifth"] == pytest.approx(100 * top, abs=0.01)
    assert true["heads"] == pytest.approx(
        programs.loc[programs["date"] > A_YEAR_AGO, "attended"].mean(), abs=0.01
    )
    assert true["survey"] == pytest.approx(100 * library.survey_invitations["answered"].mean(), abs=0.01)


def test_personas_are_defined_and_hardly_anybody_is_one(library):
    personas, truth = library.staff_personas, library.truth.personas
    both = personas.merge(truth, on=["persona", "attribute"], validate="one_to_one")
    assert len(both) == len(personas) == len(truth)
    assert set(personas["persona"]) == set(PERSONAS)
    assert personas.groupby("persona", observed=True)["assumed_share"].nunique().eq(1).all()
    assert (both.loc[both["defines"], "among"] == 1).all()
    assert both["core"].min() > 100
    active = (library.patrons["last_use"] > A_YEAR_AGO).sum()
    assert (both["all"] < 0.02 * active).all()
    beliefs = both[~both["defines"]]
    assert beliefs["holds"].sum() == 7
    # None is so near a half that it could be argued either way.
    assert (abs(beliefs["among"] - 0.5) > 0.05).all()
