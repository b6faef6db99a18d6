"""Other towns: size, locale and name; and a town so large that it is made in districts."""

import json
import re
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from course_utils.errors import CourseError
from course_utils.library import Library, build
from course_utils.library.calibration import settings
from course_utils.library.model import LARGEST
from course_utils.tables import SCHEMAS, load, validate


def course(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "course_utils.cli", *map(str, arguments)], capture_output=True, text=True
    )


@pytest.mark.parametrize("size", [500, 2_000, 20_000])
def test_a_town_has_about_as_many_patrons_as_asked_for(size):
    library = Library(5, patrons=size)
    assert abs(len(library.patrons) / size - 1) < 0.12
    frames = {name: library[name] for name in SCHEMAS}
    for name, frame in frames.items():
        validate(frame, name, frames)


def test_a_level_does_not_depend_on_the_size():
    def levels(library):
        checkouts, patrons = library.checkouts, library.patrons
        return len(checkouts) / len(patrons), patrons["has_email"].mean()

    small, large = levels(Library(5, patrons=4_000)), levels(Library(5, patrons=20_000))
    assert small[0] == pytest.approx(large[0], rel=0.15)
    assert small[1] == pytest.approx(large[1], abs=0.02)


@pytest.mark.parametrize("locale", ["fr_FR", "es_MX", "ja_JP"])
def test_names_follow_the_locale_and_keep_their_accents(locale, tmp_path):
    build.write(tmp_path / "town", build.Town(3, 600, locale, "Baie-des-Érables"))
    creators = load("items", tmp_path / "town")["creator"]
    assert creators.map(lambda name: not name.isascii()).mean() > (0.9 if locale == "ja_JP" else 0.05)
    text = (tmp_path / "town" / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# The data of Baie-des-Érables")
    assert f"--locale {locale} --name 'Baie-des-Érables'" in text


def test_the_locale_changes_names_and_nothing_else():
    english, french = Library(3, patrons=600), Library(3, patrons=600, locale="fr_FR")
    for name in ("patrons", "checkouts", "attendance"):
        pd.testing.assert_frame_equal(english[name], french[name])
    items = english.items.drop(columns="creator"), french.items.drop(columns="creator")
    pd.testing.assert_frame_equal(*items)


def test_the_first_command_of_the_dictionary_makes_the_same_town(tmp_path):
    one = course(
        "library", "--out", tmp_path / "one", "--patrons", "700", "--seed", "9", "--name", "Two Words"
    )
    assert one.returncode == 0, one.stderr
    assert "100%" in one.stdout
    text = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert "course library --out DIR --patrons 700 --seed 9 --name 'Two Words'" in text
    build.write(tmp_path / "two", build.Town(9, 700, name="Two Words"))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert course("data", "--check", "--folder", tmp_path / "one").returncode == 0


def test_port_ellery_is_one_of_these_towns():
    design = settings()["design"]
    pd.testing.assert_frame_equal(
        build.Town.port_ellery().district(0).patrons,
        Library(design["seed"], patrons=design["patrons"]).patrons,
    )
    assert build.Town.port_ellery().count == 1


# A town in districts -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A town of three districts, made small for the test."""
    patch = pytest.MonkeyPatch()
    patch.setattr(build, "LARGEST", 700)
    town = build.Town(4, 1_900)
    assert town.count == 3
    folder = build.write(tmp_path_factory.mktemp("large") / "town", town)
    districts = [town.district(number) for number in range(3)]
    patch.undo()
    return {name: load(name, folder) for name in SCHEMAS}, districts


def test_the_numbers_of_the_districts_do_not_collide(large):
    frames, _ = large
    for name, frame in frames.items():
        validate(frame, name, frames)


def test_every_district_is_there_whole(large):
    frames, districts = large
    for name, table in SCHEMAS.items():
        rows = [len(district[name]) for district in districts]
        if table.once:
            assert len(frames[name]) == rows[0], name
        elif not table.adds_up:
            assert len(frames[name]) == sum(rows), name
    assert frames["tracts"]["population"].sum() == sum(
        district.tracts["population"].sum() for district in districts
    )
    assert frames["gate_counts"]["visits"].sum() == sum(
        district.gate_counts["visits"].sum() for district in districts
    )
    assert not districts[0].patrons["enrolled"].equals(districts[1].patrons["enrolled"])


def test_events_go_on_belonging_to_their_patrons(large):
    frames, districts = large
    lent = frames["checkouts"]["patron_id"].value_counts()
    per_patron = frames["patrons"]["patron_id"].map(lent).fillna(0).to_numpy()
    expected = pd.concat(
        [
            one.patrons["patron_id"].map(one.checkouts["patron_id"].value_counts()).fillna(0)
            for one in districts
        ]
    )
    assert (per_patron == expected.to_numpy()).all()


def test_medians_and_shares_of_the_neighborhoods_are_those_of_all_districts(large):
    frames, districts = large
    tracts = frames["tracts"]
    pairs = [one.household_incomes for one in districts]
    incomes = pd.concat([pd.Series(income, index=tract) for tract, income in pairs])
    medians = incomes.groupby(level=0).median().round(-2)
    assert (tracts["median_income"] == medians.to_numpy()).all()
    homes = sum(one.tracts["households"] for one in districts)
    online = sum(one.tracts["households"] * one.tracts["broadband"] for one in districts) / homes
    assert (tracts["broadband"] - online).abs().max() < 0.001


def test_margins_of_the_districts_add_up_as_squares_do(large):
    frames, districts = large
    found = frames["language_estimates"]
    parts = [one.language_estimates for one in districts]
    assert (found["estimate"] == sum(one["estimate"] for one in parts)).all()
    squares = sum(one["margin_of_error"].astype(float) ** 2 for one in parts)
    assert (found["margin_of_error"] == np.ceil(np.sqrt(squares))).all()


def test_every_table_is_either_merged_or_numbered():
    """Appended rows of two districts must differ in their key: by a number that goes on, or one that refers to it."""
    numbered = {f"{table.name}.{c.name}" for table in SCHEMAS.values() for c in table.columns if c.unique}
    for table in SCHEMAS.values():
        if table.once or table.adds_up:
            continue
        key = [table.column(name) for name in table.key]
        assert any(c.unique or c.foreign_key in numbered for c in key), table.name


# Bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--patrons", "0"], "whole number, from 500 to 2,000,000, not 0"),
        (["--patrons", "-5"], "not -5"),
        (["--patrons", "many"], "not 'many'"),
        (["--patrons", "999999999"], "from 500 to 2,000,000"),
        (["--patrons", "7840.5"], "not '7840.5'"),
        (["--seed", "-1"], "whole number, 0 or above, not -1"),
        (["--seed", "x"], "not 'x'"),
        (["--locale", "fr_FX"], "There is no locale “fr_FX”: did you mean “fr_FR”"),
        (["--locale", "fr"], "There is no locale “fr”"),
        (["--locale", "en"], "There is no locale “en”: did you mean “en_"),
        (["--patrons", "7,5"], "not '7,5'"),
        (["--name", "A\n## B"], "printed on one line"),
        (["--name", "Bad\udcff"], "printed on one line"),
        (["--name", "x" * 81], "at most 80 letters"),
        (["--locale", "klingon"], "There is no locale “klingon”"),
        (["--name", "  "], "name of the town is empty"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path, arguments, sentence):
    done = course("library", "--out", tmp_path / "town", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "town").exists()


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    done = course("library", "--out", tmp_path, "--patrons", "500")
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    done = course("library", "--out", tmp_path / "thesis.txt", "--patrons", "500")
    assert done.returncode == 2
    assert "is a file" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("out", ["n" * 300, "a/" + "n" * 300])
def test_a_folder_that_cannot_have_that_name(tmp_path, out):
    done = course("library", "--out", tmp_path / out, "--patrons", "500")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["[/x]", "[bold]Ville", "東京", "Saint-Étienne"])
