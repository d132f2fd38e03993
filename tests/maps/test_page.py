import base64
import hashlib
import json
import re

from maps.page import page
from maps.payload import embedded, payload
from maps.still import still
from tests.maps.made_up import make_run


def _element(html: str, name: str) -> list[str]:
    return re.findall(rf"<{name}(?: [^>]*)?>(.*?)</{name}>", html, flags=re.DOTALL)


def test_nothing_is_asked_of_any_network(page_file):
    html = page_file.read_text(encoding="utf-8")
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//""", markup)
    style = "".join(_element(html, "style"))
    assert not re.findall(r"url\((?!data:)", style)
    assert "@import" not in style
    assert "sourceMappingURL" not in html


def test_the_policy_allows_these_scripts_and_this_style_and_no_connection(page_file):
    html = page_file.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    assert "unsafe" not in policy

    def hashed(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    scripts = list(re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL))
    assert rules["script-src"].split() == [hashed(text) for text in scripts]
    assert rules["style-src"].split() == [hashed(text) for text in _element(html, "style")]
    assert len(re.findall(r"<script", html)) == 3  # first, data, rest
    assert not re.findall(r"""<[^>]+\s(?:on\w+|style)\s*=""", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))


def test_hostile_names_add_no_element(page_file, hostile):
    def elements(html):
        bare = re.sub(r"(<script[^>]*>).*?</script>", r"\1", html, flags=re.DOTALL)
        return {name: len(re.findall(rf"<{name}\b", bare)) for name in ("img", "script", "iframe", "svg", "style", "a")}

    clean = page_file.read_text(encoding="utf-8")
    assert elements((hostile.path / "map.html").read_text(encoding="utf-8")) == elements(clean)


def test_the_embedded_data_reads_back(hostile):
    html = (hostile.path / "map.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert data["languages"]["en"]["zones"][0]["name"] == "<img src=x onerror=alert(1)>"
    assert data["languages"]["en"]["sites"][2]["name"] == "\ufffdturned"


def test_no_name_turns_the_words_around_it(hostile):
    html = (hostile.path / "map.html").read_text(encoding="utf-8")
    assert not re.search("[\u202a-\u202e]|\\\\u202[a-e]", html)


def test_eight_thousand_points_stay_under_four_megabytes(tmp_path):
    made = make_run(tmp_path, points=8000)
    assert len(page(made).encode("utf-8")) < 4_000_000


def test_publishing_writes_the_map_and_touches_nothing_but_the_package(run):
    assert sorted(path.name for path in run.path.iterdir()) == ["map.html", "plan.gpkg"]


def test_an_unproven_plan_never_claims_a_proof(tmp_path):
    made = make_run(tmp_path, status="best_found")
    data = payload(made)
    assert "ثبت حسابيًا" not in embedded(data)
    assert "ثبت حسابيًا" not in str(still(made, "ar"))
    assert data["proven"] is False
    assert data["languages"]["ar"]["proof"] == "أفضل ما وُجد دون إثبات؛ ولم يثبت أنه لا توجد خطة أفضل"
    assert data["languages"]["en"]["proof_note"] == ""
