"""Sentences in the manner of the genre: patterns of clauses, filled with words at random.

The form is that of the reports (clauses with commas, counts, amounts, dates, named projects); they mean nothing. No
clause is taken from any report. Words are so many that 12 characters seldom agree by chance, while short set clauses
recur as they do in real prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import lcm
from typing import Literal

import numpy as np

from corpus.analysis.simulation.randomness import FloatArray, IntArray, Stream


def _split_words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


NOUNS = _split_words(
    "科技 产业 企业 人才 项目 资金 园区 市场 主体 群众 干部 职工 学生 教师 农户 农民 居民 社区 家庭 "
    "儿童 青年 妇女 老人 残疾 志愿 专家 顾问 律师 法官 骨干 团队 班子 党员 支部 机关 窗口 大厅 网站 热线 "
    "信箱 短信 公众 媒体 报刊 广播 视频 图书 刊物 文件 合同 协议 公文 印章 证照 执照 许可 资质 信用 名录 "
    "目录 指南 手册 标识 条码 数据 信息 系统 软件 硬件 带宽 云端 算法 模型 终端 设备 仪器 装置 机械 车辆 "
    "船舶 航空 铁路 公路 桥梁 隧道 港口 码头 机场 车站 公交 物流 快递 仓储 冷链 电商 商贸 商圈 集市 超市 "
    "餐饮 酒店 民宿 旅游 景区 文化 文物 戏曲 书法 体育 健身 赛事 场馆 公园 广场 街巷 楼宇 房屋 土地 耕地 "
    "林地 草原 湿地 河流 湖泊 水库 水渠 堤坝 泵站 管网 污水 垃圾 废物 大气 噪声 土壤 矿山 煤炭 石油 天然 "
    "电力 风能 光伏 储能 氢能 电池 材料 化工 钢铁 水泥 玻璃 陶瓷 纺织 服装 皮革 家具 造纸 印刷 包装 塑料 "
    "橡胶 药品 疫苗 器械 医疗 医院 诊所 护理 康复 养老 托育 学校 教材 课堂 实验 职教 技能 就业 薪酬 工伤 "
    "社保 医保 低保 救助 慈善 捐赠 殡葬 婚姻 户籍 人口 住房 物业 电梯 消防 燃气 供热 供水 排水 路灯 停车 "
    "食品 粮食 种子 化肥 农药 农机 畜牧 生猪 家禽 水产 果蔬 茶叶 菌菇 花卉 苗木 中药 蚕桑 棉花 油料 食糖 "
    "税收 财政 预算 决算 债务 国资 采购 招标 投标 工程 监理 造价 质检 计量 规格 认证 检测 专利 商标 版权 "
    "品牌 成果 课题 论文 院所 高校 基地 车间 工厂 作坊 店铺 客户 订单 外贸 外资 口岸 关税 保税 金融 银行 "
    "保险 证券 基金 信贷 担保 典当 融资 上市 股权 资产 价格 收费 票据 账户 审计 统计 普查 监察 巡察 信访 "
    "调解 仲裁 诉讼 复议 听证 公证 鉴定 援助 矫正 禁毒 治安 交通 边防 国防 民兵 征兵 退役 烈士 双拥 民族 "
    "宗教 侨务 港澳 外事 翻译 档口 气象 地震 洪涝 干旱 冰雪 火灾 台风 隐患 风险 预警 应急 物资 装备 队员 "
    "哨所 网格 楼栋 院落 围墙 绿地 树木 古迹 遗址 馆藏 非遗 民俗 节庆 展会 论坛 讲座 课程 教案 题库 试卷 "
    "考生 证书 职称 岗位 编制 绩效 考勤 档次 等级 指数 样本 图谱 基因 细胞 芯片 传感 激光 雷达 卫星 导航 "
    "遥感 测绘 地图 坐标 空域 海域 岛礁 渔船 渔港 盐场 牧场 林场 苗圃 温室 大棚 梯田 沟渠 水井 灌区 流域"
)

VERBS = _split_words(
    "管理 服务 建设 发展 监督 检查 审查 审核 审批 登记 备案 评估 评价 考核 培训 宣传 指导 引导 协调 协同 "
    "合作 对接 联动 衔接 整合 融合 共享 公开 公示 发布 征集 收集 汇总 分析 研判 预测 监测 巡查 排查 整治 "
    "治理 修复 改造 更新 升级 转型 扩建 新建 迁建 维护 养护 保护 保障 保管 供应 供给 配送 运输 运营 经营 "
    "生产 加工 制造 研发 设计 试验 示范 推广 应用 转化 孵化 引进 培养 选拔 录用 聘任 交流 轮训 表彰 奖励 "
    "激励 扶持 帮扶 资助 补贴 减免 缓缴 退还 征收 征用 补偿 安置 搬迁 流转 承包 租赁 出让 拍卖 处置 回收 "
    "利用 节约 减排 降耗 增效 扩产 增收 稳岗 创业 择业 入学 就医 陪诊 康养 陪护 探访 慰问 关爱 救济 抢险 "
    "救援 疏散 演练 值守 调度 指挥 通报 约谈 督办 问责 追究 纠正 整改 销号 验收 结算 拨付 下达 分配 统筹 "
    "规划 布局 选址 勘察 测量 绘制 拟订 修订 起草 论证 听取 采纳 反馈 答复 办理 受理 转办 交办 承办 办结 "
    "送达 执行 履行 兑现 承诺 告知 提示 提醒 劝导 警示 处罚 查处 取缔 关停 封存 销毁 召回 追溯 抽检 抽样 "
    "化验 检疫 防治 防控 接种 筛查 诊断 转诊 住宿 接待 观摩 研学 阅读 写作 朗诵 演出 展览 创作 收藏 修缮"
)

SETTING_VERBS = _split_words(
    "推进 完善 健全 落实 强化 深化 规范 优化 提升 加强 拓宽 夯实 巩固 培育 抓好 创新 改进 激活 厘清 "
    "理顺 细化 做实 盘活 畅通 压实 建强 用好 守住 补齐 推动"
)
"""What administrative prose does to a `HEADS` word: 完善机制."""

HEADS = _split_words(
    "制度 机制 体系 平台 流程 清单 台账 队伍 能力 水平 职责 责任 举措 标准 程序 环境 格局 渠道 载体 阵地 "
    "网络 档案 规程 方案 预案 指标 模式 基础 效能 质量"
)

ADVERBS = _split_words("进一步 切实 持续 不断 全面 扎实 着力 稳步 有序 严格 深入 大力 积极 及时 主动 认真")

AIMS = _split_words("围绕 聚焦 立足 依托 结合 瞄准 紧扣 着眼 突出 对照 抓住 把握 跟踪 服务")

URGING_VERBS = _split_words("引导 组织 动员 鼓励 支持 带领 帮助 督促 邀请 发动 协助 推荐")

SPENDING_VERBS = _split_words("投入 筹集 拨付 安排 争取 下达 整合 统筹 追加 兑付")

BUILDING_VERBS = _split_words("建成 启用 打造 新增 挂牌 开放 命名 评定 培植 共建")

MEASURE_WORDS = _split_words("项 次 件 场 期 条 份 家 人次 个 篇 宗 批 轮 套")

NAME_CHARACTERS = "澄岚霁汀沅湜澹峤翊瑄骁翯珩珺璟钰铄锴霖昱晗旻曦楠梓槿榕樾朗泓涵淼渝溱"
"""Names of projects and towns are made of two of these."""

LAWS = _split_words(
    "《行政处罚法》 《行政许可法》 《行政强制法》 《行政复议法》 《行政诉讼法》 《民法典》 《安全生产法》 "
    "《政府信息公开条例》 《优化营商环境条例》 《重大行政决策程序暂行条例》 《科学技术进步法》 《促进科技成果转化法》"
)

OFFICES = _split_words(
    "科学技术局 教育局 水利局 司法局 民政局 财政局 审计局 统计局 商务局 交通运输局 农业农村局 自然资源局"
)


_HAN = re.compile(r"[\u4e00-\u9fa5]")
_FIGURE = re.compile(r"\d+")
_ALPHABET = "".join((*NOUNS, *VERBS))
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


def count_han(text: str) -> int:
    """Return how many Han characters a text has: what can be edited."""
    return len(_HAN.findall(text))


def edit_characters(text: str, n_edits: int, stream: Stream) -> str:
    """Return a text with so many of its Han characters edited, each at a place of its own.

    Half of the edits put another character in place of one, a quarter add one behind it, a quarter drop it.
    Punctuation, figures and what stands in braces are left alone, and so are the first and the last two Han characters,
    so that an edited passage begins and ends where it did.
    """
    places = [match.start() for match in _HAN.finditer(text)][2:-2]
    characters = list(text)
    for number in stream.order(len(places))[:n_edits].tolist():
        place = places[number]
        way = stream.below(4)
        if way == 3:
            characters[place] = ""
            continue
        other = stream.pick(_ALPHABET)
        while other in (text[place], text[place + 1]):
            other = stream.pick(_ALPHABET)
        characters[place] = text[place] + other if way == 2 else other
    return "".join(characters)


def change_figures(text: str, stream: Stream) -> str:
    """Return a text with every figure changed: years by one, months and days within their bounds, others at random.

    A text without figures is returned as it is.
    """
    changed = []
    place = 0
    for match in _FIGURE.finditer(text):
        changed += [text[place : match.start()], _another(match, stream)]
        place = match.end()
    return "".join([*changed, text[place:]])


def next_year(text: str) -> str:
    """Return a text with every year (20XX年) one later."""
    return _YEAR.sub(lambda match: str(int(match[0]) + 1), text)


def _another(figure: re.Match[str], stream: Stream) -> str:
    """Return another figure with as many digits in place of one."""
    if _YEAR.match(figure.string, figure.start()):
        return str(int(figure[0]) + 1)
    unit = figure.string[figure.end() : figure.end() + 1]
    least = 0 if figure.string[figure.start() - 1 : figure.start()] == "." else 10 ** (len(figure[0]) - 1)
    most = 12 if unit == "月" else 28 if unit == "日" else 10 ** len(figure[0]) - 1
    least = 1 if unit in ("月", "日") and unit else least
    other = figure[0]
    while other == figure[0]:
        other = str(stream.between(least, most))
    return other


Kind = Literal["own", "timeless", "stock"]

_SENTENCES_AT_ONCE = 4_096
_N_SET_CLAUSES = 480
_PLAIN = (
    "{adverb}{do}{noun}{noun}{head}",
    "{do}{noun}{verb}和{noun}{head}",
    "{aim}{noun}{noun}{do}{verb}{head}",
    "{aim}{noun}{verb}{do}{noun}{noun}",
    "{noun}{verb}纳入{noun}{head}",
    "{noun}{verb}带动{noun}{noun}",
    "{urge}{noun}{noun}{verb}{noun}",
    "{noun}{noun}{verb}{head}{adverb}{do}",
    "{noun}{noun}实行{noun}{verb}",
    "{do}{noun}、{noun}、{noun}{head}",
    "{verb}{noun}{noun}与{noun}{head}",
)
_PARTICULAR = (
    "{verb}{noun}{noun}{count}{measure}",
    "{verb}{noun}{count}{measure}、{noun}{count}{measure}",
    "{spend}{noun}{noun}资金{amount}万元",
    "{noun}{noun}{verb}率达到{percent}%",
    "{month}月{day}日{verb}{noun}{noun}",
    "{build}“{name}”{noun}{noun}基地",
    "{do}“{name}”{noun}工程",
    "{urge}{count}家{noun}企业{verb}{noun}{amount}万元",
    "{town}镇{verb}{noun}{noun}点{count}个",
)
_WITH_YEAR = ("{year}年{verb}{noun}{noun}{count}{measure}",)
_SET = (
    "{adverb}{do}{head}",
    "{adverb}{do}工作{head}",
    "{do}各项{head}",
    "做到{head}到位",
    "{head}{adverb}{do}",
    "形成工作{head}",
)
# A formula has a clause with a slot that each report fills in its own way, or has none.
_SLOTTED = (
    "{year}年以来",
    "按照{law}的要求",
    "在{organ}的指导下",
    "全年共开展{number}次",
    "结合{place}实际",
    "累计办理{number}件",
    "会同{organ}等部门",
    "组织学习{law}",
    "在{place}范围内",
    "制定{year}年度计划",
)
SLOTS = ("place", "year", "number", "law", "organ")
_PIECE = re.compile(r"\{(\w+)\}|([^{]+)")


class Prose:
    """An endless supply of sentences out of one stream of random numbers.

    A sentence has three to five clauses, some 30 to 60 characters, and ends with 。 or, one in seven, with ；.
    ``own`` sentences have a particular fact in every third clause and may name the year as ``{year}``; ``timeless``
    ones are like them without a year; ``stock`` ones have no particulars, but slots (``{place}``, ``{year}``,
    ``{number}``, ``{law}``, ``{organ}``) in half of them. Two of five end with a set clause.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._words = _words()
        self._menus = _menus()
        self._ready: dict[Kind, list[str]] = {kind: [] for kind in self._menus}

    def sentence(self, kind: Kind) -> str:
        """Return the next sentence of this kind."""
        ready = self._ready[kind]
        if not ready:
            ready.extend(self._write(kind))
        return ready.pop()

    def heading(self) -> str:
        """Return a heading: two clauses of some six characters, without a closing mark."""
        return "，".join(_fill("{do}{noun}{head}", _word_classes(), self._stream) for _ in range(2))

    def _write(self, kind: Kind) -> list[str]:
        openings, others, closings = self._menus[kind]
        n_clauses = 3 + (self._stream.uniform(_SENTENCES_AT_ONCE) * 3).astype(np.int64)
        last = np.cumsum(n_clauses) - 1
        patterns = others[_scaled(self._stream.uniform(int(last[-1]) + 1), len(others))]
        patterns[last - n_clauses + 1] = openings[_scaled(self._stream.uniform(len(last)), len(openings))]
        patterns[last] = closings[_scaled(self._stream.uniform(len(last)), len(closings))]
        closing = np.full(len(patterns), self._words.number["comma"])
        closing[last] = self._words.number["stop"]
        classes, ends = self._words.lay_out(patterns, closing)
        tokens = self._words.draw(classes, self._stream.uniform(len(classes)))
        return ["".join(tokens[start:end]) for start, end in pairwise((0, *ends[last].tolist()))]


