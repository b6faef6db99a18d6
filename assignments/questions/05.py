"""Are our segments real?

say here what a student does, in one line
"""

from course_utils.checks.questions import Share, Slip


class ValidShare(Share):
    """Valid cards."""

    name, points, objective = "valid_share", 1, 1
    within = 0.0005
    hint = "Compare the column expires with AS_OF, and take the mean."

    def right(t):
        return (t.patrons["expires"] >= t.AS_OF).mean()

    also_right = [
        'valid_share = (patrons["expires"] >= AS_OF).mean()',
        'valid_share = len(patrons.query("expires >= @AS_OF")) / len(patrons)',
    ]
    slips = [
        Slip(
            "expired cards",
            'valid_share = (patrons["expires"] < AS_OF).mean()',
            "This is the share of cards that have run out. You need the others: turn the comparison around.",
        ),
        Slip(
            "a percentage",
            'valid_share = 100 * (patrons["expires"] >= AS_OF).mean()',
            told="outcome.share_percent",
        ),
        Slip(
            "a comparison that was not averaged",
            'valid_share = patrons["expires"] >= AS_OF',
            told="outcome.wrong_kind_truth_share",
        ),
    ]
