"""Rules for what a person can press, choose from or fill in: buttons, select menus, text inputs.

Limits: docs.discord.com/developers/components/reference.
"""

from bot.fakediscord.layout import Kind
from bot.fakediscord.rules.forms import Form, Path, distinct
from bot.fakediscord.wire import Json

_LINK, _PREMIUM = 5, 6
_LINK_SCHEMES = ("http", "https", "discord")


def check_custom_id(form: Form, control: Json, path: Path) -> None:
    form.text(control, "custom_id", path, least=1, most=100)


def check_button(form: Form, button: Json, path: Path) -> None:
    style = form.choice(button, "style", path, among=range(1, 7))
    form.boolean(button, "disabled", path)
    if style == _PREMIUM:
        form.wrong((*path, "sku_id"), "BUTTON_COMPONENT_INVALID_SKU", "There is nothing for sale here")
        return
    label = form.text(button, "label", path, most=80, optional=True)
    emoji = _check_emoji(form, button, path)
    if not label.strip() and not emoji:
        form.wrong(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji")
    if style == _LINK:
        form.url(button, "url", path, most=512, schemes=_LINK_SCHEMES)
        if button.get("custom_id") is not None:
            message = "A custom id and url cannot both be specified"
            form.wrong((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
        return
    check_custom_id(form, button, path)
    if button.get("url") is not None:
        form.wrong((*path, "url"), "BUTTON_COMPONENT_INVALID_URL", "Only link buttons have a url")


def _check_emoji(form: Form, holder: Json, path: Path) -> bool:
    emoji = holder.get("emoji")
    if emoji is None:
        return False
    fields = form.mapping(emoji, (*path, "emoji"))
    if fields.get("id") is None:
        form.text(fields, "name", (*path, "emoji"), least=1, most=32)
    return True


_LISTED: dict[int, tuple[str, ...]] = {
    Kind.USER_SELECT: ("user",),
    Kind.ROLE_SELECT: ("role",),
    Kind.MENTIONABLE_SELECT: ("user", "role"),
    Kind.CHANNEL_SELECT: ("channel",),
}
"""What a select menu lists by itself, by its type."""


def check_select(form: Form, select: Json, path: Path) -> None:
    check_custom_id(form, select, path)
    form.text(select, "placeholder", path, most=150, optional=True)
    least = form.number(select, "min_values", path, least=0, most=25, default=1)
    most = form.number(select, "max_values", path, least=1, most=25, default=1)
    if least > most:
        form.wrong((*path, "min_values"), "SELECT_COMPONENT_MIN_ABOVE_MAX", "min_values is above max_values")
    if select["type"] == Kind.STRING_SELECT:
        _check_options(form, select, path, least=least, most=most)
    else:
        _check_default_values(form, select, path, least=least, most=most)


def _check_default_values(form: Form, select: Json, path: Path, *, least: int, most: int) -> None:
    values = form.items(select, "default_values", path, most=25)
    kinds = _LISTED[select["type"]]
    for number, each in enumerate(values):
        where = (*path, "default_values", number)
        if form.mapping(each, where).get("type") not in kinds:
            form.wrong((*where, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {set(kinds)}.")
    if values and not least <= len(values) <= most:
        form.wrong((*path, "default_values"), "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", "Not as many may be chosen")


def _check_options(form: Form, select: Json, path: Path, *, least: int, most: int) -> None:
    options = form.items(select, "options", path, least=1, most=25, optional=False)
    values: list[tuple[Path, object]] = []
    for number, each in enumerate(options):
        where = (*path, "options", number)
        option = form.mapping(each, where)
        form.text(option, "label", where, least=1, most=100)
        form.text(option, "description", where, most=100, optional=True)
        values.append(((*where, "value"), form.text(option, "value", where, least=1, most=100)))
        _check_emoji(form, option, where)
    distinct(form, values, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
    if least > len(options) or most > len(options):
        form.wrong(path, "SELECT_COMPONENT_TOO_FEW_OPTIONS", "There are fewer options than must or may be chosen")
    if sum(each.get("default") is True for each in options if isinstance(each, dict)) > most:
        form.wrong((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More options are chosen than allowed")


def check_text_input(form: Form, field: Json, path: Path, *, labelled: bool) -> None:
    """A modal's text field; `labelled` when a Label component around it already names it."""
    check_custom_id(form, field, path)
    form.choice(field, "style", path, among=(1, 2))
    if labelled:
        if field.get("label") is not None:
            form.wrong((*path, "label"), "TEXT_INPUT_LABEL_FORBIDDEN", "The label component around it has the label")
    else:
        form.text(field, "label", path, least=1, most=45)
    form.text(field, "placeholder", path, most=100, optional=True)
    least = form.number(field, "min_length", path, least=0, most=4000)
    most = form.number(field, "max_length", path, least=1, most=4000, default=4000)
    form.text(field, "value", path, most=most, optional=True)
    if least > most:
        form.wrong((*path, "min_length"), "TEXT_INPUT_MIN_ABOVE_MAX", "min_length is above max_length")
