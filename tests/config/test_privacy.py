"""The grep over logs and addresses after the browser tests can fail."""

from pathlib import Path

import pytest

from tests.e2e.privacy import check_no_personal_data

NUMBER = "341522197611099916"


def test_a_clean_log_and_clean_addresses_pass(tmp_path: Path) -> None:
    (tmp_path / "serve.log").write_text("GET resident:case 200 12 ms", "utf-8")
    check_no_personal_data(tmp_path, ["http://127.0.0.1/verify/#code=" + NUMBER, "http://127.0.0.1/items/?q=食品"])


def test_a_number_in_a_log_is_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "serve.log").write_text(f"no such person: {NUMBER}", "utf-8")
    with pytest.raises(AssertionError, match=r"serve\.log"):
        check_no_personal_data(tmp_path, [])


@pytest.mark.parametrize("address", [f"/my/?id={NUMBER}", "/find/?q=341522%31%39%37611099916", "/x?m=13905640000"])
def test_a_number_in_an_address_is_found(tmp_path: Path, address: str) -> None:
    with pytest.raises(AssertionError, match="an address"):
        check_no_personal_data(tmp_path, ["http://127.0.0.1" + address])
