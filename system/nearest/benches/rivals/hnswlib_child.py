"""Serves hnswlib over stdin and stdout; every response is one line of numbers."""

import sys
import time

import hnswlib
import numpy

path = sys.argv[1]
rows, dimension, m, ef_construction, k, ef = map(int, sys.argv[2:])
data = numpy.memmap(path, dtype=numpy.float32, mode="r").reshape(-1, dimension)
queries = numpy.array(data[rows:])
# Rows are unit vectors, so the inner product is the cosine and needs no normalization.
index = hnswlib.Index(space="ip", dim=dimension)


def anonymous_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024


def build(threads):
    before = anonymous_bytes()
    index.init_index(max_elements=rows, M=m, ef_construction=ef_construction, random_seed=100)
    index.set_ef(ef)
    begin, processor = time.perf_counter(), time.process_time()
    index.add_items(data[:rows], num_threads=threads)
    return [
        time.perf_counter() - begin,
        anonymous_bytes() - before,
        time.process_time() - processor,
    ]


def times(start, end):
    answers = []
    for query in queries[start:end]:
        begin = time.perf_counter_ns()
        index.knn_query(query, k=k, num_threads=1)
        answers.append((time.perf_counter_ns() - begin) / 1e6)
    return answers


def throughput(threads):
    begin = time.perf_counter()
    done = 0
    while time.perf_counter() - begin < 2:
        index.knn_query(queries, k=k, num_threads=threads)
        done += len(queries)
    return [done / (time.perf_counter() - begin)]


for line in sys.stdin:
    command, *arguments = line.split()
    arguments = [int(argument) for argument in arguments]
    if command == "build":
        answer = build(*arguments)
    elif command == "labels":
        answer = index.knn_query(queries, k=k)[0].ravel()
    elif command == "time":
        answer = times(*arguments)
    elif command == "throughput":
        answer = throughput(*arguments)
    print(*answer, flush=True)
