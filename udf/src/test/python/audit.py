"""Reference for the statistics of the nightly audit: reads nights.jsonl, writes the expected results.

    python audit.py FOLDER        (numpy and scipy; a few seconds)

Written for reading, not for speed. Names follow the specification: y, v, v0, tau2, nu, nu_judge, mu, kappa, D, s.
README.md beside nights.jsonl explains the columns and every choice that the formulas leave open.
"""
import csv, datetime, json, math, sys
import numpy as np
from scipy import special

CORPUS = "*"                                            # the whole corpus, judged as one more slice
ALPHA, GAMMA, WINDOW, POOL, CLIP = 0.2, 0.15, 56, 28, 2.5
HUBER = 0.97756                                         # E min(|Z|, 2.5)^2 of a standard normal Z
HOLD, HOLD_P, HOLD_FROM = 7, 1e-4, 14
DRIFT_RATE, WATCH_RATE = 0.01, 0.10
MIN_DOCUMENTS, MIN_POOL, JUDGED_FROM = 10, 3, 7
FORECAST = {"level": .04, "cross-entropy": .04, "length": .08, "volume": .25, "spread": .06, "spike": .3}   # default tau
COUNTS = {"tail": (1, 100), "bad-rows": (.5, 500), "mojibake": (.5, 500), "language": (.5, 100),
          "seen": (.5, 50), "copies": (.5, 50), "line": (.5, 100)}                                          # a0, b0
FLOOR = {"level": .01, "cross-entropy": .01, "length": .03, "volume": .10, "trend": .01}
NAN = math.nan
SUMS = ["rows", "documents", "bad_rows", "sum_c", "sum_c2", "sum_n", "sum_n2", "sum_nll", "sum_n_nll", "sum_nll2",
        "mojibake", "language", "seen", "copies", "line"]


# ---------------------------------------------------------------- inputs

def read(path):
    """dates in order, slices in order of appearance, state[slice][t] (None before the first appearance)."""
    rows = [json.loads(line) for line in open(path)]
    dates = sorted({r["date"] for r in rows})
    slices = list(dict.fromkeys(r["slice"] for r in rows))
    size = 8 + max(r["histogram"]["first"] + len(r["histogram"]["counts"]) for r in rows)

    def state(r):
        h = np.zeros(size, np.int64)
        h[r["histogram"]["first"]:][:len(r["histogram"]["counts"])] = r["histogram"]["counts"]
        return {**{k: r[k] for k in SUMS}, "histogram": h}
    by = {(r["slice"], r["date"]): state(r) for r in rows}
    empty = lambda: {**{k: 0 for k in SUMS}, "histogram": np.zeros(size, np.int64)}
    states = {}
    for s in slices:
        states[s], seen = [], False
        for d in dates:
            x = by.get((s, d))
            seen = seen or (x is not None and x["documents"] > 0)
            states[s].append((x or empty()) if seen else None)
    add = lambda xs: {k: sum((x[k] for x in xs[1:]), xs[0][k]) for k in SUMS + ["histogram"]}
    states[CORPUS] = [add([states[s][t] for s in slices if states[s][t]]) for t in range(len(dates))]
    return dates, slices + [CORPUS], states


# ---------------------------------------------------------------- forecast rules

def border(h, part, whole):
    """first bin in which the cumulated share reaches part/whole, in integers"""
    return int(np.argmax(np.cumsum(h) * whole >= int(h.sum()) * part))


def pooled(states, t):
    """histogram of the last 28 nights before t, or None with fewer than 3 nights with documents"""
    past = [x for x in states[max(0, t - POOL):t] if x and x["documents"] > 0]
    return sum(x["histogram"] for x in past) if len(past) >= MIN_POOL else None


def spike(h, m):
    smooth = np.convolve(m / m.sum(), np.array([1, 2, 3, 2, 1]) / 9, "same") * h.sum()
    return math.log(1 + max(0.0, ((h - smooth) / np.sqrt(smooth + 1)).max()))


