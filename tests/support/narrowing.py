"""Makes a vendor's document one that prism checks bodies by: only some paths, and nothing that stops its validator.

Prism passes over a schema that its validator does not compile, without a word (5.14, 2026): `nullable` without a type,
null said twice among values, and what refers to itself.
"""

import json
from pathlib import Path
from typing import Any

import yaml

DEEPEST = 40
"""Schemas that contain themselves end here, in one that allows anything."""
NULL = {"type": "string", "nullable": True, "maxLength": 0}
UNCHECKED = ("example", "examples", "description", "x-tags", "links")


def narrowed(spec: Path, paths: set[str], into: Path) -> Path:
    """A document with these paths of another one, written into a folder."""
    told = loaded(spec)
    kept = {path: _whole(told, told["paths"][path], ()) for path in sorted(paths)}
    document = {"openapi": told["openapi"], "info": {"title": "narrowed", "version": "1"}, "paths": kept}
    written = into / "narrowed.json"
    written.write_text(json.dumps(document), encoding="utf-8")
    return written


def loaded(spec: Path) -> dict[str, Any]:
    """A document, in JSON or in YAML."""
    text = spec.read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(text) if spec.suffix == ".json" else yaml.safe_load(text)
    return told


def _whole(document: dict[str, Any], part: Any, above: tuple[str, ...]) -> Any:
    """The part with whatever it refers to in it; `above` are the references it is reached by."""
    if isinstance(part, list):
        return [_whole(document, one, above) for one in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref")
    if isinstance(reference, str):
        if reference in above or len(above) > DEEPEST:
            return {}
        return _whole(document, _found(document, reference), (*above, reference))
    kept = {name: one for name, one in part.items() if name not in UNCHECKED or _is_field(one)}
    return _compiling({name: _whole(document, one, above) for name, one in kept.items()})


def _compiling(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema in words that the validator takes: `nullable` has a type, and adds the null to a list of values."""
    if not isinstance(schema.get("nullable"), bool):
        return schema
    plain = {name: one for name, one in schema.items() if name != "nullable"}
    if not schema["nullable"]:
        return plain
    if not isinstance(schema.get("type"), str):
        return {"anyOf": [plain, NULL]}
    if isinstance(values := schema.get("enum"), list):
        return {**schema, "enum": [value for value in values if value is not None]}
    return schema


def _is_field(part: Any) -> bool:
    """Whether it is the schema of a property that has such a name."""
    return isinstance(part, dict) and ("type" in part or "$ref" in part)


def _found(document: dict[str, Any], reference: str) -> Any:
    part: Any = document
    for name in reference.removeprefix("#/").split("/"):
        part = part[name.replace("~1", "/").replace("~0", "~")]
    return part
