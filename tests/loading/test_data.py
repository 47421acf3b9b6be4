"""The data folder: raw files, catalogue, lexicons, and what its READMEs say of them."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.analysis.words.segmentation import tokenizer_with
from corpus.loading.catalogue import COLUMNS
from corpus.report.passages import split_text

DATA = Path(__file__).parents[2] / "data"
LEXICONS = DATA / "lexicons"
CASES = Path(__file__).parents[1] / "cases"
LEXICON_COLUMNS = {
    "field_terms.csv": ("term", "kind", "source"),
    "stop_words.csv": ("term", "kind", "reason"),
    "chronology.csv": (
        "term",
        "kind",
        "from",
        "until",
        "bounds",
        "act",
        "checked",
        "source_url",
        "forms",
        "successor",
        "note",
    ),
    "traditional.csv": ("traditional", "simplified"),
    "renamed_organs.csv": ("old", "new", "from_year", "act", "source", "note"),
}
MAY_BE_EMPTY = {"bounds", "from", "until", "act", "source_url", "forms", "successor", "note"}
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


FACTS: dict[str, dict[str, Any]] = json.loads((CASES / "facts.json").read_text(encoding="utf-8"))
RAW = {report_id: (DATA / case["file"]).read_bytes().decode("utf-8") for report_id, case in FACTS.items()}
CATALOGUE = rows_of(DATA / "catalogue.csv")
TERMS = rows_of(LEXICONS / "field_terms.csv")
STOP_WORDS = rows_of(LEXICONS / "stop_words.csv")
CHRONOLOGY = rows_of(LEXICONS / "chronology.csv")
FOLDED = {row["traditional"]: row["simplified"] for row in rows_of(LEXICONS / "traditional.csv")}


@pytest.mark.parametrize("report_id", FACTS)
def test_raw_file_is_as_obtained(report_id: str) -> None:
    case = FACTS[report_id]
    assert hashlib.sha256((DATA / case["file"]).read_bytes()).hexdigest() == case["sha256"]
    assert len(RAW[report_id]) == case["length_chars"]


def test_raw_folder_holds_the_five_reports_and_nothing_else() -> None:
    assert {f"raw/{path.name}" for path in (DATA / "raw").iterdir()} == {case["file"] for case in FACTS.values()}


def test_catalogue_columns_and_order() -> None:
    assert tuple(CATALOGUE[0]) == COLUMNS
    assert [row["report_id"] for row in CATALOGUE] == list(FACTS)
    keys = [(row["year_reviewed"], row["report_id"]) for row in CATALOGUE]
    assert keys == sorted(keys)


@pytest.mark.parametrize("row", CATALOGUE, ids=[row["report_id"] for row in CATALOGUE])
def test_catalogue_says_what_is_known(row: dict[str, str]) -> None:
    case = FACTS[row["report_id"]]
    known = {**case["facts"], **{name: case[name] for name in ("file", "sha256", "url", "publisher")}}
    for name in set(COLUMNS) & set(known):
        assert row[name] == ("" if known[name] is None else str(known[name])), name
    assert row["rights"]
    for name in ("title", "published", "signed", "publisher", "url"):
        if not row[name]:
            assert re.search(r"\b(no|not)\b", row["note"]), f"{name} is empty and the note does not say so"


def test_corrections_hold_only_their_columns() -> None:
    assert (DATA / "corrections.csv").read_bytes() == b"report_id,fact,value,reason,by,date\n"


@pytest.mark.parametrize("report_id", FACTS)
def test_fact_spans_show_what_they_say(report_id: str) -> None:
    case, raw = FACTS[report_id], RAW[report_id]
    start, end = case["body"]["span"]
    assert raw[start:].startswith(case["body"]["first"])
    assert raw[:end].endswith(case["body"]["last"])
    if case["facts"]["title"]:
        assert raw[slice(*case["evidence"]["title"])] == case["facts"]["title"]
    for name in ("published", "signed"):
        if case["evidence"][name]:
            shown = raw[slice(*case["evidence"][name])]
            assert re.sub(r"\D+0?", "", shown) == case["facts"][name].replace("-0", "").replace("-", "")
    for start, end in (*case["clutter"], *case["debris"]):
        assert raw[start:end].strip() == raw[start:end] != ""


def test_headings_and_parts_stand_where_the_cases_say() -> None:
    headings, parts = lines_of("headings.jsonl"), lines_of("unheaded_parts.jsonl")
    assert (len(headings), len(parts)) == (59, 4)
    for heading in headings:
        raw = RAW[heading["report_id"]]
        assert raw[heading["start"] : heading["end"]] == heading["text"]
        assert raw[: heading["start"]].rstrip().endswith(heading["label"])
    for part in parts:
        first, last = FACTS[part["report_id"]]["body"]["span"]
        assert first < part["start"] < part["end"] <= last
        assert RAW[part["report_id"]][part["end"] - 1] == "。"


def test_sentences_end_where_a_reader_ends_them() -> None:
    for report_id, cases in _by_report(lines_of("sentences.jsonl")).items():
        raw = RAW[report_id]
        ours = list(split_text(raw, "sentence"))
        for case in cases:
            pieces = [(start, end) for start, end in ours if case["start"] <= start < case["end"]]
            assert (pieces[0][0], pieces[-1][1]) == (case["start"], case["end"])
            assert {raw[end - 1] for _, end in pieces[:-1]} <= {";"}
        assert sum(raw[end - 1] == ";" for _, end in ours) == len(ours) - len(cases)


def _by_report(cases: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        grouped.setdefault(case["report_id"], []).append(case)
    return grouped


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.csv")), ids=lambda path: path.name)
def test_table_is_plain_utf8(path: Path) -> None:
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    content.decode("utf-8")


@pytest.mark.parametrize("name", LEXICON_COLUMNS)
def test_lexicon_is_sorted_unique_and_filled(name: str) -> None:
    rows = rows_of(LEXICONS / name)
    columns = LEXICON_COLUMNS[name]
    assert tuple(rows[0]) == columns
    keys = [(row["from"], row["term"]) if name == "chronology.csv" else (row[columns[0]],) for row in rows]
    assert keys == sorted(keys)
    assert len({row[columns[0]] for row in rows}) == len(rows)
    for row in rows:
        assert all(value == value.strip() for value in row.values())
        assert all(row[column] for column in columns if column not in MAY_BE_EMPTY), row


def test_field_term_is_of_a_known_kind() -> None:
    kinds = {"organ", "law", "plan", "slogan", "campaign", "practice", "day", "meeting", "genre", "status"}
    assert {row["kind"] for row in TERMS} == kinds


def test_field_term_stands_where_its_source_says() -> None:
    seen = 0
    for row in TERMS:
        place = re.match(r"([a-z]+-\d{4}):(\d+)-(\d+)(?:; |$)", row["source"])
        if place:
            seen += 1
            assert RAW[place[1]][int(place[2]) : int(place[3])] == row["term"]
        else:
            assert all(row["term"] not in raw for raw in RAW.values()), f"{row['term']}: give its place"
    assert seen > 150


def test_dictionary_lacks_every_field_term() -> None:
    default = tokenizer_with(())
    assert [row["term"] for row in TERMS if default.FREQ.get(row["term"])] == []
    assert {row["term"] for row in TERMS if default.lcut(row["term"]) == [row["term"]]} == {"放管服", "六稳", "六保"}


def test_segmentation_keeps_every_field_term_whole() -> None:
    tokenizer = tokenizer_with(tuple(row["term"] for row in TERMS))
    assert [row["term"] for row in TERMS if tokenizer.lcut(row["term"]) != [row["term"]]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("统一公开标准", "统一/公开/标准"),  # not 一公开
        ("六、稳步推进", "六/、/稳步/推进"),  # not 六稳
        ("企业共同努力", "企业/共同努力"),
        ("第三统一编号", "第三/统一/编号"),  # not 三统一
        ("开创科技创新局面", "开创/科技/创新/局面"),  # why 科技创新局 is no term
        ("科学技术局限", "科学技术/局限"),  # not 科学技术局
        ("监察法官", "监察/法官"),  # not 监察法
        ("持行政执法证明", "持/行政执法/证明"),
    ],
)
def test_field_terms_leave_other_words_alone(text: str, words: str) -> None:
    assert "/".join(tokenizer_with(tuple(row["term"] for row in TERMS)).cut(text)) == words


def test_stop_words_leave_content_alone() -> None:
    stop_words = {row["term"] for row in STOP_WORDS}
    assert {*"的和在对等及与为将了并于以", "按照", "根据", "进行", "有关"} <= stop_words
    content = {"法治", "建设", "工作", "政府", "行政", "执法", "制度", "推进", "加强", "落实", "进一步", "切实", "问题"}
    assert not content & stop_words
    assert not {row["term"] for row in TERMS} & stop_words
    assert not [word for word in stop_words if any(character.isascii() for character in word)]


def test_chronology_dates_and_grounds() -> None:
    kinds = {"law", "regulation", "plan", "slogan", "campaign", "practice", "organ", "day", "meeting"}
    for row in CHRONOLOGY:
        assert row["kind"] in kinds, row
        for name in ("from", "until"):
            assert not row[name] or PARTIAL_DATE.fullmatch(row[name]), row
        assert not row["until"] or row["from"] <= row["until"], row
        assert row["checked"] in {"search", "memory"}, row
        assert row["source_url"].startswith(("http://", "https://")) == (row["checked"] == "search"), row
        assert row["act"] or row["checked"] == "memory", row
    starts = {row["term"]: row["from"] for row in CHRONOLOGY}
    assert starts["习近平新时代中国特色社会主义思想"] == "2017-10-18"
    assert starts["六保"] == "2020-04-17"
    assert starts["习近平法治思想"] == "2020-11-16"
    assert starts["法治政府建设实施纲要(2021-2025年)"] == "2021-08-11"


def test_chronology_forms_belong_to_one_row() -> None:
    forms = [_spelling(form) for row in CHRONOLOGY for form in row["forms"].split("|") if form]
    assert [form for form, count in Counter(forms).items() if count > 1] == []
    for row in CHRONOLOGY:
        own = [_spelling(form) for form in row["forms"].split("|") if form]
        assert not [form for form in own for other in own if form != other and other in form], row


@pytest.mark.parametrize("report_id", FACTS)
def test_chronology_finds_what_a_report_mentions(report_id: str) -> None:
    expected = json.loads((CASES / "mentions.json").read_text(encoding="utf-8"))
    assert dict(sorted(Counter(mentions(RAW[report_id])).items())) == expected[report_id]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("六、保障措施。五、公开透明", []),
        ("推进“双随机一公开”监管", ["双随机、一公开"]),
        ("学习《技术合同法》", ["技术合同法"]),
        ("国务院法制办公室", ["国务院法制办公室"]),
        ("十九届二中、三中、四中全会", ["十九届三中全会", "十九届二中全会", "十九届四中全会"]),
        ("《法治政府建设实施纲要（2015－2020年）》", ["法治政府建设实施纲要(2015-2020年)"]),
        ("新修订的《行政处罚法》", ["新修订的行政处罚法(2021)"]),
        ("科技部门建设数字政府、巩固乡村振兴", []),
    ],
)
def test_chronology_forms_are_neither_too_wide_nor_too_narrow(text: str, terms: list[str]) -> None:
    assert sorted(mentions(text)) == terms


def test_every_title_in_the_reports_has_a_row_or_a_reason() -> None:
    reasons = {(case["report_id"], case["title"]) for case in lines_of("titles_without_row.jsonl")}
    titles = {(report_id, title) for report_id, raw in RAW.items() for title in re.findall(r"《([^《》]+)》", raw)}
    assert reasons <= titles
    assert [title for _, title in sorted(titles - reasons) if not list(mentions(title))] == []


def mentions(text: str) -> Iterator[str]:
    """Yield the terms of the chronology that a text mentions, by the rules of data/lexicons/README.md."""
    spelled = _spelling(text)
    found = [
        (match.start(), match.end(), row)
        for row in CHRONOLOGY
        for form in row["forms"].split("|")
        if form
        for match in re.finditer(_spelling(form).replace("·", "·?"), spelled)
    ]
    for start, end, row in found:
        covers = (
            other
            for first, last, other in found
            if first <= start and end <= last and last - first > end - start
            if other is not row and not row["kind"] == other["kind"] == "meeting"
        )
        if not any(covers):
            yield row["term"]


def _spelling(text: str) -> str:
    """Fold the width, drop quotes, brackets and spaces, and write any other punctuation as one dot."""
    kept = (
        character if character.isalnum() else "·"
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) not in {"Ps", "Pe", "Pi", "Pf", "Zs"} and character not in "\"'\n\t"
    )
    return re.sub("·+", "·", "".join(kept))


def test_traditional_is_one_character_to_one_and_stays_folded() -> None:
    assert all(len(traditional) == len(simplified) == 1 for traditional, simplified in FOLDED.items())
    assert all(traditional != simplified for traditional, simplified in FOLDED.items())
    assert not set(FOLDED) & set(FOLDED.values())


@pytest.mark.parametrize("report_id", FACTS)
def test_traditional_leaves_simplified_text_alone(report_id: str) -> None:
    assert fold(RAW[report_id]) == RAW[report_id]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("關於2020年法治政府建設情況的報告", "关于2020年法治政府建设情况的报告"),
        ("徵求意見後提請審議", "征求意见后提请审议"),
        ("裡裏麼餘週準佈鍾鐘", "里里么余周准布钟钟"),
        ("乾安县著力瞭望藉口覆盖夥伴", "乾安县著力瞭望藉口覆盖夥伴"),  # simplified text has these too
    ],
)
def test_traditional_folds_what_is_safe(text: str, folded: str) -> None:
    assert fold(text) == folded


def fold(text: str) -> str:
    return "".join(FOLDED.get(character, character) for character in text)


def test_readme_table_of_the_reports_is_true() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `([a-z]+-\d{4})` \| `(.+?)` \| (\d+) \| (\d+) \| `([0-9a-f]+)` \|$", readme, re.MULTILINE)
    assert [row[0] for row in found] == list(FACTS)
    for report_id, file, characters, size, checksum in found:
        content = (DATA / "raw" / file).read_bytes()
        assert FACTS[report_id]["file"] == f"raw/{file}"
        assert (int(characters), int(size)) == (len(content.decode("utf-8")), len(content))
        assert hashlib.sha256(content).hexdigest().startswith(checksum)


def test_readme_names_every_column_of_the_catalogue() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ((?:`[a-z_0-9]+`(?:, )?)+) \| ", readme.split("### catalogue.csv")[1], re.MULTILINE)
    assert [name for cell in cells for name in re.findall(r"`(\w+)`", cell)] == list(COLUMNS)


def test_readme_is_right_about_the_width_of_punctuation() -> None:
    half_width = {report_id for report_id, raw in RAW.items() if raw.count(",") > 50 and "，" not in raw}
    assert half_width == set(FACTS) - {"yiyuan-2022"}
    assert RAW["yiyuan-2022"].count("，") > 50
    assert not any("\r" in raw or raw.startswith("\ufeff") for raw in RAW.values())


def test_readme_passage_stands_where_it_is_cited() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert "`zaozhuang-2019:1587-1594`" in readme
    assert RAW["zaozhuang-2019"][1587:1594] == "《技术合同法》"


def test_lexicon_readme_counts_the_rows() -> None:
    readme = (LEXICONS / "README.md").read_text(encoding="utf-8")
    counts = {name: int(rows) for name, rows in re.findall(r"^\| `(\w+\.csv)` \| (\d+) \|", readme, re.MULTILINE)}
    assert counts == {path.name: len(rows_of(path)) for path in LEXICONS.glob("*.csv")}
    checked = Counter(row["checked"] for row in CHRONOLOGY)
    assert f"{checked['search']} rows were checked by search" in " ".join(readme.split())
    assert f"{checked['memory']} are from memory" in " ".join(readme.split())