class _Words:
    """Words by classes, and patterns as sequences of classes; what a pattern prints as it is, is a class of one."""

    def __init__(self, classes: Mapping[str, Sequence[str]], patterns: Sequence[str]) -> None:
        pieces = [[match[1] or match[2] for match in _PIECE.finditer(pattern)] for pattern in patterns]
        listed = {**{piece: [piece] for words in pieces for piece in words}, **classes}
        self.number = {name: number for number, name in enumerate(listed)}
        self._table = np.array([word for words in listed.values() for word in words], dtype=object)
        self._sizes = np.array([len(words) for words in listed.values()])
        self._offsets = np.cumsum(self._sizes) - self._sizes
        self._skewed = np.array([name == "set" for name in listed])
        self._slots = np.array([self.number[piece] for words in pieces for piece in words])
        self._n_slots = np.array([len(words) for words in pieces])
        self._first_slots = np.cumsum(self._n_slots) - self._n_slots

    def lay_out(self, patterns: IntArray, closing: IntArray) -> tuple[IntArray, IntArray]:
        """Return the classes of the words of clauses, each with its closing mark, and where each clause ends."""
        lengths = self._n_slots[patterns] + 1
        ends = np.cumsum(lengths)
        steps = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
        places = np.repeat(self._first_slots[patterns], lengths) + steps
        classes = self._slots[np.minimum(places, len(self._slots) - 1)]
        classes[ends - 1] = closing
        return classes, ends

    def draw(self, classes: IntArray, numbers: FloatArray) -> list[str]:
        """Return a word of each class; those of set clauses become rarer down their list, the others are alike."""
        shares = np.where(self._skewed[classes], numbers * numbers, numbers)
        words: list[str] = self._table[self._offsets[classes] + _scaled(shares, self._sizes[classes])].tolist()
        return words


