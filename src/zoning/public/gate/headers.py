"""Headers and keys that stand over something personal, in Chinese and English."""

import re
import unicodedata
from typing import Final

from zoning.load.schema import fold

__all__ = ["is_home_header", "is_measure_header", "is_personal_header", "is_phone_header"]

_PHONE: Final = re.compile(r"电话|手机|联系方式|phone|mobile|\btel\b")
_ZH: Final = re.compile(
    r"身份证|证件号|护照|学籍号|准考证|(?<!大)学号|报名号|报名编号|登记号|姓名|家长|监护人|父亲|母亲|出生(?:日期|年月|时间)|生日"
    r"|(?:家庭|学生|儿童|幼儿|家长|现|实际|户籍)(?:住址|地址)|户口|性别|民族|残疾|特殊需[要求]|双胞胎|微信|电子?邮[箱件]|邮箱"
)
_ZH_PUBLIC: Final = re.compile(r"校长|园长|负责人|学校名|(?:家长|监护人)(?:须知|意见|会)|户口(?:类|性)")
_PEOPLE: Final = (
    r"(?:child|pupil|student|applicant|parent|guardian|father|mother|family|first|last|given|sur|full)"
)
_EN: Final = re.compile(
    rf"{_PEOPLE}s?_?names?\b|\bnames? of (?:the )?{_PEOPLE}"
    r"|\b(?:national|resident|citizen|identity|student|pupil|child)_?ids?\b|\bid_?(?:card|number|no)\b"
    r"|\b(?:parent|guardian|father|mother|child|family|home)(?:'?s)?[ _]?(?:phone|tel\b|contact|cell)"
    r"|^guardians?\b(?!.*notice)"
    r"|\bpassport|\bmobiles?\b|\bcell_?phone|\bwechat|\be_?mails?\b|\bbirth_?da(?:te|y)|\bdate_of_birth|\bdob\b"
    r"|\bhome_address|\bgender\b|\bsex\b|\btwin_group\b|\bsid\b|\bspecial_need|\bethnic|\bregistration_number\b"
)
_HOME: Final = re.compile(r"^(?:住址|地址|(?:home)?address)$")
_MEASURES: Final = re.compile(
    r"area|面积|m2|_m\b|metres|length|长度|digest|摘要|cost|bound|seconds|_s\b|lon|lat|经度|纬度|^[xyz]$|easting|northing|coord|坐标"
)


def is_personal_header(word: str) -> bool:
    """Tell whether a header or key names something personal, in Chinese or English.

    Examples
    --------
    >>> [is_personal_header(word) for word in ("学生姓名", "Name of child", "parent_phone", "学号（必填）")]
    [True, True, True, True]
    >>> [is_personal_header(word) for word in ("name", "学校名称", "出生人数", "births", "phone", "校长姓名")]
    [False, False, False, False, False, False]
    """
    plain = fold(word)
    if len(plain) > 24:  # a sentence, not a header
        return False
    spaced = re.sub(r"[\s_./-]+", "_", unicodedata.normalize("NFKC", word).strip())
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", spaced).lower()
    if _ZH.search(plain) and not _ZH_PUBLIC.search(plain):
        return True
    return bool(_EN.search(spaced.replace("_", " ")) or _EN.search(spaced))


def is_home_header(header: str) -> bool:
    """Tell whether a header stands over addresses, public or not: a flat under it is somebody's home.

    Examples
    --------
    >>> is_home_header("住址"), is_home_header("学校地址")
    (True, False)
    """
    return bool(_HOME.match(fold(header)))


def is_phone_header(header: str) -> bool:
    """Tell whether a header in lower case stands over phones.

    Examples
    --------
    >>> is_phone_header("联系电话"), is_phone_header("hotel")
    (True, False)
    """
    return bool(_PHONE.search(header))


def is_measure_header(header: str) -> bool:
    """Tell whether a header in lower case stands over measures, whose digits are no phone.

    Examples
    --------
    >>> is_measure_header("area_m2"), is_measure_header("note")
    (True, False)
    """
    return bool(_MEASURES.search(header))
