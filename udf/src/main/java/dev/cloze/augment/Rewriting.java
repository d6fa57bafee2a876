package dev.cloze.augment;

import dev.cloze.augment.Checks.Figures;
import dev.cloze.augment.Rewrites.Shortfall;
import dev.cloze.augment.SentenceCheck.Sentences;
import dev.cloze.augment.Supply.Originals;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Plan;
import dev.cloze.scoring.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A document's candidates in rounds: what a round could not make is tried again with other draws in the next one. A round makes all
 * that is missing at once, then drops in the order of the variants what repeats another candidate or fails a check.
 */
final class Rewriting {
    private final Source source;
    private final int wanted;
    private final Stages stages = new Stages();
    private final CandidateFilter filter;
    private final Measures measures;
    private final TreeMap<Integer, Rewrite> made = new TreeMap<>();
    private final Map<String, Integer> failures = new LinkedHashMap<>();

    Rewriting(Source source, int wanted) {
        Augment task = source.task();
        this.source = source;
        this.wanted = wanted;
        this.filter = new CandidateFilter(
                source.model().tokenizer(),
                task.change(),
                source.rules(),
                source.places().present(),
                task.sampling().topK());
        this.measures = new Measures(source, stages);
    }

    Plan<Rewrites> plan() {
        if (!source.places().eligible().isEmpty()) {
            stages.then(() -> round(0));
        }
        return new Plan<>(stages, () -> Outcome.of(rewrites()));
    }

    private void round(int number) {
        List<Attempt> attempts = new ArrayList<>();
        start(1, number, attempts);
        stages.then(() -> weigh(attempts, number));
    }

    /** Starts one attempt at a time, when the queries of those before it were asked: there may be thousands. */
    private void start(int from, int number, List<Attempt> attempts) {
        source.model().requireNotCancelled();
        int variant = from;
        while (variant <= wanted && made.containsKey(variant)) {
            variant++;
        }
        if (variant > wanted) {
            return;
        }
        Draws draws = new Draws(
                source.task().supply().seed(), source.document().document().id(), variant, number);
        Attempt attempt = new Attempt(source, stages, filter, draws);
        attempts.add(attempt);
        attempt.start();
        int next = variant + 1;
        stages.askLater(() -> start(next, number, attempts));
    }

    /** Asks for what the checks read of candidates that nobody else made. */
    private void weigh(List<Attempt> attempts, int number) {
        Set<String> texts = made.values().stream().map(Rewrite::text).collect(Collectors.toCollection(HashSet::new));
        texts.add(source.text());
        List<Rewrite> fresh = new ArrayList<>();
        for (Attempt attempt : attempts) {
            source.model().requireNotCancelled();
            Optional<Rewrite> rewrite = attempt.rewrite();
            if (rewrite.isEmpty()) {
                failures.merge("found no word that passes the filters", 1, Integer::sum);
            } else if (texts.add(rewrite.get().text())) {
                fresh.add(rewrite.get());
            } else {
                failures.merge("repeated another candidate", 1, Integer::sum);
            }
        }
        if (source.task().needsHiddenStates()) {
            fresh.forEach(rewrite -> measures.describe(rewrite.text()));
        }
        stages.then(() -> settle(fresh, number));
    }

    private void settle(List<Rewrite> fresh, int number) {
        for (Rewrite rewrite : fresh) {
            source.model().requireNotCancelled();
            Optional<String> refused = refused(rewrite);
            refused.ifPresentOrElse(
                    check -> failures.merge("failed " + check, 1, Integer::sum),
                    () -> made.put(rewrite.variant(), rewrite));
        }
        if (made.size() < wanted && number + 1 < Draws.ATTEMPTS) {
            stages.then(() -> round(number + 1));
        } else if (source.task().checks().figures() == Figures.PLL_CHANGE) {
            made.values().forEach(rewrite -> measures.score(rewrite.text()));
        }
    }

    /** The check that does not accept it. */
    private Optional<String> refused(Rewrite rewrite) {
        for (SentenceCheck check : measures.checks()) {
            OptionalDouble similarity =
                    check.readsSimilarity() ? measures.similarity(rewrite.text()) : OptionalDouble.empty();
            if (!check.accepts(new Sentences(source.text(), rewrite.text(), rewrite.edits(), similarity))) {
                return Optional.of(check.name());
            }
        }
        return Optional.empty();
    }

    private Rewrites rewrites() {
        List<Rewrite> all = new ArrayList<>();
        if (source.task().supply().originals() == Originals.INCLUDED) {
            all.add(Rewrite.original(source.text()));
        }
        made.values().forEach(rewrite -> all.add(rewrite.with(measures.change(rewrite.text()))));
        return new Rewrites(all, made.size() < wanted ? Optional.of(shortfall()) : Optional.empty());
    }

    private Shortfall shortfall() {
        Status status = made.isEmpty() ? Status.NO_CANDIDATE : Status.FEW_VARIANTS;
        if (source.places().eligible().isEmpty()) {
            return new Shortfall(
                    status,
                    "Cannot augment the text: "
                            + nothingToChange(source.places().words()));
        }
        String why = failures.entrySet().stream()
                .map(failure -> failure.getValue() + " " + failure.getKey())
                .collect(Collectors.joining(", "));
        int tries = failures.values().stream().mapToInt(Integer::intValue).sum();
        return new Shortfall(
                status,
                "Cannot make " + (wanted - made.size()) + " of " + wanted + " variants: of " + tries
                        + " tries that failed " + why
                        + "; loosen the filters, raise --top-k or --share, or ask for fewer --variants");
    }

    private static String nothingToChange(int words) {
        return switch (words) {
            case 0 -> "there is no word in it; leave the row out";
            case 1 -> "its only word may not be changed; loosen the filters, or leave the row out";
            default -> "none of its " + words + " words may be changed; loosen the filters, or leave the row out";
        };
    }
}
