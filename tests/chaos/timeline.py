"""One conversation as a device holds it: messages by seq, and the cursor of its next sync."""


class Timeline:
    """`rev`: every change up to it is held, so it is the cursor. `held`: the same for seq, which is what `received` says.

    An own message has its rev from the `ack`, which may come before the changes of others below it: the cursor goes on only
    without a gap."""

    def __init__(self) -> None:
        self.messages: dict[int, str] = {}  # seq → msgId
        self.rev = 0
        self.held = 0
        self.said = 0  # received up to here
        self.read = 0
        self._ahead: set[int] = set()

    def place(self, seq: int, msg_id: str, rev: int | None) -> None:
        self.messages[seq] = msg_id
        while self.held + 1 in self.messages:
            self.held += 1
        if rev is not None and rev > self.rev:
            self._ahead.add(rev)
        self._advance()

    def reach(self, rev: int) -> None:
        """An answer has brought everything up to `rev`."""
        self.rev = max(self.rev, rev)
        self._advance()

    def _advance(self) -> None:
        while self.rev + 1 in self._ahead:
            self.rev += 1
        self._ahead = {rev for rev in self._ahead if rev > self.rev}
