"""A saved figure: its files, their bytes, and how it shows itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from drawn import use_look
from matplotlib.figure import Figure
from PIL import Image, ImageChops

from corpus.errors import CorpusError
from corpus.field.data_files import NOTEBOOK
from corpus.publishing.figures import style
from corpus.publishing.figures.figure_to_cite import FigureToCite, in_few_colours
from corpus.publishing.figures.look import Bilingual, Look

ALT = Bilingual(
    'Two bars: 枣庄 2019 shares 40 of 100 characters, "沂源 2022" shares <30>.', "两个条形：枣庄 2019 和沂源 2022。"
)
CAPTION = Bilingual("Share of characters in shared passages.", "共享文段所占字数比例。")
TABLE = {"place": ["枣庄", "沂源"], "share_shared": [0.4, 0.3]}
FILES = [
    *("alt.txt", "caption.md", "cite.bib", "data.csv", "provenance.json"),
    *("shared-passages.pdf", "shared-passages.png", "shared-passages.svg"),
]

SAVE_AND_HASH = """
import hashlib, json, logging, sys
from pathlib import Path
import pandas as pd
import corpus.figures
from corpus.publishing.figures import style
from corpus.publishing.figures.figure_to_cite import FigureToCite
from corpus.publishing.figures.look import Bilingual

with style.new_figure(width_mm=89, height_mm=50) as figure:
    axes = figure.subplots()
    axes.barh(["枣庄 2019", "沂源 2022"], [0.4, -0.3], color=style.COLOURS["shared"], label="shared")
    axes.fill_between([-1, 1], 0.2, hatch=style.CLUTTER_HATCH, color=style.COLOURS["clutter"])
    axes.pcolormesh([[0.1, 0.5], [0.7, 0.9]], cmap=style.SIMILARITY, clip_on=True)
    axes.set_xlabel("费用$100与$200")
    axes.legend()
table = pd.DataFrame({"place": ["枣庄", "沂源"], "share_shared": [1 / 3, 2 / 3]})
alt = Bilingual("Two bars: the share of shared passages in 枣庄 and 沂源.", "枣庄和沂源的两个条形。")
caption = Bilingual("Shared passages.", "共享文段。")
FigureToCite("shared-passages", figure, table, caption, alt).finish().save("figures")
files = sorted(Path("figures/shared-passages").iterdir())
print(json.dumps({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}))
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(TABLE)


@pytest.fixture
def figure(table: pd.DataFrame) -> Figure:
    return draw(table)


def draw(table: pd.DataFrame) -> Figure:
    with style.new_figure(width_mm=89, height_mm=50) as figure:
        axes = figure.subplots()
        axes.barh(table["place"], table["share_shared"], color=style.COLOURS["shared"])
        axes.set_xlabel("费用$100与$200")
    return figure


def save(figure: Figure, table: pd.DataFrame) -> FigureToCite:
    cited = FigureToCite("shared-passages", figure, table, CAPTION, ALT).finish()
    cited.save("figures")
    return cited


@pytest.fixture(scope="module")
def saved_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Figure, FigureToCite]:
    """A folder in which a figure was saved, for the tests that change nothing there."""
    folder = tmp_path_factory.mktemp("saved")
    table = pd.DataFrame(TABLE)
    figure = draw(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return folder, figure, save(figure, table)


@pytest.fixture
def saved(saved_once: tuple[Path, Figure, FigureToCite], monkeypatch: pytest.MonkeyPatch) -> FigureToCite:
    monkeypatch.chdir(saved_once[0])
    return saved_once[2]


def contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("figures/shared-passages").iterdir()}


def written(table: pd.DataFrame) -> str:
    with style.new_figure(width_mm=20, height_mm=20) as figure:
        FigureToCite("empty", figure, table, CAPTION, ALT).finish().save("figures")
    return Path("figures/empty/data.csv").read_bytes().decode("utf-8-sig")


