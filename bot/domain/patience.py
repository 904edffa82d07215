"""How long one search may take, over all that it asks. Measures no time itself."""

SEARCH_SECONDS = 0.5
"""What a person waits for one search; what was found by then is its answer."""


TYPING_SECONDS = 0.003
"""After so long who is typing is better served by what was found than by more of it; what is under way is finished."""


class Patience:
    """The seconds that the questions of one search, asked one after the other, may take together."""

    def __init__(self, seconds: float, *, enough: float | None = None) -> None:
        """From `enough` seconds on, all of them unless told, nothing more is begun that need not be."""
        self._left = seconds
        self._enough = seconds if enough is None else enough
        self._is_over = False

    @property
    def left(self) -> float:
        """Seconds that the next question may take, from 0."""
        return max(0.0, self._left)

    @property
    def enough(self) -> float:
        """Seconds after which the next question looks for no more than it has found."""
        return max(0.0, self._enough)

    def spend(self, seconds: float) -> None:
        """So long a question took."""
        self._left -= seconds
        self._enough -= seconds

    def end(self) -> None:
        """Something is left out: there is no time left for anything else either."""
        self._left = 0.0
        self._is_over = True

    def is_over(self) -> bool:
        """Whether something was left out because no time was left."""
        return self._is_over
