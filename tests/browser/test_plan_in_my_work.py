"""A student copies the marketing plan into ``my_work``, as its first lines say, and works in the copy."""

from playwright.sync_api import expect


def test_the_plan_is_copied_with_two_clicks_and_runs_there(lab, notebook, page):
    notebook("notebooks/plan.ipynb", run=False)
    files = page.locator(".jp-FileBrowser").first
    files.locator(".jp-DirListing-item", has_text="plan.ipynb").first.click(button="right")
    page.locator(".lm-Menu-item", has_text="Copy").filter(has_not_text="Path").first.click()
    files.locator(".jp-BreadCrumbs-home").click()
    files.locator(".jp-DirListing-item", has_text="my_work").dblclick()
    expect(files.locator(".jp-BreadCrumbs")).to_contain_text("my_work")
    files.locator(".jp-DirListing-content").click(button="right")
    page.locator(".lm-Menu-item", has_text="Paste").first.click()
    expect(files.locator(".jp-DirListing-item", has_text="plan.ipynb")).to_be_visible()
    copied = lab.folder / "my_work" / "plan.ipynb"
    original = (lab.folder / "notebooks" / "plan.ipynb").read_bytes()
    assert copied.is_file()
    opened = notebook("my_work/plan.ipynb")
    assert opened.errors() == []
    assert (lab.folder / "notebooks" / "plan.ipynb").read_bytes() == original
    copied.unlink()
