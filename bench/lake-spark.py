"""Runs the statements of lake.mjs in a Spark cluster of two workers, each a process, and prints their times and bytes as JSON."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

WORKERS = 2


def main():
    wanted = json.loads(Path(sys.argv[1]).read_text())
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    events = tempfile.mkdtemp(prefix="tardy-spark-events-")
    session = (
        SparkSession.builder.master(f"local-cluster[{WORKERS},1,2048]")
        .appName("tardy")
        .config("spark.executor.memory", "1536m")
        .config("spark.driver.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        # What follows from conditions on long expressions takes minutes to find out, and nothing uses it.
        .config("spark.sql.constraintPropagation.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.compress", "false")
        .config("spark.eventLog.rolling.enabled", "false")
        .config("spark.eventLog.dir", f"file://{events}")
        .getOrCreate()
    )
    context = session.sparkContext
    context.setLogLevel("ERROR")
    session.read.parquet(wanted["folder"]).createOrReplaceTempView("runs")
    times = {}
    for repeat in range(wanted["repeats"]):
        for what, sql in wanted["statements"].items():
            context.setLocalProperty("tardy.what", f"{what} {repeat}")
            start = time.monotonic()
            rows = session.sql(sql).collect()
            times.setdefault(what, []).append({"ms": (time.monotonic() - start) * 1000, "rows": len(rows), "bytes": 0, "cpuMs": 0})
    session.stop()
    stages = {}
    executors = set()
    for line in (line for log in Path(events).rglob("*") if log.is_file() for line in log.open()):
        event = json.loads(line)
        if event["Event"] == "SparkListenerExecutorAdded":
            executors.add(event["Executor ID"])
        if event["Event"] == "SparkListenerJobStart" and "tardy.what" in event["Properties"]:
            for stage in event["Stage IDs"]:
                stages[stage] = event["Properties"]["tardy.what"]
        if event["Event"] == "SparkListenerTaskEnd" and event["Stage ID"] in stages and event.get("Task Metrics"):
            what, repeat = stages[event["Stage ID"]].rsplit(" ", 1)
            metrics = event["Task Metrics"]
            times[what][int(repeat)]["bytes"] += metrics["Input Metrics"]["Bytes Read"]
            times[what][int(repeat)]["cpuMs"] += metrics["Executor CPU Time"] / 1e6
    print(f"{len(executors)} workers", file=sys.stderr)
    print(json.dumps(times))


main()
