"""``zoning.toml`` of the sample folder, and the rules of a draw of its roster."""
# ruff: noqa: E501 - sentences of files stand on one line

from typing import Final

from zoning.load.sample import names
from zoning.load.sample.people import YEAR
from zoning.load.sample.roster import Pupil

SETTINGS: Final = f"""# An invented county: every place, school and child in this folder is made up.
# 虚构的县：本目录中的地名、学校和学生均为虚构。
[place]
name = "{names.COUNTY[0]}"
name_en = "{names.COUNTY[1]}"
year = {YEAR}
map_approval = ""

[crs]
input = "EPSG:4490"

[publish]
office = "汀源县教育局义务教育招生工作办公室"
office_en = "Tingyuan County Education Bureau, enrolment office"
phone = "000-5550000"
url = "https://example.org/tingyuan"
rule = "《汀源县义务教育招生入学工作实施办法》（虚构）第六条：小学相对就近、初中进镇、高中进城"
rule_en = "Tingyuan County enrolment rules (invented), article 6: primary school near home, junior in town, senior in the city"
transition = "已在校学生可在原校读至毕业；学区调整只适用于新生。"
transition_en = "Pupils already at a school may stay until they leave it; changed zones apply to new pupils only."
siblings_stay = true
comments_to = "汀源县教育局（000-5550000）或 zoning@example.org"
comments_to_en = "Tingyuan County Education Bureau, 000-5550000 or zoning@example.org"
comments_until = "{YEAR + 1}-04-30"
no_map_number = "示意图，不表示行政区域界线"
no_map_number_en = "a sketch that shows no administrative boundary"
"""
RULES: Final = f"""# Rules of a class split, as zoning draw commit reads them. Its dates are over: try it with --rehearsal.
# 随机编班规则示例；时间已过，请加 --rehearsal 演练。
kind = "split"
draw = "{YEAR}级新生随机编班"
place = "{names.COUNTY[0]}"
school = "汀阳镇实验小学"
purpose = "{YEAR}年秋季一年级新生分班"
contact = "汀源县教育局 000-5550000"
classes = 12
levels = ["gender", "need", "kindergarten"]
need_cap = 2
separate = PAIRS

[[sources]]
type = "dice"
count = 20
at = {YEAR}-08-25T10:00:00+08:00

[[sources]]
type = "drand"
round = 31607800
instead = [{{ type = "drand", round = 31636600 }}]

[rules]
twins = "双胞胎、多胞胎经家长书面申请编入同一班级"
late = "编班后到校的学生按批次另行摇号，进入人数最少的班级"
waiting = "不适用"
void = "未按公布时间摇号、名册被改动、另用种子再次摇号或验证不通过的，结果无效"
"""
_PAIRS: Final = 25


def draw_rules(pupils: list[Pupil]) -> str:
    """Return the rules of a class split of the roster; of some invented pairs somebody asks to be apart."""
    alone = [pupil.sid for pupil in pupils if not pupil.twin_group]
    step = len(alone) // (2 * _PAIRS)
    lines = [f'    ["{alone[n * 2 * step]}", "{alone[n * 2 * step + step]}"],' for n in range(_PAIRS)]
    return RULES.replace("PAIRS", "\n".join(["[", *lines, "]"]))
