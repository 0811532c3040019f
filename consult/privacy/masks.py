"""Stars over what must not be read."""

import re

from .detector import blocking

_PAIRS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生公户公玉公仪梁丘公仲"
    "公上公门公山公坚左丘公伯西门公祖第五公乘贯丘公皙南荣东里东宫仲长子书子桑即墨达奚"
    "褚师"
)
_COMPOUND = frozenset(_PAIRS[place : place + 2] for place in range(0, len(_PAIRS), 2))
_FORMS_OF_ADDRESS = ("女士", "先生", "同志", "某某", "某")


def mask(text: str) -> str:
    """The text with every phone, identity, card number and plate behind stars; nothing that blocks is left."""
    # What is left after one pass may read as a number of its own, so look again; each pass leaves fewer figures.
    while found := blocking(text):
        for finding in reversed(found):
            text = text[: finding.start] + finding.excerpt + text[finding.end :]
    return text


def mask_phone(phone: str) -> str:
    """138****1234; of any other number only the last two figures."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) > 11 and digits[:-11] in {"86", "086", "0086"}:
        digits = digits[-11:]
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"****{digits[-2:]}"
    return "****" if phone.strip() else ""


def mask_name(name: str) -> str:
    """张某某: the family name and nothing else."""
    name = name.strip()
    if not name:
        return ""
    family = name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]
    given = name[len(family) :]
    if given in _FORMS_OF_ADDRESS or set(given) == {"某"}:
        return name
    if name.isascii():
        return f"{family}***"
    return family + ("某" if len(given) == 1 else "某某")
