"""Invented names of places, Chinese with pinyin, composed from syllables listed here.

Every table pairs a character with its reading, so no library is needed. The county's own name belongs to no
county; villages are composed and may by chance be called like a real one, as villages do.
"""

from collections.abc import Iterator
from typing import Final

from zoning.load.sample.chance import Dice

Name = tuple[str, str]

COUNTY: Final[Name] = ("汀源县", "Tingyuan County")
RIVER: Final[Name] = ("汀河", "Ting River")
ARTERIAL: Final[Name] = ("汀源大道", "Tingyuan Avenue")
RAILWAY: Final[Name] = ("汀沅铁路", "Ting-Yuan Railway")
SEAT: Final[Name] = ("汀阳镇", "Tingyang")


def _pairs(text: str) -> tuple[Name, ...]:
    found = []
    for word in text.split():
        hanzi = word.rstrip("abcdefghijklmnopqrstuvwxyzü")
        found.append((hanzi, word[len(hanzi) :]))
    return tuple(found)


_TOWN_FIRST: Final = _pairs(
    "青qing 石shi 白bai 柳liu 双shuang 龙long 马ma 鹤he 松song 枫feng 竹zhu 梅mei 桃tao 杏xing 榆yu 槐huai "
    "沙sha 黄huang 金jin 银yin 云yun 红hong 玉yu 长chang 大da 古gu 新xin 安an 宁ning 兴xing 丰feng "
    "栗li 桐tong 兰lan 荷he 芦lu 雁yan 鹿lu 牛niu"
)
_TOWN_LAST: Final = _pairs(
    "溪xi 桥qiao 岭ling 坪ping 河he 塘tang 湾wan 泉quan 店dian 集ji 铺pu 滩tan 口kou 峪yu 原yuan 冈gang "
    "陂po 渡du 埠bu 畈fan"
)
# Compositions that name a county, city or district somewhere.
_TAKEN_TEXT: Final = (
    "青河 白河 柳河 金溪 玉溪 龙泉 松原 松溪 安溪 宁河 龙口 长岭 沙河 新河 沙湾 "
    "红河 红原 石泉 竹溪 芦溪 黄冈 黄陂 鹿泉 兰溪 兰坪 桃原 双桥 金湾 玉泉 荷塘 "
    "云溪 龙湾 青原 兴坪 大渡 新原 古塘 安泉 桐溪 大桥 马冈 长原 石河 "
)
_TAKEN: Final = frozenset(_TAKEN_TEXT.split())
_SURNAMES: Final = _pairs(
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin "
    "何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng "
    "曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lü 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei "
    "薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan 方fang 石shi "
    "姚yao 谭tan 廖liao 邹zou 熊xiong 金jin 陆lu 郝hao 孔kong 白bai 崔cui 康kang 毛mao 邱qiu 秦qin 江jiang "
    "史shi 顾gu 侯hou 邵shao 孟meng 龙long 万wan 段duan 雷lei 钱qian 汤tang 尹yin 黎li 易yi 常chang 武wu "
    "乔qiao 贺he 赖lai 龚gong 文wen"
)
_FEATURES: Final = _pairs(
    "湾wan 沟gou 庄zhuang 寨zhai 楼lou 营ying 岗gang 洼wa 坡po 桥qiao 店dian 铺pu 河he 湖hu 集ji 堂tang "
    "井jing 院yuan 坊fang 圩wei 垱dang 冲chong 坳ao 凹ao 台tai 园yuan 寺si 塆wan 老屋laowu 新屋xinwu"
)
_VILLAGE_FIRST: Final = _pairs(
    "东dong 西xi 南nan 北bei 上shang 下xia 前qian 后hou 大da 小xiao 老lao 新xin 双shuang 三san 五wu 七qi "
    "九jiu 石shi 白bai 黄huang 青qing 红hong 柳liu 槐huai 榆yu 桑sang 枣zao 杏xing 桃tao 梨li 竹zhu 松song "
    "栗li 茶cha 莲lian 龙long 凤feng 虎hu 马ma 牛niu 羊yang 鹤he 雁yan 沙sha 土tu 泉quan 温wen 清qing 高gao "
    "平ping"
)
_VILLAGE_MIDDLE: Final = _pairs(
    "树shu 林lin 山shan 石shi 泉quan 塘tang 潭tan 溪xi 河he 岩yan 田tian 门men 桥qiao 庙miao 堰yan 坝ba "
    "岭ling 垭ya 窑yao 碾nian 亭ting 关guan 峰feng 畈fan"
)
_ESTATE_FIRST: Final = _pairs(
    "锦绣jinxiu 阳光yangguang 翠湖cuihu 金桂jingui 清河qinghe 书香shuxiang 龙泽longze 滨江binjiang "
    "丽景lijing 御景yujing 华府huafu 春晓chunxiao 和谐hexie 幸福xingfu 紫薇ziwei 天润tianrun 东方dongfang "
    "明珠mingzhu 康乐kangle 城南chengnan 城北chengbei 盛世shengshi 水岸shuian 绿洲lüzhou 香樟xiangzhang "
    "银河yinhe 翰林hanlin 尚品shangpin 枫林fenglin 云锦yunjin 安居anju 兴业xingye 汇丰huifeng 名仕mingshi"
)
_ESTATE_LAST: Final = (
    ("花园", "Garden"),
    ("小区", "Estate"),
    ("家园", "Homes"),
    ("苑", "Court"),
    ("名城", "Town"),
    ("新村", "New Village"),
    ("公馆", "Mansion"),
    ("里", "Lane"),
    ("华庭", "Place"),
)
_STREET_FIRST: Final = _pairs(
    "建设jianshe 人民renmin 解放jiefang 文化wenhua 新华xinhua 中山zhongshan 和平heping 健康jiankang "
    "育才yucai 滨河binhe 迎宾yingbin 朝阳chaoyang 长安changan 工农gongnong 光明guangming 振兴zhenxing "
    "兴隆xinglong 桃源taoyuan 学府xuefu 团结tuanjie 前进qianjin 胜利shengli 友谊youyi 凤凰fenghuang "
    "青年qingnian 站前zhanqian 永安yongan 富强fuqiang 汉阳hanyang 春风chunfeng"
)
_STREET_LAST: Final = (("路", "Road"), ("街", "Street"), ("大街", "Avenue"), ("巷", "Lane"))
GIVEN: Final = _pairs(
    "子zi 梓zi 宇yu 浩hao 轩xuan 涵han 怡yi 欣xin 佳jia 诗shi 雨yu 晨chen 博bo 俊jun 杰jie 明ming 文wen "
    "思si 梦meng 雅ya 一yi 若ruo 嘉jia 泽ze 睿rui 瑞rui 铭ming 航hang 彤tong 萱xuan 悦yue 琪qi 瑶yao 妍yan "
    "皓hao 霖lin 辰chen 禾he 沐mu 言yan 安an 乐le 可ke 然ran 语yu 静jing 远yuan 承cheng"
)