def test_files_are_the_same_bytes_in_other_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = tmp_path / "sealed"
    sealed.touch()  # a file, so that no folder can be made in it, by whoever runs the tests
    odd = tmp_path / "an odd 文件夹"
    odd.mkdir()
    (odd / "matplotlibrc").write_text("font.size: 20\naxes.facecolor: red\npdf.fonttype: 3\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", SAVE_AND_HASH],
        cwd=odd,
        env={
            **{"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(style.__file__).parents[3])},
            **{"PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "LC_ALL": "C", "HOME": str(sealed)},
        },
        capture_output=True,
        timeout=60,
    )
    assert done.stderr.decode("utf-8") == ""
    monkeypatch.setattr("corpus.loading.load_reports.recall", list)  # other tests have loaded reports
    exec(SAVE_AND_HASH, {})
    here = json.loads(capsys.readouterr().out)
    assert sorted(here) == FILES
    assert here == json.loads(done.stdout)


def test_saving_twice_in_one_process_changes_nothing(table: pd.DataFrame) -> None:
    save(draw(table), table)
    before = contents()
    figure = draw(table)
    save(figure, table)
    assert contents() == before
    save(figure, table)
    assert contents() == before


@pytest.mark.usefixtures("saved")
def test_png_has_the_printed_size_and_resolution() -> None:
    with Image.open("figures/shared-passages/shared-passages.png") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert [pixels / 300 * 25.4 for pixels in image.size] == pytest.approx([89, 50], abs=0.1)


@pytest.mark.usefixtures("saved")
def test_pdf_embeds_our_font_as_truetype_and_nothing_else() -> None:
    pdf = contents()["shared-passages.pdf"]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert {name.split(b"+")[-1] for name in re.findall(rb"/BaseFont /(\S+)", pdf)} == {b"FazhiSansSC-Regular"}
    assert b"/CreationDate" not in pdf
    assert b"Matplotlib" not in pdf


@pytest.mark.usefixtures("saved")
def test_dollars_are_printed_as_they_are() -> None:
    svg = contents()["shared-passages.svg"].decode("utf-8")
    label = svg[svg.index("费用$100与$200") :]
    drawn = re.findall(r'xlink:href="#FazhiSansSC-Regular-([0-9a-f]+)"', label[: label.index("</g>\n    </g>")])
    assert len(drawn) == len("费用$100与$200")
    assert drawn[2] == drawn[7]


@pytest.mark.usefixtures("saved")
def test_words_are_written_beside_the_pictures() -> None:
    files = contents()
    assert sorted(files) == FILES
    assert files["caption.md"].decode("utf-8") == "\n\n".join(CAPTION) + "\n"
    assert files["alt.txt"].decode("utf-8") == f"{ALT.en}\n"
    assert files["data.csv"].decode("utf-8-sig") == "place,share_shared\n枣庄,0.4\n沂源,0.3\n"


def test_the_layout_is_settled_without_rounding_errors(saved_once: tuple[Path, Figure, FigureToCite]) -> None:
    places = [place for axes in saved_once[1].axes for place in axes.get_position().bounds]
    assert places == pytest.approx([round(place, 6) for place in places], abs=1e-15)


def test_the_notebook_shows_the_same_picture_in_fewer_colours(saved: FigureToCite) -> None:
    whole = contents()["shared-passages.png"]
    few = in_few_colours(saved.drawing)
    assert len(few) < len(whole)
    shown, printed = (Image.open(BytesIO(png)).convert("RGB") for png in (few, whole))
    assert shown.size == printed.size
    assert max(high for _, high in ImageChops.difference(shown, printed).getextrema()) <= 16


def test_data_has_ten_digits_and_iso_dates() -> None:
    table = pd.DataFrame(
        {
            "share": [2 / 3, None],
            "mixed": [1 / 3, "none"],
            "n_reports": [123_456_789_012, 2],
            "published": [pd.Timestamp("2020-03-12"), pd.NaT],
            "signed": [date(2020, 3, 12), None],
        }
    )
    assert written(table) == (
        "share,mixed,n_reports,published,signed\n"
        "0.6666666667,0.3333333333,123456789012,2020-03-12,2020-03-12\n"
        ",none,2,,\n"
    )


def test_index_is_written_where_it_has_a_name() -> None:
    named = pd.DataFrame({"沂源": [0.25]}, index=pd.Index(["枣庄"], name="place"))
    assert written(named) == "place,沂源\n枣庄,0.25\n"
    filtered = pd.DataFrame({"share": [0.1, 0.2]}).iloc[[1]]
    assert written(filtered) == "share\n0.2\n"


def test_index_without_a_name_is_refused(figure: Figure) -> None:
    with pytest.raises(CorpusError, match=r"shared-passages.*name it or reset it"):
        save(figure, pd.DataFrame({"share": [0.1]}, index=["枣庄"]))
    assert not Path("figures").exists()


@pytest.mark.parametrize("name", ["", "Shared", "shared_passages", "../shared", "a b", "共享"])
def test_name_that_is_no_name_is_refused(name: str, figure: Figure, table: pd.DataFrame) -> None:
    with pytest.raises(CorpusError, match="no name for a figure"):
        FigureToCite(name, figure, table, CAPTION, ALT)


def test_short_description_is_refused(figure: Figure, table: pd.DataFrame) -> None:
    with pytest.raises(CorpusError, match=r"40 characters or more.*'A figure'"):
        FigureToCite("shared-passages", figure, table, CAPTION, Bilingual("A figure", "一幅图"))


def test_missing_glyphs_are_counted(table: pd.DataFrame) -> None:
    odd = table.replace("枣庄", "龘县")
    assert save(draw(odd), odd).caption == (
        "Share of characters in shared passages. Characters that the font does not have, drawn as [U+…]: 1 (龘).",
        "共享文段所占字数比例。字体所缺而写作 [U+…] 的字符：1 个（龘）。",
    )
    assert "龘县,0.4" in contents()["data.csv"].decode("utf-8")
    assert save(draw(table), table).caption == CAPTION


def test_a_notebook_shows_caption_and_description_in_the_language_of_the_labels(saved: FigureToCite) -> None:
    assert ">Figure shared-passages. Share of characters in" in saved._repr_mimebundle_()[0]["text/html"]
    with use_look(Look(labels="zh")):
        html = saved._repr_mimebundle_()[0]["text/html"]
        assert ' lang="zh-Hans">图 shared-passages. 共享文段所占字数比例。<' in html and f'alt="{ALT.zh}"' in html
        in_chinese = FigureToCite("zh", saved.drawing, saved.table, CAPTION, ALT).finish()
    assert (in_chinese.save("figures") / "alt.txt").read_text(encoding="utf-8") == f"{ALT.zh}\n"


def test_failing_write_leaves_the_old_file(
    figure: Figure, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(figure, table)
    before = contents()
    replace = os.replace

    def full_disk(source: Path, target: Path) -> None:
        if target.name.endswith(".svg"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full_disk)
    changed = table.assign(share_shared=[0.1, 0.2])
    with pytest.raises(CorpusError, match=r"figures/shared-passages/shared-passages\.svg.*No space left on device"):
        save(draw(changed), changed)
    after = contents()
    assert sorted(after) == FILES
    assert after["shared-passages.svg"] == before["shared-passages.svg"]
    assert after["data.csv"] == before["data.csv"]


def test_failing_drawing_leaves_all_old_files(
    figure: Figure, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(figure, table)
    before = contents()
    changed = draw(table.assign(share_shared=[0.1, 0.2]))

    def fail(*_: object, **__: object) -> None:
        raise ValueError("cannot be drawn")

    monkeypatch.setattr(changed, "savefig", fail)
    with pytest.raises(ValueError, match="cannot be drawn"):
        save(changed, table)
    assert contents() == before


def test_notebook_gets_the_picture_with_its_description(saved: FigureToCite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NOTEBOOK, "09-x")
    data, metadata = saved._repr_mimebundle_(include=None, exclude=None)
    html = data["text/html"]
    assert 'alt="Two bars: 枣庄 2019 shares 40 of 100 characters, &quot;沂源 2022&quot; shares &lt;30&gt;."' in html
    assert f'src="data:image/png;base64,{data["image/png"]}"' in html
    assert "共享文段" not in html
    assert '<a href="figures/shared-passages/data.csv" title="shared-passages: data.csv">data</a>' in html
    assert metadata == {"image/png": {"alt": ALT.en, "width": 420}}
    assert data["text/plain"] == "<Figure shared-passages: figures/shared-passages/>"
    assert str(Path.cwd()) not in json.dumps(data)
