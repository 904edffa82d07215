"""The answers with which Discord says no, each with its HTTP status and its own code.

Codes: docs.discord.com/developers/topics/opcodes-and-status-codes#json.
"""

from bot.fakediscord.wire import Json


class ApiError(Exception):
    """One refusal. `broke_a_rule` marks a body that no bot should ever send, which tests must hear of."""

    def __init__(
        self, status: int, code: int, message: str, *, errors: Json | None = None, broke_a_rule: bool = False
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.broke_a_rule = broke_a_rule

    @property
    def body(self) -> Json:
        """The JSON that Discord answers with."""
        told: Json = {"message": self.message, "code": self.code}
        return told if self.errors is None else {**told, "errors": self.errors}


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def no_such_route() -> ApiError:
    return ApiError(404, 0, "404: Not Found")


def unknown_channel() -> ApiError:
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    return ApiError(404, 10004, "Unknown Guild")


def unknown_member() -> ApiError:
    return ApiError(404, 10007, "Unknown Member")


def unknown_message() -> ApiError:
    return ApiError(404, 10008, "Unknown Message")


def unknown_role() -> ApiError:
    return ApiError(404, 10011, "Unknown Role")


def unknown_user() -> ApiError:
    return ApiError(404, 10013, "Unknown User")


def unknown_webhook() -> ApiError:
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    return ApiError(404, 10062, "Unknown interaction")


def unknown_command() -> ApiError:
    return ApiError(404, 10063, "Unknown application command")


def too_many_pins() -> ApiError:
    return ApiError(400, 30003, "Maximum number of pins reached (250)")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large", broke_a_rule=True)


def too_many_files() -> ApiError:
    return ApiError(400, 30015, "Maximum number of attachments in a message reached (10)", broke_a_rule=True)


def already_crossposted() -> ApiError:
    return ApiError(400, 40033, "This message has already been crossposted")


def not_in_a_forum() -> ApiError:
    return ApiError(400, 40058, "Cannot send a message in a forum channel")


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def tag_required() -> ApiError:
    return ApiError(400, 40067, "A tag is required to create a forum post in this channel")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def not_yours() -> ApiError:
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> ApiError:
    return ApiError(400, 50006, "Cannot send an empty message", broke_a_rule=True)


def cannot_message_user() -> ApiError:
    return ApiError(403, 50007, "Cannot send messages to this user")


def not_a_text_channel() -> ApiError:
    return ApiError(400, 50008, "Cannot send messages in a non-text channel")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def system_message() -> ApiError:
    return ApiError(403, 50021, "Cannot execute action on a system message")


def wrong_channel_type() -> ApiError:
    return ApiError(400, 50024, "Cannot execute action on this channel type")


def invalid_webhook_token() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token")


def invalid_form(errors: Json) -> ApiError:
    """A body that breaks rules; `errors` is the tree of paths that ends in `_errors` lists."""
    return ApiError(400, 50035, "Invalid Form Body", errors=errors, broke_a_rule=True)


def archived_thread() -> ApiError:
    return ApiError(400, 50083, "Thread is archived")


def invalid_json() -> ApiError:
    return ApiError(400, 50109, "The request body contains invalid JSON.", broke_a_rule=True)


def thread_already_made() -> ApiError:
    return ApiError(400, 160004, "A thread has already been created for this message")


def rate_limited() -> ApiError:
    return ApiError(429, 0, "You are being rate limited.")


def server_error(why: str = "") -> ApiError:
    """Discord's own failure. With a reason it is the body's fault, although Discord does not say so."""
    return ApiError(500, 0, "500: Internal Server Error" + (f" ({why})" if why else ""), broke_a_rule=bool(why))