def _joined(parts: tuple[Name, ...]) -> Name:
    reading = ""
    for _, sound in parts:
        # An apostrophe parts syllables where a vowel would run into the one before.
        reading += ("'" if reading and sound[0] in "aeo" else "") + sound
    return "".join(hanzi for hanzi, _ in parts), reading.capitalize()


def _composed(dice: Dice, *tables: tuple[Name, ...]) -> list[Name]:
    """Return every composition of the tables once, in an order drawn by chance."""
    total = 1
    for table in tables:
        total *= len(table)
    found = []
    for number in dice.permutation(total).tolist():
        rest, parts = number, []
        for table in tables:
            rest, position = divmod(rest, len(table))
            parts.append(table[position])
        if len({hanzi for hanzi, _ in parts}) == len(parts):
            found.append(_joined(tuple(parts)))
    return found


def _numbered(names: list[Name]) -> Iterator[Name]:
    """Yield the names, then go on with a number so that benchmarks never run out of them."""
    yield from names
    number = 2
    while True:
        yield from ((f"{zh}{number}", f"{en} {number}") for zh, en in names)
        number += 1


def town_names(dice: Dice) -> Iterator[Name]:
    """Yield names of towns: Chinese with 镇 or 乡, and pinyin."""
    seen = {SEAT[1]}
    for zh, en in _numbered(_composed(dice, _TOWN_FIRST, _TOWN_LAST)):
        if en not in seen and zh not in _TAKEN:
            seen.add(en)
            yield zh + ("镇" if dice.random() < 0.7 else "乡"), en


def village_names(dice: Dice) -> Iterator[Name]:
    """Yield names of administrative villages, Chinese without 村, and pinyin."""
    plain = _composed(dice, _VILLAGE_FIRST, _VILLAGE_MIDDLE)
    family = _composed(dice, _SURNAMES, (("家", "jia"),), _FEATURES[:20])
    mixed = [name for pair in zip(plain, family, strict=False) for name in pair]
    yield from _numbered(mixed + family[len(plain) :])


def hamlet_names(dice: Dice) -> list[Name]:
    """Return names of natural villages, Chinese and pinyin; may repeat from one village to the next."""
    family = _composed(dice, _SURNAMES, _FEATURES)
    house = _composed(dice, _SURNAMES, (("家", "jia"),), _FEATURES)
    place = _composed(dice, _VILLAGE_FIRST, _FEATURES[:26])
    return [name for three in zip(family, house, place, strict=False) for name in three]


def estate_names(dice: Dice) -> Iterator[Name]:
    """Yield names of housing estates."""
    order = dice.permutation(len(_ESTATE_FIRST) * len(_ESTATE_LAST)).tolist()
    names = []
    for number in order:
        first, last = _ESTATE_FIRST[number // len(_ESTATE_LAST)], _ESTATE_LAST[number % len(_ESTATE_LAST)]
        names.append((first[0] + last[0], f"{first[1].capitalize()} {last[1]}"))
    yield from _numbered(names)


def street_names(dice: Dice) -> Iterator[Name]:
    """Yield names of streets, main ones first."""
    names = []
    for last in _STREET_LAST:
        for number in dice.permutation(len(_STREET_FIRST)).tolist():
            first = _STREET_FIRST[number]
            names.append((first[0] + last[0], f"{first[1].capitalize()} {last[1]}"))
    yield from _numbered(names)


def child_name(dice: Dice, *, surname: Name | None = None) -> tuple[str, Name]:
    """Return an invented child's name, and the surname used."""
    family = surname or _SURNAMES[int(dice.integers(len(_SURNAMES)))]
    one, two = (GIVEN[i][0] for i in dice.integers(len(GIVEN), size=2).tolist())
    return family[0] + (one if one == two else one + two), family
