"""How long one search may take, over all that it asks. Measures no time itself."""

SEARCH_SECONDS = 0.5
"""What a person waits for one search; what was found by then is its answer."""


class Patience:
    """The seconds that the questions of one search, asked one after the other, may take together."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._is_over = False

    @property
    def left(self) -> float:
        """Seconds that the next question may take, from 0."""
        return max(0.0, self._left)

    def spend(self, seconds: float) -> None:
        """So long a question took."""
        self._left -= seconds

    def end(self) -> None:
        """Something is left out: there is no time left for anything else either."""
        self._left = 0.0
        self._is_over = True

    def is_over(self) -> bool:
        """Whether something was left out because no time was left."""
        return self._is_over
