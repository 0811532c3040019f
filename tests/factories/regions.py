"""Divisions for tests: some rows of the national table, with their real codes and names.

南谯区, 中新苏滁高新区 and 双柏县 with all townships and the villages of some, 滁州 and 楚雄 with all counties,
one place hung under its prefecture (东莞), one county without townships (金门县), names that repeat (永阳社区居委会).
"""

from __future__ import annotations

import gzip
from pathlib import Path

from consult.regions.codes import level_of, possible_parents
from consult.regions.models import Region

DATA = Path("consult/regions/data/regions.csv.gz")
TABLE = """
110000000000 北京市
310000000000 上海市
310100000000 市辖区
310101000000 黄浦区
340000000000 安徽省
340100000000 合肥市
341100000000 滁州市
341102000000 琅琊区
341102004000 丰山街道
341102007000 扬子街道
341102007001 扬子社区居委会
341102007002 高桥社区居委会
341102007003 菱湖社区居委会
341102007006 永阳社区居委会
341102007009 菱溪社区居委会
341103000000 南谯区
341103003000 龙蟠街道
341103003001 文昌花园社区
341103003002 陡岗社区
341103003003 发能国际城社区
341103003004 龙蟠南苑社区
341103003015 永乐社区
341103003016 中都社区
341103003017 天逸华府社区
341103004000 银花街道
341103005000 同乐街道
341103005001 万桥社区
341103005002 担子社区
341103005003 阳明社区
341103005004 花园社区
341103005005 东坡社区
341103005006 同乐社区
341103100000 乌衣镇
341103101000 沙河镇
341103102000 章广镇
341103103000 黄泥岗镇
341103104000 珠龙镇
341103105000 大柳镇
341103106000 腰铺镇
341103107000 施集镇
341103107001 施集社区
341103107200 孙岗村委会
341103107201 井楠村委会
341103107202 荣誉村委会
341103107203 花山村委会
341103107204 龙蟠村委会
341103107205 丰山村委会
341103107206 河东村委会
341103107207 杨饭店村委会
341103107208 明张村委会
341103107209 大林村委会
341103107210 李集村委会
341103400000 南谯工业园区
341103401000 滁州高教科创城管委会
341122000000 来安县
341122100000 新安镇
341122100008 永阳社区居委会
341124000000 全椒县
341125000000 定远县
341126000000 凤阳县
341171000000 中新苏滁高新技术产业开发区
341172000000 滁州经济技术开发区
341172001000 凤凰街道
341172001001 兰天社区居委会
341172001002 十三里店社区居委会
341172001003 陈桥社区居委会
341172001004 花都路社区居委会
341172001400 滁州市经济技术开发区城南工业园社区
341172002000 紫薇街道
341172401000 滁州市经济技术开发区
341181000000 天长市
341182000000 明光市
350000000000 福建省
350500000000 泉州市
350527000000 金门县
440000000000 广东省
441900000000 东莞市
441900003000 东城街道
460000000000 海南省
460400000000 儋州市
530000000000 云南省
530100000000 昆明市
530102000000 五华区
530126000000 石林彝族自治县
530900000000 临沧市
530926000000 耿马傣族佤族自治县
530926103000 孟定镇
532300000000 楚雄彝族自治州
532301000000 楚雄市
532302000000 禄丰市
532322000000 双柏县
532322101000 妥甸镇
532322101001 东城社区居民委员会
532322101002 西城社区居民委员会
532322101003 康和社区居民委员会
532322101201 桂花井村民委员会
532322101202 箐口村民委员会
532322101203 小村农村社区
532322101204 大敌鲁村民委员会
532322101205 麦地新村民委员会
532322101206 丫口村民委员会
532322101207 罗少村民委员会
532322101208 和平村民委员会
532322101209 九石村民委员会
532322101210 新会村民委员会
532322101211 羊桥村民委员会
532322101212 马脚塘村民委员会
532322101213 马龙村民委员会
532322101214 中山农村社区
532322101215 窝碑村民委员会
532322101216 格邑村民委员会
532322102000 大庄镇
532322103000 法脿镇
532322104000 鄂嘉镇
532322105000 大麦地镇
532322201000 安龙堡乡
532322202000 爱尼山乡
532322203000 独田乡
532323000000 牟定县
532324000000 南华县
532325000000 姚安县
532326000000 大姚县
532327000000 永仁县
532328000000 元谋县
532329000000 武定县
532500000000 红河哈尼族彝族自治州
532600000000 文山壮族苗族自治州
532601000000 文山市
"""


def rows() -> list[Region]:
    """The rows as models, parents first."""
    names = dict(line.split(" ", 1) for line in TABLE.split("\n") if line)
    made: dict[str, Region] = {}
    for code, name in sorted(names.items()):
        parent = next((made[known] for known in possible_parents(code) if known in made), None)
        made[code] = Region(
            code=code,
            name=name,
            level=level_of(code),
            parent_code=parent.code if parent else None,
            path=f"{parent.path} / {name}" if parent else name,
        )
    return list(made.values())


def seed() -> None:
    """Put the rows in; those that are in already stay."""
    Region.objects.bulk_create(rows(), ignore_conflicts=True)


def abolish(code: str, on, successor: str = "") -> Region:
    """The division is gone since the day, and perhaps went into another."""
    Region.objects.filter(code=code).update(valid_to=on, successor=successor)
    return Region.objects.get(code=code)


def seed_county(prefix: str) -> None:
    """Every division of a county from the national table that the project ships."""
    known = set(Region.objects.within(prefix).values_list("code", flat=True))
    with gzip.open(DATA, "rt", encoding="utf-8") as rows:
        wanted = [row.rstrip("\n").split(",")[:2] for row in rows if row.startswith(prefix)]
    names = dict(Region.objects.values_list("code", "path")) | {}
    fresh = []
    for code, name in sorted(row for row in wanted if row[0] not in known):
        parent = next(one for one in possible_parents(code) if one in names)
        names[code] = f"{names[parent]} / {name}"
        fresh.append(Region(code=code, name=name, level=level_of(code), parent_code=parent, path=names[code]))
    Region.objects.bulk_create(fresh)