def measure(rule, states, t):
    """y and its sampling variance v, or nan where the night has no value"""
    x = states[t]
    if x is None or x["documents"] < (1 if rule == "volume" else MIN_DOCUMENTS):
        return NAN, NAN
    N, n, n2 = x["documents"], x["sum_n"], x["sum_n2"]
    if rule == "level":
        y = x["sum_c"] / N
        return y, max(x["sum_c2"] / N - y * y, 1e-9) / (N - 1)
    if rule == "cross-entropy":
        R = x["sum_nll"] / n
        return R, max(x["sum_nll2"] - 2 * R * x["sum_n_nll"] + R * R * n2, 1e-9) / n ** 2 * N / (N - 1)
    if rule == "length":
        m = n / N
        return math.log(m), max(n2 / N - m * m, 1e-9) / (N * m * m)
    if rule == "volume":
        return math.log(N), 1 / N
    if rule == "spread":
        h = x["histogram"]
        return math.log(max(1, border(h, 9, 10) - border(h, 1, 10)) * 0.02), 1.2 / N
    m = pooled(states, t)
    return (NAN, NAN) if m is None else (spike(x["histogram"], m), 0.0)


def without(E, nights):
    """The errors, those of the nights that are held now left out (rule 15)."""
    E = E.copy()
    E[nights] = NAN
    return E


def own_variance(E, V):
    """tau2_hat: smallest tau2 with mean of min(|e|/sqrt(v+tau2), 2.5)^2 <= 0.97756, by 24 bisections"""
    ok = ~np.isnan(E)
    e, v, n = E[ok], V[ok], int(ok.sum())
    if n == 0:
        return 0.0, 0
    low, high = 0.0, 4 * max((e * e).max(), 1e-12)
    for _ in range(24):
        mid = (low + high) / 2
        if (np.minimum(np.abs(e) / np.sqrt(v + mid + 1e-15), CLIP) ** 2).mean() > HUBER:
            low = mid
        else:
            high = mid
    return high, n


def two_sided(nu, z):
    return 2 * special.stdtr(nu, -abs(z))


def forecast(rule, dates, series, states):
    T, default = len(dates), FORECAST[rule] ** 2
    y, v, E, S_before, steps, rows = {}, {}, {}, {s: {} for s in series}, {s: [] for s in series}, []
    st = {s: dict(L=NAN, S=np.zeros(7), k=0, kd=np.zeros(7), held=[]) for s in series}
    for s in series:
        a = np.array([measure(rule, states[s], t) for t in range(T)])
        y[s], v[s], E[s] = a[:, 0], a[:, 1], np.full(T, NAN)
    for t in range(T):
        d = datetime.date.fromisoformat(dates[t]).weekday()
        own = {s: own_variance(without(E[s], st[s]["held"])[max(0, t - WINDOW):t], v[s][max(0, t - WINDOW):t]) for s in series}
        enough = [a for a, n in own.values() if n >= 14]
        p0 = max(np.median(enough) if len(enough) >= 3 else default, default / 100)
        for s in series:
            q, x = st[s], states[s][t]
            S_before[s][t] = q["S"].copy()
            if math.isnan(y[s][t]):
                continue
            yt, vt, k = y[s][t], v[s][t], q["k"]
            if k == 0:                                                               # first night
                q["L"], q["k"] = yt, 1
                q["kd"][d] += 1
                rows.append(dict(date=dates[t], slice=s, rule=rule, k=0, y=yt, v=vt))
                continue
            N = x["documents"]
            y_hat = q["L"] + q["S"][d]
            e = yt - y_hat
            tau2_hat, n = own[s]
            tau2 = (6 * p0 + n * tau2_hat) / (6 + n)
            nu = min(15 if rule == "spike" else 40, 6 + 0.6 * n)
            # judge, by the variance that "nothing happened" would give
            if rule in ("level", "cross-entropy", "length"):
                w = [v[s][u] * states[s][u]["documents"] for u in range(max(0, t - POOL), t) if not math.isnan(v[s][u])]
                v0 = np.minimum(w, 4 * np.median(w)).mean() / N if w else vt
            else:
                v0 = math.exp(-y_hat) if rule == "volume" else vt
            Ne = x["sum_n"] ** 2 / x["sum_n2"] if rule in ("cross-entropy", "length") else N
            nu_judge = min(nu, (v0 + tau2) ** 2 / (tau2 ** 2 / nu + v0 ** 2 / max(4, Ne / 4)))
            z = e / math.sqrt(v0 + tau2)
            p = special.stdtr(nu_judge, -z) if rule == "spike" else two_sided(nu_judge, z)
            # learn, by tonight's own variance
            E[s][t] = e
            sd, a = math.sqrt(vt + tau2), max(ALPHA, 1 / (k + 1))
            held, adopted = k >= HOLD_FROM and two_sided(nu, e / sd) < HOLD_P, False
            if held:
                q["held"].append(t)
                if len(q["held"]) == HOLD:
                    adopted, step = True, np.mean([E[s][u] for u in q["held"]])
                    q["L"] += step
                    steps[s].append((dates[t], dates[q["held"][0]], step))
                    E[s][q["held"]] = NAN
                    q["held"] = []
            else:
                q["held"] = []
                r = min(max(e, -CLIP * sd), CLIP * sd)
                q["L"] += a * r
                if k >= 7:
                    q["S"][d] += max(GAMMA, 1 / (q["kd"][d] + 3)) * (1 - a) * r
                    mean = q["S"].mean()
                    q["S"] -= mean
                    q["L"] += mean
            q["k"] += 1
            q["kd"][d] += 1
            rows.append(dict(date=dates[t], slice=s, rule=rule, k=k, y=yt, v=vt, y_hat=y_hat, e=e, v0=v0, tau2_hat=tau2_hat,
                             n=n, tau2=tau2, nu=nu, nu_judge=nu_judge, z=z, p=p, held=int(held), adopted=int(adopted)))
    return rows, dict(y=y, S=S_before, steps=steps)


