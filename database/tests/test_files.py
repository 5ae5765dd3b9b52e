import stat

import pytest

from database.files import new_file


def test_the_file_appears_when_it_is_whole_and_only_we_may_read_it(tmp_path):
    file = tmp_path / "all.backup"
    with new_file(file) as draft:
        draft.write(b"rows")
        assert not file.exists()
    assert file.read_bytes() == b"rows"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("disaster", [OSError, KeyboardInterrupt])
def test_an_old_file_survives_a_failure_and_no_draft_does(tmp_path, disaster):
    file = tmp_path / "all.backup"
    file.write_text("old")
    with pytest.raises(disaster), new_file(file):
        raise disaster
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