def test_a_town_may_have_any_name_that_can_be_printed(tmp_path, name, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.cli", "library", "--patrons", "500"]
        + ["--out", str(tmp_path / "town"), "--name", name],
        capture_output=True,
        encoding="cp1252",
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "town" / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# The data of {name}\n")
    assert "about 1,100 people" in text
    package = json.loads((tmp_path / "town" / "datapackage.json").read_text(encoding="utf-8"))
    assert re.fullmatch("[a-z0-9-]+", package["name"])


def test_two_runs_do_not_write_into_one_folder(tmp_path):
    folder = tmp_path / "town"
    begun = subprocess.Popen(
        [sys.executable, "-m", "course_utils.cli", "library", "--patrons", "25000", "--out", str(folder)]
    )
    while not list(folder.glob(".unfinished-*")):
        assert begun.poll() is None, "it ended before another run began"
        time.sleep(0.02)
    second = course("library", "--patrons", "500", "--out", folder)
    begun.kill()
    begun.wait()
    assert second.returncode == 2
    assert "Another run is writing" in second.stderr


def test_a_run_that_was_killed_at_the_very_end_can_be_run_again(tmp_path, monkeypatch):
    folder, moved = tmp_path / "town", []

    def replace(one, other):
        if len(moved) == 5:
            raise KeyboardInterrupt
        moved.append(other)
        one.rename(other)

    monkeypatch.setattr(build.os, "replace", replace)
    monkeypatch.setattr(build.shutil, "rmtree", lambda *_, **__: None)  # as if there was no time to clear up
    with pytest.raises(KeyboardInterrupt):
        build.write(folder, build.Town(1, 500))
    monkeypatch.undo()
    left = next(folder.glob(".unfinished-*"))
    left.rename(folder / ".unfinished-999999999")
    assert len(moved) == len([one for one in folder.iterdir() if one.is_file()]) == 5
    build.write(build.new_folder(folder), build.Town(1, 500))
    build.check(folder)
    assert not list(folder.glob(".unfinished-*"))
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(CourseError, match="is not empty"):
        build.new_folder(folder)


def test_a_folder_that_may_not_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    done = course("library", "--out", tmp_path / "file" / "town", "--patrons", "500")
    assert done.returncode == 2
    assert "could not be written" in done.stderr


def test_a_half_present_folder_is_one_sentence(tmp_path):
    build.write(tmp_path / "town", build.Town(1, 500))
    (tmp_path / "town" / "households.csv").unlink()
    done = course("data", "--check", "--folder", tmp_path / "town")
    assert done.returncode == 2
    assert "households.csv is missing" in done.stderr
    assert "write the library again" in done.stderr
    build.write(tmp_path / "town", build.Town(1, 500))
    package = tmp_path / "town" / "datapackage.json"
    described = json.loads(package.read_text())
    described["town"]["seed"] = "one"
    package.write_text(json.dumps(described))
    done = course("data", "--check", "--folder", tmp_path / "town")
    assert done.returncode == 2
    assert "whole number" in done.stderr


@pytest.mark.parametrize("value", [499, 25_001, 0, -3, 1.5, "800", None, True])
def test_a_size_that_cannot_be_made_is_refused(value):
    if value is None:
        assert Library(1, patrons=None).size == settings()["design"]["patrons"]
        return
    with pytest.raises(CourseError, match=f"whole number, from 500 to {LARGEST:,}"):
        Library(1, patrons=value)


def test_what_a_library_is_can_be_read_from_its_repr():
    assert repr(Library(1)) == "Library(seed=1)"
    library = Library(1, patrons=900, locale="FR-fr", name="Ville")
    assert repr(library) == "Library(seed=1, patrons=900, locale='fr_FR', name='Ville')"