def _scaled(numbers: FloatArray, sizes: IntArray | int) -> IntArray:
    scaled: IntArray = (numbers * sizes).astype(np.int64)
    return scaled


_PATTERNS = {
    "plain": _PLAIN,
    "particular": _PARTICULAR,
    "with_year": _WITH_YEAR,
    "set": ("{set}",),
    "slotted": _SLOTTED,
}


@cache
def _words() -> _Words:
    classes = _word_classes()
    return _Words({**classes, "set": _set_clauses(classes)}, [one for group in _PATTERNS.values() for one in group])


@cache
def _word_classes() -> dict[str, Sequence[str]]:
    names = [first + second for first in NAME_CHARACTERS for second in NAME_CHARACTERS if first != second]
    return {
        "noun": NOUNS,
        "verb": VERBS,
        "do": SETTING_VERBS,
        "head": HEADS,
        "adverb": ADVERBS,
        "aim": AIMS,
        "urge": URGING_VERBS,
        "spend": SPENDING_VERBS,
        "build": BUILDING_VERBS,
        "measure": MEASURE_WORDS,
        "count": [str(count) for count in range(2, 480)],
        "amount": [f"{amount / 10:.1f}".removesuffix(".0") for amount in range(105, 29_995, 7)],
        "percent": [f"{share / 10:.1f}" for share in range(601, 1_000)],
        "month": [str(month) for month in range(1, 13)],
        "day": [str(day) for day in range(1, 29)],
        "name": names,
        "town": names,
        "comma": ["，"],
        "stop": [*"。" * 6, "；"],
        **{slot: [f"{{{slot}}}"] for slot in SLOTS},
    }


