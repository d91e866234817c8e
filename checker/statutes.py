"""Statutes: the rank of a cited law, told from its name and number.

Sources: 立法法 on who may make what; 行政法规制定程序条例 and 规章制定程序条例 on names. A register with
versions and dates comes later; until then a name alone decides, and what it cannot tell is "".
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Ranks from the highest down; the order is that of 立法法第九十八条 ff.
RANKS = ("宪法", "法律", "行政法规", "国务院文件", "地方性法规", "规章", "规范性文件")

_PLACE = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|自治州|州|县|区|特区)|北京|天津|上海|重庆|内蒙古|广西|西藏|宁夏|新疆)"
)
_LAW = re.compile(r"(?:法|法典|刑法修正案（.+）)$")
_NO_LAW = re.compile(
    r"(?:办法|书|证|表|合同|协议|方法|执照|许可证|手册|名录|目录|报告|说法|做法|用法|指南|清单|公报|通报|日报)$"
)
_STATE = re.compile(r"^(?:国务院|中共中央)")
_RULES = re.compile(r"(?:办法|规定|规则|细则|规程)(?:（.+）)?$")
_NORMATIVE = re.compile(
    r"(?:通知|意见|方案|措施|决定|通告|公告|批复|函|规划|指导意见|工作要点)(?:（.+）)?$"
)


@lru_cache(maxsize=8192)
def rank_of(name: str, number: str = "") -> str:
    """Rank of a law by its full or short name and its document number; "" when it is no law.

    《…法》 is 法律, 《…条例》 行政法规 or, with a place, 地方性法规; 国发 and 国办发 are 国务院文件; a
    document number 〔年〕N号 otherwise means 规范性文件; 办法、规定 without one are taken as 规章.
    """
    bare = name.replace("中华人民共和国", "").strip("〈〉 ")
    if bare == "宪法":
        return "宪法"
    if re.search(r"国(?:办)?发(?:明电)?〔", number) or (
        _STATE.match(bare) and _NORMATIVE.search(bare)
    ):
        return "国务院文件"
    if "国务院令" in number:
        return "行政法规"
    if re.search(r"令第?\d+号", number):
        return "规章"
    if "〔" in number:
        return "规范性文件"
    return _rank_by_title(bare, bool(_PLACE.match(bare)))


def _rank_by_title(bare: str, local: bool) -> str:
    if not bare or (_NO_LAW.search(bare) and not bare.endswith("办法")):
        return ""
    if re.search(r"条例(?:（.+）)?$|法实施细则$|实施条例$", bare):
        return "地方性法规" if local else "行政法规"
    if re.search(r"实施.*法.*办法$|〈.+法〉办法$", bare) and local:
        return "地方性法规"
    if _LAW.search(bare) and not bare.endswith("办法"):
        return "法律"
    if _STATE.match(bare):
        return "行政法规"
    if _RULES.search(bare):
        return "规章"
    if _NORMATIVE.search(bare):
        return "规范性文件"
    return ""
