package dev.cloze.executor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/**
 * Where things stand in a row that comes in: carried columns, of which the first is the id, notes for the task, the text, the
 * second sentence, and why the row could not be read.
 *
 * @param carried number of columns that go out as they came
 * @param notes names of the notes, in the order of their columns
 * @param lists whether each of them is an array
 */
record RowLayout(int carried, List<String> notes, List<Boolean> lists) {
    /** What the name of a note's column begins with. */
    static final String NOTE = "cloze_note_";

    private static final int TEXT_PAIR_PROBLEM = 3;

    static RowLayout of(StructType schema) {
        List<String> notes = new ArrayList<>();
        List<Boolean> lists = new ArrayList<>();
        for (var field : schema.fields()) {
            if (field.name().startsWith(NOTE)) {
                notes.add(field.name().substring(NOTE.length()));
                lists.add(field.dataType() instanceof ArrayType);
            }
        }
        return new RowLayout(schema.size() - TEXT_PAIR_PROBLEM - notes.size(), notes, lists);
    }

    int text() {
        return carried + notes.size();
    }

    /** The notes of {@code row} that are not null. */
    Map<String, Object> notes(Row row) {
        Map<String, Object> found = new HashMap<>();
        for (int i = 0; i < notes.size(); i++) {
            if (!row.isNullAt(carried + i)) {
                found.put(notes.get(i), lists.get(i) ? row.getList(carried + i) : row.get(carried + i));
            }
        }
        return found;
    }
}
