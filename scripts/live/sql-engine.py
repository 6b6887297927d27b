"""Runs SQL on an engine that has a Python package: reads {"sql"} on each line of its input, writes {"rows"} or {"error"}.

The argument names the engine; a second one is where it listens, for a server.
"""

import json
import os
import sys
import tempfile


def mysql(where):
    import pymysql

    connection = pymysql.connect(unix_socket=where, user="root", database="tardy", charset="utf8mb4", autocommit=True)

    def run(sql):
        with connection.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    return run


def clickhouse(_):
    from chdb import session

    engine = session.Session()

    def run(sql):
        if not sql.lstrip().lower().startswith("select"):
            engine.query(sql)
            return []
        text = engine.query(sql, "JSONEachRow").bytes().decode()
        return [json.loads(line) for line in text.splitlines()]

    return run


def spark(_):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        # What follows from conditions on long expressions takes minutes to find out, and nothing uses it.
        .config("spark.sql.constraintPropagation.enabled", "false")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.warehouse.dir", tempfile.mkdtemp(prefix="tardy-spark-"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return lambda sql: [row.asDict() for row in session.sql(sql).collect()]


def trino(where):
    import trino as client

    connection = client.dbapi.connect(host="127.0.0.1", port=int(where), user="tardy", catalog="memory", schema="default")

    def run(sql):
        cursor = connection.cursor()
        cursor.execute(sql)
        rows = cursor.fetchall()
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row)) for row in rows]

    return run


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What an engine prints must not get among the answers.
    engine = {"mysql": mysql, "clickhouse": clickhouse, "spark": spark, "trino": trino}[sys.argv[1]]
    run = engine(sys.argv[2] if len(sys.argv) > 2 else None)
    for line in sys.stdin:
        try:
            answer = {"rows": list(run(json.loads(line)["sql"]))}
        except Exception as error:  # pylint: disable=broad-except
            answer = {"error": f"{type(error).__name__}: {error}"}
        out.write(json.dumps(answer, default=str) + "\n")
        out.flush()


main()
