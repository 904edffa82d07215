"""What operators are given holds: the page, the units, the image and the alerts speak of what there is."""

import configparser
import re
from pathlib import Path

from typer.main import get_command

from bot.__main__ import cli
from bot.config import setting_names
from bot.config_mistakes import variable
from bot.errors import EX_CONFIG

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "docs" / "operating" / "alerts.yml").read_text(encoding="utf-8")
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HEALTH = (ROOT / "bot" / "health.py").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "docs" / "operating").glob("*.service"))


def unit(path: Path) -> configparser.SectionProxy:
    read = configparser.RawConfigParser(strict=False, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read["Service"]


def test_every_alert_is_explained_and_asks_for_a_number_that_is_told() -> None:
    named = re.findall(r"- alert: (\w+)", ALERTS)
    assert named == re.findall(r"^\| (Paperboy\w+) \|", PAGE, re.MULTILINE)
    asked = set(re.findall(r"\bpaperboy_(\w+)", ALERTS))
    assert asked
    assert asked <= set(re.findall(r'_gauge\("(\w+)"', HEALTH)) | set(re.findall(r'"paperboy_(\w+)"', HEALTH))


def test_every_command_and_setting_that_is_named_exists() -> None:
    commands = set(get_command(cli).commands)  # type: ignore[attr-defined]
    units = " ".join(each.read_text(encoding="utf-8") for each in UNITS)
    assert set(re.findall(r"(?:`|paperboy |^|bin/|\]\()paperboy ([a-z]+)\b", PAGE, re.MULTILINE)) <= commands
    assert set(re.findall(r"^ExecStart=\S+/paperboy ([a-z]+)", units, re.MULTILINE)) == {"run", "backup"}
    settings = {variable(each) for each in setting_names()} | {"PAPERBOY_CONFIG"}
    assert set(re.findall(r"\bPAPERBOY_[A-Z_]+", PAGE + units + IMAGE + COMPOSE)) <= settings


def test_the_services_may_write_in_one_place_and_end_for_good_where_a_setting_is_wrong() -> None:
    assert len(UNITS) == 2
    for path in UNITS:
        service = unit(path)
        assert (service["ProtectSystem"], service["NoNewPrivileges"], service["UMask"]) == ("strict", "yes", "0077")
        assert service["User"] == service["StateDirectory"] == "paperboy"
        assert "ReadWritePaths" not in service
    bot = unit(ROOT / "docs" / "operating" / "paperboy.service")
    assert str(EX_CONFIG) in bot["RestartPreventExitStatus"].split()
    assert int(bot["TimeoutStopSec"]) > 20


def test_the_image_is_not_root_and_tells_its_health() -> None:
    assert re.search(r"^USER (?!0|root)\d+:\d+$", IMAGE, re.MULTILINE)
    assert "/livez" in IMAGE
    copied = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert [each for each in copied if not (ROOT / each).exists()] == []


def test_what_is_linked_exists() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert targets
    assert [each for each in targets if not (ROOT / "docs" / each).exists()] == []
    places = {re.sub(r"[^a-z ]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^## (.+)", PAGE, re.M)}
    assert set(re.findall(r"\]\(#([a-z-]+)\)", PAGE)) == places


def test_the_bots_of_the_compose_file_are_as_shut_in_as_the_one_container() -> None:
    started = PAGE.partition("docker run")[2].partition("```")[0]
    for option, here in (
        ("--read-only", "read_only: true"),
        ("--cap-drop ALL", "cap_drop: [ALL]"),
        ("no-new-privileges", "no-new-privileges:true"),
    ):
        assert option in started
        assert here in COMPOSE


def test_what_the_compose_file_asks_for_is_written_as_the_page_says() -> None:
    (written,) = re.findall(r"printf '(.*)' ", PAGE)
    assert set(re.findall(r"([A-Z_]+)=", written)) == set(re.findall(r"\$\{(\w+)", COMPOSE))
