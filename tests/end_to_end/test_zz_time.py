def test_x(term):
    for d in sorted(term.done,key=lambda d:-d.seconds)[:45]: print(f"{d.seconds:5.1f} {d.who} {d.command}")
