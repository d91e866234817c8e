"""Compilation: rule models to compiled rules; every fault of every file is gathered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from checker.compiled import CompiledRule, Condition, Exemption, Line, Ruleset
from checker.faults import DeclarationError, Declared, Fault, nearest, read_declared
from checker.findings import Basis
from checker.patterns import Lists, PatternFault, Sequence, WordList, compile_pattern
from checker.rules import ExemptionModel, FamilyModel, ListModel, RuleModel, Words, read_rule

#: Exemptions that need the clause analysis; their tests are in checker.conditions.
BUILT_IN = {
    "prohibited": "条文是禁止这样做的",
    "repealed": "条文是取消、停止或者减免的",
    "described": "条文是在查处、纠正这类做法",
    "defined": "条文是下定义",
    "quoted": "条文是引用或者修改别的文字",
    "restated": "写明了足够位阶的依据条款",
    "encouraged": "条文只是鼓励、引导，没有强制",
    "internal": "条文只对机关内部提要求",
    "conditional": "出现在条件从句里，不是所设的规范",
}
#: Fields of a line by what they hold: patterns, words of a closed list, limits.
PATTERN_WORDS = (
    "with_",
    "without",
    "lead",
    "about",
    "title",
    "over",
    "before",
    "after",
    "missing",
)
VALUE_WORDS = (
    "modality",
    "bearer",
    "speech",
    "issuer",
    "rank",
    "dates",
    "irregular",
    "reference",
    "validity",
    "lacks",
)
LIMIT_WORDS = ("percent", "amount", "period")

_Place = tuple[Any, ...]


def compile_ruleset(files: list[tuple[str, Path]], version: str) -> Ruleset:
    """Compile all files. Raises DeclarationError with every fault."""
    compiler = Compiler(files)
    rules = compiler.rules()
    if compiler.faults:
        raise DeclarationError(compiler.faults)
    families = {code: model.title for code, model in compiler.families.items()}
    return Ruleset(tuple(rules), families, version)


class Compiler:
    """Reads lists, families and exemptions first, then the rules that use them."""

    def __init__(self, files: list[tuple[str, Path]]) -> None:
        self.files = files
        self.faults: list[Fault] = []
        self.lists: Lists = self._lists()
        self.families: dict[str, FamilyModel] = {}
        for declared in self._each("families.yaml", dict[str, FamilyModel]):
            self.families.update(declared.value)
        self.shared: dict[str, Exemption] = {}
        for declared in (
            *self._each("exemptions.yaml", dict[str, ExemptionModel]),
            *self._each("exemptions/", dict[str, ExemptionModel]),
        ):
            for name, model in declared.value.items():
                self.shared[name] = self._shared(declared, name, model)

    def _each(self, name: str, shape: Any) -> list[Declared[Any]]:
        """Every file of a name (or below a folder, for ``lists/``), read into its shape."""
        found = []
        for label, path in self.files:
            if label == name or (name.endswith("/") and label.startswith(name)):
                declared = self._try(partial(read_declared, path, shape, name=label))
                if declared is not None:
                    found.append(declared)
        return found

    def _try(self, read: Callable[[], Declared[Any]]) -> Declared[Any] | None:
        try:
            return read()
        except DeclarationError as error:
            self.faults.extend(error.faults)
            return None

    def _lists(self) -> dict[str, WordList]:
        models: dict[str, tuple[Declared[Any], ListModel]] = {}
        for declared in self._each("lists/", dict[str, ListModel]):
            for name, model in declared.value.items():
                models[name] = (declared, model)
        return {name: self._flatten(name, models, ()) for name in models}

    def _flatten(
        self, name: str, models: dict[str, tuple[Declared[Any], ListModel]], seen: tuple[str, ...]
    ) -> WordList:
        declared, model = models[name]
        words, excepted = list(model.words), list(model.not_)
        for i, other in enumerate(model.include):
            if other in seen or other == name or other not in models:
                why = (
                    "互相引用" if other in models else f"没有词表“{other}”{nearest(other, models)}"
                )
                self.faults.append(declared.fault(why, name, "include", i))
                continue
            inner = self._flatten(other, models, (*seen, name))
            words += inner.words
            excepted += inner.excepted
        if not words:
            self.faults.append(declared.fault(f"词表“{name}”是空的", name))
        return WordList(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(excepted)))

    def rules(self) -> list[CompiledRule]:
        """Compiled rules in order of id; a later file replaces an earlier one of the same id."""
        found: dict[str, CompiledRule] = {}
        for label, path in self.files:
            top = label.split("/", maxsplit=1)[0]
            if label in ("families.yaml", "exemptions.yaml") or top in ("lists", "exemptions"):
                continue
            declared = self._try(partial(read_rule, path, label))
            if declared is not None:
                rule = self.rule(declared, label)
                found[rule.id] = rule
        return [found[rule_id] for rule_id in sorted(found)]

    def rule(self, declared: Declared[RuleModel], origin: str) -> CompiledRule:
        model = declared.value
        code = model.id.split("-")[0]
        family = self.families.get(code)
        if family is None:
            self.faults.append(
                declared.fault(f"没有“{code}”这一类{nearest(code, self.families)}", "id")
            )
            family = FamilyModel(title=code)
        for i, words in enumerate(model.find):
            if words.validity and model.scope != "document":
                self.faults.append(
                    declared.fault("validity 要配合 scope: document", "find", i, "validity")
                )
        unless = [self._unless(declared, words, i) for i, words in enumerate(model.unless)]
        if model.defaults:
            unless += [self._named(declared, name, ("unless",)) for name in family.unless]
        return CompiledRule(
            model.id,
            model.title,
            code,
            model.severity,
            model.status,
            model.scope,
            tuple(Basis(b.law, b.at, b.number, b.from_, b.to) for b in model.basis),
            model.message,
            model.advice,
            self._conditions(declared, model.when, ("when",)) if model.when else (),
            tuple(self._line(declared, words, ("find", i)) for i, words in enumerate(model.find)),
            tuple({e.name: e for e in unless}.values()),
            tuple(family.applies),
            tuple(family.ranks),
            tuple(model.checks),
            model.general,
            model.mandatory,
            model.once,
            origin,
        )

    def _line(self, declared: Declared[Any], words: Words, place: _Place) -> Line:
        sequences = list(self._patterns(declared, words.text, (*place, "text"), True))
        labels: tuple[str, ...] = ()
        if words.act and words.object:
            joined = [f"({a}) … ({o})" for a in words.act for o in words.object]
            sequences += self._patterns(declared, joined, (*place, "act"), True)
            labels = ("act", "object")
        elif words.act or words.object:
            sequences += self._patterns(declared, [*words.act, *words.object], place, True)
        whole = words.missing or words.irregular or words.reference or words.validity or words.lacks
        if not sequences and not whole:
            self.faults.append(
                declared.fault("这一行没有写要找的词（text、act、object 或者 missing）", *place)
            )
        return Line(tuple(sequences), self._conditions(declared, words, place), labels)

    def _unless(self, declared: Declared[Any], words: Any, index: int) -> Exemption:
        place = ("unless", index)
        only = words.model_dump(exclude_defaults=True, by_alias=True)
        if list(only) == ["text"] and len(words.text) == 1:
            written = words.text[0]
            if written.isascii() and written.replace("_", "").isalnum():
                return self._named(declared, written, place)
        conditions = self._conditions(declared, words, place)
        if words.text or words.act or words.object:
            sequences = self._line(declared, words, place).sequences
            conditions = (Condition("with", sequences), *conditions)
        if not conditions:
            self.faults.append(declared.fault("这一项没有写条件", *place))
        name = words.name or (words.text[0] if words.text else f"unless-{index + 1}")
        return Exemption(name, words.why or name, (conditions,), words.effect)

    def _named(self, declared: Declared[Any], name: str, place: _Place) -> Exemption:
        if name in BUILT_IN:
            return Exemption(name, BUILT_IN[name], ((Condition(name),),))
        found = self.shared.get(name)
        if found is None:
            known = [*BUILT_IN, *self.shared]
            self.faults.append(
                declared.fault(f"没有豁免条件“{name}”{nearest(name, known)}", *place)
            )
            return Exemption(name, name, ())
        return found

    def _shared(self, declared: Declared[Any], name: str, model: ExemptionModel) -> Exemption:
        ways = []
        for i, words in enumerate(model.any):
            place = (name, "any", i)
            conditions = self._conditions(declared, words, place)
            if words.text or words.act or words.object:
                sequences = self._line(declared, words, place).sequences
                conditions = (Condition("with", sequences), *conditions)
            ways.append(conditions)
        return Exemption(name, model.title, tuple(ways), model.effect)

    def _conditions(
        self, declared: Declared[Any], words: Words, place: _Place
    ) -> tuple[Condition, ...]:
        made: list[Condition] = []
        for field in PATTERN_WORDS:
            patterns = getattr(words, field)
            if patterns:
                name = field.rstrip("_")
                made.append(Condition(name, self._patterns(declared, patterns, (*place, name))))
        for field in VALUE_WORDS:
            values = getattr(words, field)
            if values:
                made.append(Condition(field, values=tuple(values)))
        for field in LIMIT_WORDS:
            limit = getattr(words, field)
            if limit is not None:
                made.append(Condition(field, above=limit.above, below=limit.below))
        if words.cites is not None:
            made.append(
                Condition(
                    "cites",
                    self._patterns(declared, words.cites.law, (*place, "cites", "law")),
                    tuple(words.cites.rank),
                    flag=words.cites.article,
                )
            )
        if words.count is not None:
            of = self._patterns(declared, words.count.of, (*place, "count", "of"))
            made.append(Condition("count", of, above=words.count.above))
        if words.condition is not None:
            made.append(Condition("condition", flag=words.condition))
        return tuple(made)

    def _patterns(
        self, declared: Declared[Any], patterns: list[str], place: _Place, anchored: bool = False
    ) -> tuple[Sequence, ...]:
        found: list[Sequence] = []
        for pattern in patterns:
            try:
                found.extend(compile_pattern(pattern, self.lists, anchored=anchored))
            except PatternFault as fault:
                self.faults.append(declared.fault(str(fault), *place))
        return tuple(dict.fromkeys(found))