# ---------------------------------------------------------------- count rules

X = np.linspace(-12, 12, 121)
W = (1 + X * X / 20) ** -10.5                                                        # density of t with 20 degrees of freedom
W /= W.sum()


def count(rule, states, t):
    """K of M, or None where the night cannot be judged"""
    x = states[t]
    if x is None:
        return None
    if rule == "bad-rows":
        return (x["bad_rows"], x["rows"]) if x["rows"] > 0 else None
    if x["documents"] == 0:
        return None
    if rule == "tail":
        m = pooled(states, t)
        return None if m is None else (int(x["histogram"][border(m, 99, 100) + 1:].sum()), x["documents"])
    return x[rule], x["documents"]


def count_rule(rule, dates, series, states):
    (a0, b0), decay, rows = COUNTS[rule], 0.5 ** (1 / 28), []
    st = {s: dict(K=0.0, M=0.0, over=0.0, mu2=0.0) for s in series}
    for t in range(len(dates)):
        ratios = [max(0, q["over"]) / q["mu2"] for q in st.values() if q["mu2"] > 50]
        kappa0 = np.median(ratios) if len(ratios) >= 3 else 0.25
        for s in series:
            KM = count(rule, states[s], t)
            if KM is None:
                continue
            q, (K, M) = st[s], KM
            A, B = a0 + q["K"], b0 + q["M"]
            mu = M * A / B
            kappa = max(0.01, (max(0, q["over"]) + 10 * kappa0) / (q["mu2"] + 10))
            s2 = math.log(1 + kappa)
            lam = mu * np.exp(math.sqrt(s2) * X - s2 / 2)
            x = lam / (A + lam)
            p = p_up = float((W * special.betainc(K, A, x)).sum()) if K > 0 else 1.0
            if rule == "tail":
                p_low = float((W * special.betaincc(K + 1, A, x)).sum())
                p = min(1.0, 2 * min(p_up, p_low))
            rows.append(dict(date=dates[t], slice=s, rule=rule, K=K, M=M, A=A, mu=mu, kappa=kappa, p=p))
            sd = math.sqrt(mu + kappa * mu * mu)
            Kc = min(max(K, mu - 4 * sd), mu + 4 * sd)
            q["K"], q["M"] = decay * q["K"] + Kc, decay * q["M"] + M
            q["over"], q["mu2"] = decay * q["over"] + (Kc - mu) ** 2 - mu, decay * q["mu2"] + mu * mu
    return rows


# ---------------------------------------------------------------- slow drift

