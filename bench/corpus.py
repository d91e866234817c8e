"""Corpus: documents made from a fixed seed, with the lengths and shapes of real ones.

    python bench/corpus.py FOLDER [--documents 1000] [--seed 1]

Most sentences are routine; about one in forty says something that a rule looks for. All words are ours.
"""

from __future__ import annotations

import argparse
import random
from itertools import pairwise
from pathlib import Path

_PLACES = ["清河县", "东岭市", "安平区", "北川县", "临江市", "望海区", "长桥镇", "云山县"]
_TOPICS = [
    "户外广告",
    "农贸市场",
    "停车设施",
    "校外托管",
    "养犬",
    "建筑垃圾",
    "共享单车",
    "燃气经营",
    "民宿",
    "老旧小区改造",
    "中小企业发展",
    "人才引进",
    "政府采购",
    "招商引资",
    "农村公路",
    "河道采砂",
    "物业服务",
    "招标投标",
]
_KINDS = ["管理办法", "实施细则", "暂行规定", "实施方案", "若干措施"]
_ACTORS = [
    "经营者",
    "建设单位",
    "施工单位",
    "申请人",
    "投标人",
    "用人单位",
    "物业服务人",
    "居民",
    "村民",
    "从业人员",
]
_ORGANS = [
    "县人民政府",
    "市场监督管理部门",
    "住房和城乡建设部门",
    "街道办事处",
    "财政部门",
    "公安机关",
    "教育部门",
    "农业农村部门",
]
_DUTIES = [
    "建立健全管理制度",
    "按照各自职责做好有关工作",
    "定期组织检查并公布结果",
    "加强宣传和培训",
    "及时受理投诉并答复",
    "保存有关记录不少于三年",
    "遵守法律、法规和国家标准",
    "采取措施保障安全",
    "配合监督检查",
    "如实提供有关资料",
    "优化办事流程，减少申请材料",
    "推进信息共享和业务协同",
    "落实安全生产责任",
    "完善应急预案并组织演练",
    "合理安排资金，加强绩效管理",
]
_ROUTINE = [
    "为了规范{topic}，维护公共利益，根据有关法律、法规，结合本地实际，制定本办法",
    "本办法适用于本行政区域内的{topic}活动",
    "{organ}负责本行政区域内{topic}的监督管理，其他部门按照各自职责做好相关工作",
    "{actor}应当{duty}",
    "{organ}应当{duty}",
    "{organ}可以根据需要组织专家论证，听取社会公众意见",
    "任何单位和个人有权对{topic}中的违法行为进行举报，{organ}应当及时处理并为举报人保密",
    "违反本办法规定的行为，法律、法规已有处罚规定的，从其规定",
    "{organ}及其工作人员不得干预{actor}的正常经营活动",
    "不得以任何形式向{actor}收取保证金",
    "鼓励{actor}采用新技术、新工艺，{duty}",
    "{actor}对处理决定不服的，可以依法申请行政复议或者提起行政诉讼",
    "所需经费列入本级财政预算，专款专用",
]
_FLAGGED = [
    "{actor}应当在开工前向{organ}缴纳文明保证金二万元",
    "{actor}应当在本县设立分公司并在本县纳税，方可参加投标",
    "未经{organ}备案的，{actor}不得从事{topic}活动",
    "违反前款规定的，由{organ}处以五千元罚款",
    "拒不整改的，由供水、供电企业停止供水供电",
    "{topic}统一由县城投公司负责经营",
    "按企业缴纳税收地方留成部分的百分之五十给予奖励",
    "同等条件下优先采购本地企业产品",
]


#: Quantiles of the lengths of real normative documents (characters): median 2,500, mean about 3,900.
LENGTHS = (
    (0.0, 300), (0.1, 800), (0.25, 1400), (0.5, 2500), (0.75, 4400), (0.9, 7400), (0.97, 13_500),
    (0.995, 28_000), (1.0, 60_000),
)  # fmt: skip


def drawn_length(rng: random.Random) -> int:
    """A length drawn from LENGTHS, straight lines between the quantiles."""
    share = rng.random()
    for (low, short), (high, long) in pairwise(LENGTHS):
        if share <= high:
            return round(short + (long - short) * (share - low) / (high - low))
    raise AssertionError("the last quantile is 1")


def document(rng: random.Random, length: int = 0) -> str:
    """One document of about ``length`` characters (0: drawn like real ones, see LENGTHS)."""
    length = length or drawn_length(rng)
    place, topic, kind = rng.choice(_PLACES), rng.choice(_TOPICS), rng.choice(_KINDS)
    title = f"{place}{topic}{kind}"
    lines = [
        f"{place}人民政府关于印发《{title}》的通知",
        f"{place[:2]}政发〔{rng.randint(2019, 2025)}〕{rng.randint(1, 90)}号",
        "各乡镇人民政府，县政府各部门：",
        f"现将《{title}》印发给你们，请遵照执行。",
        f"{place}人民政府",
        f"{rng.randint(2019, 2025)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
        title,
    ]
    size = sum(map(len, lines))
    article = chapter = 0
    while size < length:
        if article % 9 == 0:
            chapter += 1
            lines.append(
                f"第{_chinese(chapter)}章　{rng.choice(['总则', '管理', '服务', '监督', '附则'])}"
            )
        article += 1
        block = _article(rng, article, topic)
        lines += block
        size += sum(map(len, block))
    lines.append(f"第{_chinese(article + 1)}条　本办法自2025年6月1日起施行，有效期五年。")
    return "\n".join(lines) + "\n"


def _article(rng: random.Random, number: int, topic: str) -> list[str]:
    head = f"第{_chinese(number)}条　"
    if rng.random() < 0.25:
        items = [f"（{_chinese(i)}）{rng.choice(_DUTIES)}；" for i in range(1, rng.randint(3, 7))]
        return [f"{head}{rng.choice(_ACTORS)}应当遵守下列规定：", *items]
    sentences = [
        "。".join(_sentence(rng, topic) for _ in range(rng.randint(1, 3))) + "。"
        for _ in range(rng.randint(1, 3))
    ]
    return [head + sentences[0], *(f"　　{s}" for s in sentences[1:])]


def _sentence(rng: random.Random, topic: str) -> str:
    template = rng.choice(_FLAGGED if rng.random() < 0.025 else _ROUTINE)
    return template.format(
        topic=topic, actor=rng.choice(_ACTORS), organ=rng.choice(_ORGANS), duty=rng.choice(_DUTIES)
    )


def _chinese(number: int) -> str:
    from checker.numerals import chinese_number

    return chinese_number(number)


def write(folder: Path, documents: int, seed: int = 1, length: int = 0) -> None:
    """Write the documents as UTF-8 text files."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    for i in range(documents):
        (folder / f"d{i:06}.txt").write_text(document(rng, length), encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.folder, options.documents, options.seed)


if __name__ == "__main__":
    main()
