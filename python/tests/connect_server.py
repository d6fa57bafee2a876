"""A server of Spark Connect on this machine that knows Cloze; it ends when nobody holds its standard input any more.

    python connect_server.py PORT
"""

import sys

import cloze

settings = {
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": sys.argv[1],
}
spark = cloze.session(**settings)
print("ready", flush=True)
sys.stdin.read()
spark.stop()