def trend(dates, series, level):
    """D of every calendar day from the slice's 35th on; judged on the nights of the history"""
    y, S_before, steps = level["y"], level["S"], level["steps"]
    ordinal = lambda d: datetime.date.fromisoformat(d).toordinal()
    day = {d: ordinal(d) for d in dates}
    index = {day[d]: t for t, d in enumerate(dates)}
    D, rows = {s: {} for s in series}, []
    for s in series:
        value = {u: y[s][t] for u, t in index.items() if not math.isnan(y[s][t])}
        first = min(value)
        for u in range(first + 34, day[dates[-1]] + 1):
            base = min(56, (u - 6 - first) // 7 * 7)
            new, old = range(u - 6, u + 1), range(u - 6 - base, u - 6)
            have_new, have_old = [i for i in new if i in value], [i for i in old if i in value]
            if len(have_new) < 5 or 7 * len(have_old) < 5 * base:
                continue
            S = np.zeros(7)
            if len(have_new) < 7 or len(have_old) < base:                            # gaps: take the weekday's habit off
                S = S_before[s][min(t for i, t in index.items() if i >= u)]          # as known before day u
            moved = [(ordinal(since), step) for adopted, since, step in steps[s] if ordinal(adopted) < u]
            f = lambda days: np.mean([value[i] - S[datetime.date.fromordinal(i).weekday()]
                                      + sum(step for since, step in moved if i < since) for i in days])
            D[s][u] = f(have_new) - f(have_old)
    for t, date in enumerate(dates):
        u = day[date]
        past = {s: [D[s][i] for i in range(u - 7, u - 7 * 26 - 1, -7) if i in D[s]] for s in series}
        own = [np.mean(np.square(a)) for a in past.values() if len(a) >= 3]
        p0 = np.median(own) if own else 0.03 ** 2
        for s in series:
            if u not in D[s] or math.isnan(y[s][t]):
                continue
            a, n = np.array(past[s]), len(past[s])
            m = math.sqrt((8 * p0 + np.square(a).sum()) / (8 + n))
            sd = math.sqrt((8 * p0 + np.square(np.clip(a, -CLIP * m, CLIP * m)).sum()) / (8 + n))
            nu = 8 + 0.7 * n
            rows.append(dict(date=date, slice=s, rule="trend", D=D[s][u], s=sd, n=n, nu=nu, z=D[s][u] / sd,
                             p=two_sided(nu, D[s][u] / sd)))
    return rows


# ---------------------------------------------------------------- verdict

def benjamini_hochberg(p, q):
    order = np.argsort(p, kind="stable")
    passed = np.nonzero(np.asarray(p)[order] <= q * np.arange(1, len(p) + 1) / len(p))[0]
    return set(order[:passed[-1] + 1].tolist()) if len(passed) else set()


def absolute(dates, series, states, t):
    """(slice, rule, state) without any statistics"""
    out = []
    key = lambda x: tuple(x[k] for k in SUMS[:10]) + (x["histogram"].tobytes(),)
    for s in series:
        x = states[s][t]
        if x is None:
            continue
        if s == CORPUS and x["documents"] == 0:
            out.append((s, "empty", "drift"))
        if s != CORPUS and x["documents"] > 0 and t > 0 and states[s][t - 1] is None:
            out.append((s, "new-slice", "watch"))
        before = states[s][max(0, t - 7):t]
        if s != CORPUS and x["documents"] == 0 and len(before) == 7 and all(b and b["documents"] > 0 for b in before):
            out.append((s, "vanished", "drift"))
        if x["bad_rows"] > 0.05 * x["rows"] and x["bad_rows"] >= 3:
            out.append((s, "bad-rows-limit", "drift"))
        if x["documents"] >= 30 and any(b and key(b) == key(x) for b in states[s][:t]):
            out.append((s, "same-data-again", "drift"))
        if x["seen"] > 0.5 * x["documents"]:
            out.append((s, "seen-limit", "drift"))
    return out


def verdicts(dates, series, states, tests):
    decisions, nights, sizes = [], [], {}
    by = {d: [] for d in dates}
    for r in tests:
        if "p" in r:
            by[r["date"]].append(r)
    for t, date in enumerate(dates):
        family = by[date]
        p = [r["p"] for r in family]
        drift, watch = benjamini_hochberg(p, DRIFT_RATE), benjamini_hochberg(p, WATCH_RATE)
        found = [dict(date=date, slice=s, rule=rule, p=0.0, state=state, why="absolute", z=math.inf)
                 for s, rule, state in absolute(dates, series, states, t)]
        for i in sorted(watch | drift):
            r = family[i]
            age = sum(1 for x in states[r["slice"]][:t] if x and x["documents"] > 0)
            z = r["z"] if "z" in r else (r["K"] - r["mu"]) / math.sqrt(r["mu"] + r["kappa"] * r["mu"] ** 2)
            size = abs(r.get("e", r.get("D", 0.0)))
            small = abs(r["K"] - r["mu"]) < 3 if "K" in r else size < FLOOR.get(r["rule"], 0)
            state, why = "watch", "watch-rate"
            if i in drift:
                state, why = ("watch", "young") if age < JUDGED_FROM else ("watch", "floor") if small else ("drift", "drift-rate")
            found.append(dict(date=date, slice=r["slice"], rule=r["rule"], p=r["p"], state=state, why=why, z=z))
        found.sort(key=lambda f: (f["slice"] == CORPUS, f["state"] != "drift", f["p"], -abs(f["z"])))
        for rank, f in enumerate(found, 1):
            f["rank"] = rank
        decisions += found
        warm = any(r["rule"] in FORECAST and r["k"] >= 14 for r in family)
        verdict = ("drift" if any(f["state"] == "drift" for f in found) else "watch" if found
                   else "ok" if warm else "warming-up")
        sizes[date] = len(family)
        nights.append(dict(date=date, tests=len(family), drift=sum(f["state"] == "drift" for f in found),
                           watch=sum(f["state"] == "watch" for f in found), verdict=verdict,
                           first_slice=found[0]["slice"] if found else "", first_rule=found[0]["rule"] if found else ""))
    return decisions, nights, sizes


def bands(rows, sizes):
    """the range that is shown, and the change that would be noticed with a power of 80 %"""
    out = []
    for r in rows:
        if "p" in r:
            crit = special.stdtrit(r["nu_judge"], 1 - DRIFT_RATE / sizes[r["date"]] / 2)
            sd = math.sqrt(r["v0"] + r["tau2"])
            out.append(dict(date=r["date"], slice=r["slice"], rule=r["rule"], tests=sizes[r["date"]], t_crit=crit,
                            low=r["y_hat"] - crit * sd, high=r["y_hat"] + crit * sd, would_notice=(crit + 0.84) * sd))
    return out


# ---------------------------------------------------------------- decomposition

def decomposition(dates, series, states):
    rows, slices = [], [s for s in series if s != CORPUS]
    for t in range(1, len(dates)):
        pool = {s: [sum(x[k] for x in states[s][max(0, t - POOL):t] if x) for k in ("sum_n", "sum_nll")] for s in slices}
        now = {s: [(states[s][t] or {}).get(k, 0) for k in ("sum_n", "sum_nll")] for s in slices}
        (T, X0), (T1, X1) = (tuple(map(sum, zip(*a.values()))) for a in (pool, now))
        C, C1 = X0 / T, X1 / T1
        for s in slices:
            (n, x), (n1, x1) = pool[s], now[s]
            if n == 0 and n1 == 0:
                continue
            w, w1 = n / T, n1 / T1
            c, c1 = (x / n if n else x1 / n1), (x1 / n1 if n1 else x / n)
            rows.append(dict(date=dates[t], slice=s, w=w, w1=w1, c=c, c1=c1, mix=(w1 - w) * ((c + c1) / 2 - (C + C1) / 2),
                             within=(w + w1) / 2 * (c1 - c), total=C1 - C))
    return rows


# ---------------------------------------------------------------- all of it

def evaluate(dates, series, states):
    forecasts, level = [], None
    for rule in FORECAST:
        rows, learned = forecast(rule, dates, series, states)
        forecasts += rows
        level = learned if rule == "level" else level
    counts = [r for rule in COUNTS for r in count_rule(rule, dates, series, states)]
    trends = trend(dates, series, level)
    decisions, nights, sizes = verdicts(dates, series, states, forecasts + counts + trends)
    return dict(forecast=forecasts, counts=counts, trend=trends, decisions=decisions, nights=nights,
                bands=[b for b in bands(forecasts, sizes) if b["rule"] == "level"],
                decomposition=decomposition(dates, series, states))


COLUMNS = dict(
    forecast="date slice rule k y v y_hat e v0 tau2_hat n tau2 nu nu_judge z p held adopted",
    counts="date slice rule K M A mu kappa p", trend="date slice D s n nu z p",
    decisions="date rank slice rule p state why", nights="date tests drift watch verdict first_slice first_rule",
    bands="date slice tests t_crit low high would_notice", decomposition="date slice w w1 c c1 mix within total")


def main(folder):
    for name, rows in evaluate(*read(f"{folder}/nights.jsonl")).items():
        with open(f"{folder}/expected-{name}.csv", "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(COLUMNS[name].split())
            for r in rows:
                out.writerow([repr(float(x)) if isinstance(x, float) else x for x in (r.get(c, "") for c in COLUMNS[name].split())])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".")
