"""The common workload on SimPy, as its documentation writes processes and resources.

Answers each line on the standard input, `simpy WRITES`, with a line of JSON.
"""

import json
import random
import sys
import time

import simpy


def write(env, s1, s2, random_ms, sums):
    called = env.now
    yield env.timeout(random_ms(5))
    with s1.request() as turn:
        yield turn
        yield env.timeout(random_ms(0.5))
    yield env.timeout(random_ms(5))
    with s2.request() as turn:
        yield turn
        yield env.timeout(random_ms(0.5))
    yield env.timeout(random_ms(5))
    yield env.timeout(random_ms(5))
    sums.append(env.now - called)


def writers(env, writes, s1, s2, random_ms, sums):
    for _ in range(writes):
        yield env.timeout(random_ms(1))
        env.process(write(env, s1, s2, random_ms, sums))


def run(writes):
    env = simpy.Environment()
    s1, s2 = simpy.Resource(env), simpy.Resource(env)
    luck = random.Random(1)
    sums = []
    env.process(writers(env, writes, s1, s2, lambda mean: luck.expovariate(1 / mean), sums))
    env.run()
    return sum(sums) / len(sums)


for line in sys.stdin:
    start = time.perf_counter()
    mean = run(int(line.split()[1]))
    ms = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": ms, "check": f"{mean:.6f}", "faults": []}), flush=True)
