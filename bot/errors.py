"""The errors that are meant for people; everything else is a fault and is logged, never shown."""


class PaperboyError(Exception):
    """Base of every error this program raises on purpose."""


class UserError(PaperboyError):
    """Something a person can mend; its text is one clear sentence that says what to do next.

    The text is shown as it stands, so whoever raises it quotes outside text only through the
    escaper of the place that shows it; `str(error)` is plain text, never markup.
    """


EX_CONFIG = 78
"""The exit code of a wrong configuration (sysexits.h), which a service manager should not restart after."""


class OperatorError(PaperboyError):
    """Something the operator can mend; the command line prints it and exits with `exit_code`."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