def _set_clauses(classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the short clauses that recur in every panel, the commonest first."""
    stream = Stream(0)
    return list(dict.fromkeys(_fill(stream.pick(_SET), classes, stream) for _ in range(_N_SET_CLAUSES)))


def _fill(pattern: str, classes: Mapping[str, Sequence[str]], stream: Stream) -> str:
    return _PIECE.sub(lambda piece: stream.pick(classes[piece[1]]) if piece[1] else piece[2], pattern)


@cache
def _menus() -> dict[Kind, tuple[IntArray, IntArray, IntArray]]:
    """Return for each kind the patterns of its first clause, of those between, and of its last.

    Set clauses stand last only, so that no two of them meet.
    """
    others = _menu(plain=1, particular=1)
    closings = _menu(plain=30, particular=30, set=40)
    return {
        "own": (_menu(plain=40, particular=20, with_year=4), others, closings),
        "timeless": (_menu(plain=40, particular=20), others, closings),
        "stock": (_menu(plain=1), _menu(plain=60, slotted=40), _menu(plain=60, set=40)),
    }


def _menu(**weights: int) -> IntArray:
    """Return numbers of patterns such that each group has its weight among them."""
    first = dict(zip(_PATTERNS, np.cumsum([0, *map(len, _PATTERNS.values())]).tolist(), strict=False))
    common = lcm(*(len(_PATTERNS[group]) for group in weights))
    return np.array(
        [
            first[group] + number
            for group, weight in weights.items()
            for number in range(len(_PATTERNS[group]))
            for _ in range(weight * common // len(_PATTERNS[group]))
        ]
    )
