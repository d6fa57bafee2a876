package dev.cloze.augment;

import dev.cloze.augment.Change.Unit;
import dev.cloze.augment.Rules.Repeats;
import dev.cloze.mask.WindowShare;
import dev.cloze.model.Prediction;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One try at a candidate: places are drawn, and filled turn by turn and piece by piece. A turn's places are masked together, and
 * their first pieces are found in one run of the model, then their second ones.
 */
final class Attempt {
    private final Source source;
    private final Stages stages;
    private final CandidateFilter filter;
    private final Draws draws;
    private final List<Slot> slots;
    private final List<List<Slot>> turns;
    private int waiting;

    Attempt(Source source, Stages stages, CandidateFilter filter, Draws draws) {
        this.source = source;
        this.stages = stages;
        this.filter = filter;
        this.draws = draws;
        this.slots = source.places().choose(source.task().amount(), draws).stream()
                .map(place -> source.slot(place, draws))
                .toList();
        this.turns = source.task().change().order() == Change.Order.SIMULTANEOUS
                ? List.of(slots)
                : slots.stream().map(List::of).toList();
    }

    int variant() {
        return draws.variant();
    }

    void start() {
        begin(0);
    }

    private void begin(int turn) {
        if (turn < turns.size()) {
            turns.get(turn).forEach(Slot::open);
            fill(turn, 0);
        }
    }

    private void fill(int turn, int piece) {
        Map<Integer, List<Slot>> byWindow = turns.get(turn).stream()
                .filter(slot -> slot.wants(piece))
                .collect(Collectors.groupingBy(
                        slot -> source.shareOf(slot.place().first()).number(), TreeMap::new, Collectors.toList()));
        if (byWindow.isEmpty()) {
            begin(turn + 1);
            return;
        }
        waiting = byWindow.size();
        int topK = source.task().sampling().asked(source.model().vocabularySize());
        byWindow.values().forEach(wanted -> {
            WindowShare share = source.shareOf(wanted.get(0).place().first());
            MaskedWindow masked =
                    MaskedWindow.of(share.window(), slots, source.model().maskId());
            stages.ask(masked.ask(wanted, piece, topK), predictions -> {
                take(wanted, piece, predictions);
                waiting--;
                if (waiting == 0) {
                    fill(turn, piece + 1);
                }
            });
        });
    }

    private void take(List<Slot> wanted, int piece, List<Prediction> predictions) {
        for (int i = 0; i < wanted.size(); i++) {
            Slot slot = wanted.get(i);
            List<TokenCandidate> candidates = filter.candidates(predictions.get(i), slot, piece);
            double uniform = draws.token(slot.place().first(), piece);
            Optional<TokenCandidate> found = source.task().sampling().pick(candidates, slot.logProbability(), uniform);
            found.ifPresentOrElse(slot::add, slot::giveUp);
        }
    }

    /** Words that were found together do not know of each other. */
    private static boolean hasTwins(List<Edit> edits) {
        return edits.stream()
                        .map(edit -> edit.replacement().strip().toLowerCase(Locale.ROOT))
                        .distinct()
                        .count()
                < edits.size();
    }

    /** What came of it; none when too few words were found. */
    Optional<Rewrite> rewrite() {
        List<Edit> edits = slots.stream()
                .filter(Slot::isFilled)
                .map(slot -> slot.edit(source.text(), source.task().change().capitals()))
                .toList();
        if (edits.isEmpty()
                || edits.size() < Math.min(slots.size(), source.task().amount().min())) {
            return Optional.empty();
        }
        if (source.rules().repeats() == Repeats.REFUSED
                && source.task().change().unit() == Unit.WORD
                && hasTwins(edits)) {
            return Optional.empty();
        }
        Rewrite made = Rewrite.original(source.text());
        return Optional.of(new Rewrite(variant(), Edit.apply(made.text(), edits), edits, made.pllChange()));
    }
}
