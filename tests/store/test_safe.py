"""What is sealed can be opened under its own secret only."""

from live.store.safe import Safe


def test_a_safe_opens_only_what_it_sealed_itself() -> None:
    safe, other = Safe(b"a" * 32), Safe(b"b" * 32)
    assert safe.open(safe.seal("+6281200000000")) == "+6281200000000"
    assert other.open(safe.seal("+6281200000000")) is None
