"""Names that tie a sentence to one place: other places, works and sites, events, bodies, honours, people in office.

They are found by the table of divisions, and by what such names end in where the words before are no general ones
(通达大桥 is a name, 跨江大桥 is none).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.field.divisions import Division, Divisions, find_places
from corpus.field.lexicon import FactKind
from corpus.report.reports import Report

_HAN = "㐀-鿿"


class ProperName(NamedTuple):
    """A name at ``start:end`` of a text."""

    start: int
    end: int
    kind: FactKind
    is_firm: bool


# Words that may stand before a work or a body without naming it.
_GENERAL = (
    "一批|一个|一座|一条|多个|各类|各级|各地|各|全市|全省|全县|全区|全州|全国|我市|我省|我县|我区|本市|市域|县域|省域|区域|国家级|国家|国际|省级|市级|县级|区级|乡级|村级|镇级|省|市|"
    "县|区|乡镇|乡|镇|村|州|"
    "国内外|国内|国外|世界级|世界|全球|中央|地方|重点|重大|重要|大型|中型|小型|特大|高端|先进|现代化|现代|新型|新|老旧|老|旧|综合性|综合|专业化|专业|特色|公共|基层|社区|农村|城市|城镇|"
    "城乡|乡村|城区|主城区|中心城区|"
    "入|填|林田|推行|落实|严格|抓实|增强|巡|护|爱|母亲|争取|筹办|筹备|国省道|国省干线|干道|道|换|充换|县城|智慧|智能|数字化|数字|信息|绿色|生态|低碳|零碳|优质|优势|传统|历史|文化|"
    "文旅|旅游|体育|教育|医疗|卫生|健康|养老|托育|托幼|公办|民办|普惠性|普惠|职业|高等|义务|农业|农产品|农田|粮食|食品|工业|化工|化学|产业|科技|科创|"
    "创新|创业|双创|孵化|研发|技术|制造业|制造|新能源|能源|清洁|电力|水利|水资源|防洪|灌溉|供水|饮水|污水|垃圾|固废|环保|交通|物流|冷链|快递|客运|货运|枢纽|港口|航空|航运|内河|高速|"
    "普通|干线|跨海|跨江|过江|跨河|过河|轨道|快速|"
    "市政|道路|街道|公路|农村公路|国省|国道|省道|铁路|高铁|桥梁|停车|充电|商业|商贸|消费|购物|夜间|步行|休闲|口袋|主题|郊野|山地|滨水|滨江|滨海|沿江|沿海|沿河|城际|市郊|省际|县际|区际|"
    "跨省|跨市|跨区|跨境|对外|边境|"
    "中心|示范|试点|标准化|标准|规范化|精品|品牌|标志性|标杆|龙头|骨干|核心|主要|关键|基础|配套|共享|开放|合作|联合|协同|融合|集成|一体化|一流|高标准|高水平|高质量|高品质|高能级|高新|"
    "战略性|战略|新兴|未来|"
    "专项|系列|民生|安置|保障性|保障|公益|惠民|便民|利民|应急|救援|消防|安全|人才|就业|创意|金融|保税|外贸|进出口|数据|算力|大数据|云计算|人工智能|互联网|工业互联网|通信|网络|"
    "建设|新建|改建|扩建|续建|在建|共建|创建|筹建|组建|兴建|建成|推进|推动|加快|促进|完成|实施|启动|打造|优化|提升|改造|整治|治理|修复|保护|开发|利用|发展|培育|壮大|做强|做大|支持|"
    "鼓励|引导|统筹|规划|布局|谋划|争取|"
    "引进|运营|管理|服务|监管|投入|使用|投用|开工|竣工|建好|办好|管好|用好|提质|扩容|升级|完善|健全|强化|加强|深化|聚焦|围绕|依托|发挥|落实|抓好|做好|开展|组织|举办|承办|参加|成功|"
    "顺利|积极|全面|深入|持续|扎实|稳步|有序|大力|着力|"
    "二级|三级|三甲|三级甲等|甲等|公立|中医|妇幼|儿童|人民|中小学|中学|小学|幼儿|优秀|知名|特殊|薄弱|寄宿制|九年一贯制|完全|普通高中|高中|初中|学校|高校|大学|医院|企业|园区|景区|景点|"
    "湖泊|河流|江河|山水|山|水|河|湖|海|"
    "国有|集体|民营|外资|中小|上市|金融机构|银行|保险|证券|村镇|商业|政策性|开发性|集团|总部|平台|功能|产城|产学研|军民|红色|革命|爱国主义|自然|森林|湿地|地质|野生|动植物|生物|海洋|海上|"
    "深海|远海|"
    "的|和|与|及|等|在|对|为|向|从|将|把|由|以|是|有|到|至|于|了|个|家|所|座|条|处|项|批|类|这|那|其|该|本|两|三|四|五|六|七|八|九|十|百|千|万|余|多|数|首|第|再|又|"
    "也|都|均|并|且|或|非|无|未|不|更|最|较|大|小|高|低|中|上|下|内|外|前|后|"
    "东部|西部|南部|北部|中部|东|西|南|北|全域|全民|全龄|全季|四季|冬季|夏季|年度|近期|远期|一期|二期|三期|整体|主体|工程|项目|行动|计划|方案|体系|机制|制度|政策|措施|试验|实验|检验|"
    "检测|研究|设计|展示|展览|交易|会展|会议|培训|实训|"
    "活动|赛事|行业|领域|方面|部门|单位|机构|组织|协会|商会|联盟|社会|经济|民族|双拥|文明|和谐|平安|美丽|幸福|宜居|宜业|韧性|海绵|森林|园林|卫生|健身|运动|足球|篮球|乒乓球|羽毛球|游泳|"
    "滑雪|冰雪|戏曲|非遗|文物|考古|古迹|遗址"
)
_OPENS_NAME = (
    r"(?:^|(?<=[，,。；;：:、！!？?（）()“”《》\n——\s0-9])|(?<=建设)|(?<=推进)|(?<=加快)|(?<=推动)|(?<=完成)|(?<=实施)|(?<=启动)|(?<=开工)|"
    r"(?<=建成)|(?<=打造)|(?<=投用)|(?<=开通)|(?<=举办)|(?<=承办)|(?<=办好)|(?<=支持)|"
    "(?<=引进)|(?<=落户)|(?<=新建)|(?<=改造)|(?<=扩建)|(?<=续建)|(?<=提升)|(?<=治理)|(?<=整治)|(?<=保护)|(?<=修复)|(?<=开发)|(?<=依托)|"
    "(?<=成立)|(?<=设立)|(?<=组建)|(?<=入驻)|(?<=争取)|(?<=谋划)|(?<=做好)|(?<=抓好)|(?<=参加)|"
    "(?<=[和与及在至到对把将从于由是为的等]))"
)
_WORKS = (
    "高铁|铁路|高速公路|高速|机场|大桥|特大桥|隧道|水库|枢纽|电厂|电站|核电|抽水蓄能|航道|运河|灌区|地铁|轻轨|大道|快速路|火车站|客运站|西站|东站|南站|北站|码头|港区|新港|博物馆|美术馆|"
    "大剧院|会展中心|文化中心|体育中心|奥体中心|"
    "产业园|科技园|科创园|物流园|工业园|科技城|科学城|未来城|软件园|经开区|高新区|开发区|保税区|新区|新城|片区|古城|古镇|古街|历史文化街区|景区|度假区|湿地公园|森林公园|国家公园|地质公园|湿地|"
    "人民医院|中医院|中心医院|妇幼保健院|"
    "校区|院区|岛|湖|河|江|湾|溪|半岛|沙漠|草原|林场|农场|遗址|油田|气田"
)
_WORK = re.compile(rf"{_OPENS_NAME}(?P<name>[{_HAN}]{{1,8}}?)(?P<end>{_WORKS})(?![长者豚鲜鱼豹])")
_EVENTS = (
    "大赛|运动会|亚运会|冬奥会|博览会|交易会|推介会|马拉松|锦标赛|联赛|公开赛|邀请赛|文化节|旅游节|艺术节|音乐节|"
    "啤酒节|美食节|电影节|龙舟赛|自行车赛|论坛|峰会|展览会|洽谈会|商品会|年会|世博会|广交会|进博会|服贸会|园博会|花博会|省运会|全运会"
)
_EVENT = re.compile(
    rf"(?P<name>(?:(?:首|第[一二三四五六七八九十百\d]+)届)?[{_HAN}A-Za-z0-9·]{{2,16}}?)(?P<end>{_EVENTS})"
)
_NUMBERED = re.compile("(?:首|第[一二三四五六七八九十百0-9]+)届")
_BODIES = re.compile(
    rf"{_OPENS_NAME}(?P<name>[{_HAN}A-Za-z0-9]{{2,12}}?)(?P<end>集团|股份|公司|证券|实验室|研究中心|研究院|学院|大学|药业|重工|控股|酒业|乳业|"
    rf"石化|商会|基金会|银行)"
    "(?![生法章制化业员长级教站岗区龄城村])"
)
_QUOTED = re.compile(rf"[“「『](?P<name>[{_HAN}A-Za-z0-9·+\-、]{{3,24}})[”」』]")
_NAMED_BEHIND = re.compile(
    "[\u4e00-\u9fff]{0,6}?(?:活动|品牌|计划|工程|项目|节目|平台|系统|模式|大赛|联赛|赛事|论坛|专列|班列|航线|专线|基地|片区|街区|园区|商圈|景区|线路|码|卡|贷|险|券|"
    "号|节|周|季|展|小程序|公众号|APP|应用|场景|"
    "特派员|工作室|驿站|之家|热线|专区|机器人|卫星|舰|船|商标|地理标志|联盟|先河|做法|案例|故事|合作|共识)"
)
_DISASTER = re.compile(
    "[“「]?\\d{1,2}[·.．]\\d{1,2}[”」]?[^，,。；;、\n]{0,8}?(?:暴雨|洪|地震|事故|火灾|泥石流|滑坡|疫情|案)|"
    "台风[“「][^”」\n]{1,6}[”」]|[“「][^”」\n]{1,6}[”」](?:等|超强|强)*台风"
)
_CONFERRING = (
    "成功创建|创成|荣获|获评|获批|喜获|斩获|勇夺|夺得|摘得|荣膺|荣登|入选|入围|跻身|上榜|被评为|被授予|"
    "被认定为|被确定为|被列为|被列入|被命名为|列入|纳入"
)
_CONFERRED = re.compile(
    rf"(?:{_CONFERRING})(?:成为|为)?(?:[^，,。；;、\n]{{0,6}}?)(?:[“「][^”」\n]{{2,40}}[”」]|(?:全国|国家|全省|"
    rf"全区(?=[^，,。；;、\n]{{2,30}}试点)|"
    rf"省级|国家级|世界|国际|全球|中国|联合国|亚洲|首批|第[一二三四五六七八九十]批|中央|住建部|工信部|财政部|省)[^，,。；;、\n]{{2,40}})"
)
_FIRST = re.compile(
    "(?:全国|全省|全区|全市|全球|世界|亚洲|国内|西南|西北|华东|华中|华南|华北|东北|西部|中部|长三角|粤东|沿江)(?:地级市|同类城市|城市|各市|设区市|市州|地级以上城市)?"
    "(?:首[个批家创例座条张次位款部届台艘]|第[一二三四五六七八九十\\d]+|唯一|之首|率先)(?!责任|时间|线|阵营|要务|方阵|梯队|书记)"
)
_TITLED = "书记|省长|市长|县长|区长|州长|镇长|局长|主任|院长|校长|会长|董事长|总经理|院士|教授|研究员|博士|同志"
_NATIONWIDE = frozenset(("雪亮工程", "雨露计划", "天网工程", "头雁工程", "枫桥式", "枫桥式工作法", "菜篮子", "米袋子"))
_NUMERAL = re.compile("[0-9+＋一二三四五六七八九十百千万两双]")
_LEADERS = "习近平|毛泽东|邓小平|江泽民|胡锦涛"
_NO_PERSON = re.compile(f"{_LEADERS}|高校|高级|常年|任课|任组|任副|方面|金融|龙头|万名|各位|老")
_SHORTEST = 2
# Whatever stands up to one of these is no part of the name behind it.
_LEADING = re.compile(
    ".*(?:[的和与及在至到对将从等]|建设|推进|加快|推动|完成|实施|启动|打造|支持|力争|强化|奋力|坚持|争创|全力|加大|提振|清理|擦亮|迈向|创建|退出|增设|设置|加速|整合|做大|做强|"
    "培育|引进|引入|引育|深化|创新|开创|谱写|提升|提高|优化|完善|纳入|融入|抢抓|紧扣|聚焦|依托|规划|谋划|争取|改造|治理|整治|保护|修复|新增|新建|续建|扩建|改建|开工|投用|建成|成立|"
    "设立|组建|联合|办好|举办|承办|走进|进入|落户|入驻|获评|成功)"
)
# A name without unit stands for the place where nothing behind makes it a part of another word.
_NO_PLACE_AFTER = re.compile("[式话货路街巷镇乡村]|大街|大道|时间|会议精神|精神|共识|宣言")
_NATIONAL_STREAMS = re.compile(
    "^(?:长江|黄河|江河|长江黄河|大运河|京杭大运河|银河|山河|大江|大河|黄渤海|渤海湾|北部湾|粤港澳大湾|大湾|南水北调)$"
)


def home_of(report: Report, table: Divisions) -> tuple[Division, ...]:
    """Return the divisions that a report may be of, by its code, else by the name of its place."""
    code = report.value("adcode")
    rows = tuple(row for row in table.rows if row.code == code)
    return rows or (table.named(report.place) if report.place else ())


@lru_cache(maxsize=1)
def _general_pattern() -> re.Pattern[str]:
    words = sorted(set(_GENERAL.split("|")), key=len, reverse=True)
    return re.compile("(?:" + "|".join(words) + ")+")


def _is_general(name: str) -> bool:
    return _general_pattern().fullmatch(name) is not None


def find_proper_names(
    text: str, table: Divisions, *, own: Sequence[Division], surnames: Sequence[str], known: Collection[str]
) -> Iterator[ProperName]:
    """Yield the names in a text that only one or a few places can have; they may overlap.

    Parameters
    ----------
    text : str
    table : Divisions
    own : sequence of Division
        The divisions that the report is of: they and what they lie in are no particulars of it.
    surnames : sequence of str
    known : collection of str
        Terms of the field and the nation (放管服, 一带一路) that name nothing here.
    """
    yield from _places(text, table, own)
    names = {row.name for row in own} | {row.stem for row in own if row.stem}
    for match in _CONFERRED.finditer(text):
        yield ProperName(*match.span(), "honour", True)
    for match in _FIRST.finditer(text):
        yield ProperName(*match.span(), "honour", True)
    for match in _EVENT.finditer(text):
        if (numbered := _NUMBERED.search(match["name"])) is not None:
            yield ProperName(match.start() + numbered.start(), match.end(), "project", True)
        elif (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "project", True)
    for match in _WORK.finditer(text):
        if (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "place", True)
    for match in _BODIES.finditer(text):
        if (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "organisation", True)
    for match in _QUOTED.finditer(text):
        name = match["name"]
        if _NUMERAL.search(name) or name in _NATIONWIDE:  # “1+5+N” and “两高一低” are mottoes
            continue
        if name not in known and any(own_name in name for own_name in names):
            yield ProperName(*match.span(), "project", True)
        elif name not in known and _NAMED_BEHIND.match(text, match.end()):
            yield ProperName(*match.span(), "project", len(name) >= 4)
    for match in _DISASTER.finditer(text):
        yield ProperName(*match.span(), "project", True)
    for match in _titled_pattern(tuple(surnames)).finditer(text):
        if not _NO_PERSON.search(match[0]):
            yield ProperName(*match.span(), "person", True)


def _named_from(match: re.Match[str], own: Collection[str]) -> int | None:
    """Return where a name begins behind the general words before it; None where nothing names."""
    name = match["name"]
    leading = _LEADING.match(name)
    skipped = leading.end() if leading else 0
    general = _general_pattern().match(name, skipped)
    skipped = general.end() if general else skipped
    rest, end = name[skipped:], match["end"]
    shortest = 1 if len(end) == 1 else _SHORTEST
    if len(rest) < shortest or _is_general(rest) or _is_general(rest + end) or rest in own:
        return None
    return None if _NATIONAL_STREAMS.match(rest + end) else match.start() + skipped


@lru_cache(maxsize=8)
def _titled_pattern(surnames: tuple[str, ...]) -> re.Pattern[str]:
    name = f"[{''.join(surnames)}][{_HAN}]{{1,2}}" if surnames else "(?!)"
    return re.compile(rf"(?:(?<![{_HAN}])|(?<=[由请聘])){name}(?:{_TITLED})")


def _places(text: str, table: Divisions, own: Sequence[Division]) -> Iterator[ProperName]:
    """Yield the divisions that a text names, but for the own ones and those above; what lies in the own one counts."""
    found = find_places(text, table, short=True)
    taken = {place for mention in found for place in range(mention.start, mention.end)}
    for mention in found:
        if not _is_own(mention.divisions, own):
            yield ProperName(mention.start, mention.end, "place", True)
    start = 0
    while start < len(text) - 1:
        step = 1
        for length in table.stem_starts.get(text[start : start + 2], ()) if start not in taken else ():
            rows = table.stems.get(text[start : start + length])
            if rows is None:
                continue
            step = length
            near = [row for row in rows if row.level != "county" or any(_near(row, one) for one in own)]
            if near and not _is_own(rows, own) and not _NO_PLACE_AFTER.match(text, start + length):
                yield ProperName(start, start + length, "place", True)
            break
        start += step


def _near(row: Division, own: Division) -> bool:
    return row.lies_in(own) or (row.code[:4] == own.code[:4] and own.level != "province")


def _is_own(rows: Sequence[Division], own: Sequence[Division]) -> bool:
    return any(row.code == one.code or row.name == one.name or one.lies_in(row) for row in rows for one in own)
