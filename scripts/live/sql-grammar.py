"""Reads statements with the parser of their dialect, and fails at one that it cannot read or reads as something unknown."""

import json
import sys
from pathlib import Path

import sqlglot
from sqlglot import exp

for statement in json.loads(Path(sys.argv[1]).read_text()):
    trees = sqlglot.parse(statement["sql"], read=statement["read"], error_level=sqlglot.ErrorLevel.RAISE)
    if len(trees) != 1 or trees[0] is None or list(trees[0].find_all(exp.Command)):
        raise SystemExit(f"{statement['what']}: not one statement that can be understood")
    unknown = sorted({call.name.lower() for call in trees[0].find_all(exp.Anonymous)})
    print(f"{statement['what']}: read; functions that the parser does not know: {', '.join(unknown) or 'none'}")
