package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.text.TokenizedDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** What the model reads of a window while places of it are open. */
final class MaskedWindow {
    private final TokenizedDocument document;
    private final long maskId;
    private final LongStream.Builder ids = LongStream.builder();
    private final LongStream.Builder types = LongStream.builder();
    private final Map<Slot, Integer> starts = new HashMap<>();
    private int length;

    private MaskedWindow(TokenizedDocument document, long maskId) {
        this.document = document;
        this.maskId = maskId;
    }

    /** The window as {@code slots}, in the order of the text, change it. */
    static MaskedWindow of(Window window, List<Slot> slots, long maskId) {
        MaskedWindow masked = new MaskedWindow(window.document(), maskId);
        Map<Integer, Slot> changed = new HashMap<>();
        slots.stream()
                .filter(Slot::isChanged)
                .forEach(slot -> changed.put(slot.place().first(), slot));
        int gone = -1;
        for (int position : window.kept()) {
            Slot slot = changed.get(position);
            if (slot != null) {
                masked.append(slot);
                gone = slot.action() == Action.REPLACE ? slot.place().last() : gone;
            }
            if (position > gone) {
                masked.append(position, masked.document.ids()[position]);
            }
        }
        return masked;
    }

    private void append(Slot slot) {
        starts.put(slot, length);
        for (long id : slot.ids(maskId)) {
            append(slot.place().first(), id);
        }
    }

    private void append(int position, long id) {
        ids.add(id);
        types.add(document.typeIds()[position]);
        length++;
    }

    /** Asks for the most probable tokens at piece {@code piece} of {@code wanted}. */
    Variant ask(List<Slot> wanted, int piece, int topK) {
        int[] positions =
                wanted.stream().mapToInt(slot -> starts.get(slot) + piece).toArray();
        return new Variant(
                ids.build().toArray(), types.build().toArray(), positions, topK, new long[positions.length][0]);
    }
}
