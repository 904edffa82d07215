"""Rules for the modals a bot opens. Limits: docs.discord.com/developers/interactions/receiving-and-responding."""

from bot.fakediscord.layout import SELECTS, Kind, walk
from bot.fakediscord.rules.controls import check_select, check_text_input
from bot.fakediscord.rules.forms import Form, Path, distinct
from bot.fakediscord.wire import Json, is_count


def check_modal(modal: object) -> Json:
    """The data of a modal reply. Raises ApiError 50035; returns it."""
    form = Form()
    path: Path = ("data",)
    fields = form.mapping(modal, path)
    form.text(fields, "title", path, least=1, most=45)
    form.text(fields, "custom_id", path, least=1, most=100)
    components = form.items(fields, "components", path, least=1, most=5, optional=False)
    for number, each in enumerate(components):
        where = (*path, "components", number)
        _check_top(form, form.mapping(each, where), where)
    form.finish()
    ids = [(("data", "components"), each.get("custom_id")) for each in walk(components)]
    distinct(form, ids, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    form.finish()
    return fields


def _check_top(form: Form, component: Json, path: Path) -> None:
    match component.get("type"):
        case Kind.ACTION_ROW:
            inside = form.items(component, "components", path, least=1, most=1, optional=False)
            for number, each in enumerate(inside):
                where = (*path, "components", number)
                _check_field(form, form.mapping(each, where), where, labelled=False)
        case Kind.LABEL:
            form.text(component, "label", path, least=1, most=45)
            form.text(component, "description", path, least=1, most=100, optional=True)
            where = (*path, "component")
            _check_field(form, form.mapping(component.get("component"), where), where, labelled=True)
        case Kind.TEXT_DISPLAY:
            form.text(component, "content", path, least=1, most=4000)
        case _:
            form.wrong((*path, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')


def _check_field(form: Form, field: Json, path: Path, *, labelled: bool) -> None:
    kind = field.get("type")
    if kind == Kind.TEXT_INPUT:
        check_text_input(form, field, path, labelled=labelled)
    elif labelled and is_count(kind) and kind in SELECTS:
        check_select(form, field, path)
    else:
        form.wrong((*path, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (3, 4, 5, 6, 7, 8).')
